"""Which events wait for or throw what: the library lets most others pass as plain events."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place
from engine.diagram import EVENTS, Node
from engine.messages import N_

_ALLOWED = {
    "startEvent": frozenset({""}),
    "endEvent": frozenset({"", "error", "terminate", "escalation"}),
    "boundaryEvent": frozenset({"timer", "error", "escalation"}),
    "intermediateCatchEvent": frozenset({"timer", "message"}),
    "intermediateThrowEvent": frozenset({"", "escalation"}),
}
_CURES = {
    "signal": N_("Сигналы не доставляются: нарисуйте поток или вызов подпроцесса."),
    "link": N_("Соедините элементы потоком управления."),
    "compensate": N_("Нарисуйте отмену обычными задачами."),
    "message": N_(
        "Сообщение связанного дела ловит промежуточное событие; всё прочее отмечает человек (задача пользователя), "
        "отправку делает служебная задача."
    ),
    "conditional": N_("Проверьте условие развилкой после задачи, которая пишет данные."),
    "cancel": N_("Возьмите событие ошибки."),
    "timer": N_("Таймер бывает граничным или промежуточным событием ожидания."),
    "error": N_("Ошибку ловит граничное событие служебной задачи или подпроцесса, бросает конечное событие."),
    "terminate": N_("Прекращение бывает только конечным событием."),
    "escalation": N_("Эскалацию бросает промежуточное или конечное событие, ловит граничное."),
    "reference": N_("Запишите определение события прямо в событии: eventDefinitionRef не исполняется."),
    "": N_("Укажите у события таймер, сообщение, ошибку или эскалацию."),
}


@node_rule("event-definition")
def check(node: Node, place: Place, report: Report) -> None:
    """Refuse definitions that do not run where they stand, and events that have several."""
    if node.kind not in EVENTS:
        return
    if len(node.events) > 1 or node.attributes.get("parallelMultiple") == "true":
        message = N_("У события несколько определений; исполнилось бы одно.")
        report(node, message, N_("Нарисуйте отдельное событие для каждого."))
        return
    kind = node.events[0].kind if node.events else ""
    if kind in _ALLOWED[node.kind]:
        return
    cure = _CURES.get(kind, N_("Такого определения события нет в BPMN 2.0; удалите его."))
    report(node, N_("{kind} с определением «{event}» не исполняется."), cure, kind=node.kind, event=kind or "—")
