"""A task signs documents that somebody has made before it."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place, nearest
from engine.check.written import DOCUMENT, field_schema
from engine.conditions import ConditionError, parse
from engine.diagram import Node
from engine.messages import N_


@node_rule("signs")
def check(node: Node, place: Place, report: Report) -> None:
    """Refuse signing what no handler makes before the task, signing without a person, and a condition that is none."""
    kinds = node.properties.get("signs", "").split()
    if (kinds or "signs_when" in node.properties) and node.kind != "userTask":
        cure = N_("Перенесите «signs» на задачу пользователя: подписывает человек.")
        report(node, N_("Подпись стоит не на задаче пользователя."), cure)
        return
    written = place.whole.written
    for kind in kinds:
        if written.is_known(place, node, f"{DOCUMENT}{kind}"):
            continue
        message = N_("Задача подписывает документ «{kind}», но до неё его никто не составляет.")
        cure = N_("Поставьте раньше служебную задачу, которая его составит, или проверьте имя (похоже на «{nearest}»).")
        report(node, message, cure, kind=kind, nearest=nearest(kind, written.kinds()))
    _judge_condition(node, place, report, has_kinds=bool(kinds))


def _judge_condition(node: Node, place: Place, report: Report, *, has_kinds: bool) -> None:
    condition = node.properties.get("signs_when")
    if condition is None:
        return
    if not has_kinds:
        cure = N_("Назовите документы в свойстве «signs» или удалите условие.")
        report(node, N_("Есть условие подписи «signs_when», но подписывать нечего."), cure)
    try:
        names = parse(condition).names()
    except ConditionError as error:
        facts = {**error.facts, "condition": condition[:120]}
        report.at(node.id, node.line, error.template, N_("Исправьте условие подписи: {condition}"), **facts)
        return
    form = node.properties.get("formJsonSchemaFilename", "")
    schema = place.whole.forms.get(form)
    for name in sorted(names) if schema is not None else ():
        if field_schema(schema, name.split(".")) is None:
            cure = N_("Условие подписи смотрит на поля формы самой задачи: исправьте имя.")
            report(node, N_("В форме «{form}» нет поля «{name}»."), cure, form=form, name=name)
