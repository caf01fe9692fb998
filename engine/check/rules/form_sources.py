"""x-from, x-role and x-requirements of a form name what exists."""

from __future__ import annotations

from engine.check.registry import Report, form_rule
from engine.check.rules.form_schema import fields
from engine.check.whole import FormFile, Whole, nearest
from engine.messages import N_


@form_rule("form-sources")
def check(form: FormFile, whole: Whole, report: Report) -> None:
    """Refuse roles, requirements and case-data paths that nobody knows."""
    for path, schema in fields(form.schema, ""):
        if not schema.keys() & {"x-role", "x-from", "x-requirements"}:
            continue
        line = form.line_of(path.rpartition(".")[2])
        role, source = schema.get("x-role"), schema.get("x-from")
        if role is not None and role not in whole.context.roles:
            cure = N_("Возьмите роль из profile.toml (похоже на «{nearest}»).")
            report.at(
                path, line, N_("Роли «{role}» нет."), cure, role=role, nearest=nearest(str(role), whole.context.roles)
            )
        if source is not None and whole.places and not whole.written.is_known_anywhere(str(source)):
            near = nearest(str(source), whole.written.suggestions())
            cure = N_("Проверьте путь (похоже на «{nearest}»).")
            report.at(path, line, N_("«{source}» никто не записывает."), cure, source=source, nearest=near)
        for requirement in schema.get("x-requirements", ()):
            if requirement in whole.context.requirements:
                continue
            near = nearest(str(requirement), whole.context.requirements)
            message = N_("Требования «{requirement}» нет в requirements.csv.")
            cure = N_("Исправьте номер (похоже на «{nearest}»).")
            report.at(path, line, message, cure, requirement=requirement, nearest=near)
