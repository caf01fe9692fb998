"""A refusal without an error event stops the case as an incident."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place
from engine.diagram import Node
from engine.messages import N_


@node_rule("refusal-uncaught", "warning")
def check(node: Node, place: Place, report: Report) -> None:
    """Warn of codes of the handler that no boundary event catches."""
    handler = place.context.signatures.get(node.operator.name) if node.operator else None
    if node.kind != "serviceTask" or handler is None:
        return
    events = [event for one in place.process.boundary.get(node.id, ()) for event in one.events if event.kind == "error"]
    if any(not event.code for event in events):
        return
    missing = [code for code in handler.refuses if code not in {event.code for event in events}]
    if not missing:
        return
    report(
        node,
        N_("Отказ «{codes}» обработчика {handler} никуда не ведёт: дело остановится до вмешательства."),
        N_("Поставьте на задачу граничное событие ошибки с этим кодом."),
        codes=", ".join(missing),
        handler=handler.name,
    )
