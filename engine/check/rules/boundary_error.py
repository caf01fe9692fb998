"""An error boundary event interrupts, and sits where an error can come from."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place
from engine.diagram import SUBPROCESSES, Node
from engine.messages import N_


@node_rule("boundary-error")
def check(node: Node, place: Place, report: Report) -> None:
    """Refuse error events that never fire, or that do not interrupt."""
    event, host = node.event, place.process.node.get(node.attached_to)
    if node.kind != "boundaryEvent" or event is None or host is None or event.kind not in ("error", "escalation"):
        return
    if event.kind == "error" and not node.interrupting:
        message = N_("Граничное событие ошибки всегда прерывает задачу.")
        report(node, message, N_('Уберите cancelActivity="false".'))
    elif host.kind not in SUBPROCESSES | {"callActivity"} and (host.kind != "serviceTask" or event.kind != "error"):
        report(
            node,
            N_("{event}: из элемента {kind} такое событие не приходит, путь никогда не исполнится."),
            N_("Отказ приходит из служебной задачи, ошибка — из подпроцесса; исход человека рисуется развилкой."),
            event=event.kind,
            kind=host.kind,
        )
