"""Names of fields are plain: conditions read them, and one name makes a case unrestorable."""

from __future__ import annotations

import re

from engine.check.registry import Report, form_rule
from engine.check.rules.form_schema import fields
from engine.check.whole import FormFile, Whole
from engine.messages import N_


@form_rule("form-field-names")
def check(form: FormFile, whole: Whole, report: Report) -> None:
    """Refuse `typename` and names that are no lower-case English words."""
    for path, _ in fields(form.schema, ""):
        name = path.rpartition(".")[2]
        if not name or (name != "typename" and re.fullmatch(r"[a-z][a-z0-9_]*", name)):
            continue
        report.at(
            path,
            form.line_of(name),
            N_("Имя поля «{name}» не годится."),
            N_("Имя пишется строчными латинскими буквами, цифрами и _; typename занято."),
            name=name,
        )
