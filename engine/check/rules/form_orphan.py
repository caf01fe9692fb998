"""Forms that no diagram uses."""

from __future__ import annotations

from pathlib import PurePosixPath

from engine.check.registry import Report, set_rule
from engine.check.whole import Whole
from engine.messages import N_


@set_rule("form-orphan", "warning")
def check(whole: Whole, report: Report) -> None:
    """Warn of forms that are left over."""
    if not whole.is_complete:
        return
    used = {node.properties.get("formJsonSchemaFilename") for place in whole.all_places for node in place.process.nodes}
    for form in whole.form_files:
        name = PurePosixPath(form.path).name
        if name in used:
            continue
        report.within(form.path).at(
            "", 1, N_("Форму «{form}» не использует ни одна схема."), N_("Удалите её или назовите в задаче."), form=name
        )
