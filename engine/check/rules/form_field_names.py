"""Names of fields are plain: conditions read them, and one name makes a case unrestorable."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from engine.check.registry import Report, form_rule
from engine.check.rules.form_schema import fields
from engine.check.whole import FormFile, Whole
from engine.messages import N_


@form_rule("form-field-names")
def check(form: FormFile, whole: Whole, report: Report) -> None:
    """Refuse `typename` and names that are no lower-case English words, of fields and of the file."""
    for path, _ in fields(form.schema, ""):
        name = path.rpartition(".")[2] or PurePosixPath(form.path).stem
        if name != "typename" and re.fullmatch(r"[a-z][a-z0-9_]*", name):
            continue
        report.at(
            path,
            form.line_of(name),
            N_("Имя поля или файла формы «{name}» не годится."),
            N_("Имя пишется строчными латинскими буквами, цифрами и _; typename занято."),
            name=name,
        )
