"""Requirements that handlers name are rows of requirements.csv."""

from __future__ import annotations

from engine.check.registry import Report, set_rule
from engine.check.whole import Whole, nearest
from engine.messages import N_


@set_rule("handler-requirements")
def check(whole: Whole, report: Report) -> None:
    """Refuse unknown ids of requirements in handlers."""
    for name, handler in sorted(whole.context.signatures.items()):
        for requirement in handler.requirements:
            if requirement in whole.context.requirements:
                continue
            report.within(f"handlers/{name.rpartition('.')[0]}.py").at(
                name,
                0,
                N_("Требования «{requirement}» нет в requirements.csv."),
                N_("Исправьте номер (похоже на «{nearest}»)."),
                requirement=requirement,
                nearest=nearest(requirement, whole.context.requirements),
            )
