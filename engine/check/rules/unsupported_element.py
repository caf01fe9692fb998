"""Elements of BPMN that the library takes for something else, or that no part of the engine runs."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place
from engine.diagram import CHOREOGRAPHY, Node
from engine.messages import N_

_CURES = {
    "complexGateway": N_("Разложите на исключающие и параллельные развилки."),
    "eventBasedGateway": N_("Поставьте задачу пользователя с граничными таймерами: кто первый, тот и решает."),
    "adHocSubProcess": N_("Нарисуйте порядок задач: параллельная развилка, если порядок свободный."),
    "transaction": N_("Возьмите обычный подпроцесс с граничным событием ошибки."),
    "sendTask": N_("Отправку письма делает служебная задача: обработчик возвращает письмо."),
    "receiveTask": N_("Получение отмечает человек: задача пользователя с формой."),
    "manualTask": N_("Работу вне системы отмечает человек: задача пользователя с формой."),
    "businessRuleTask": N_("Правило считает служебная задача с обработчиком."),
}


@node_rule("unsupported-element")
def check(node: Node, place: Place, report: Report) -> None:
    """Refuse by name, each with the way to draw it instead."""
    cure = _CURES.get(node.kind)
    if node.kind in CHOREOGRAPHY:
        cure = N_("Хореография не исполняется: нарисуйте процесс.")
    if cure is None:
        return
    report(node, N_("Элемент {kind} не исполняется."), cure, kind=node.kind)
