"""An error that an end event throws is caught by the call or sub-process around it."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place
from engine.diagram import Node
from engine.messages import N_


@node_rule("end-error-caught", "warning")
def check(node: Node, place: Place, report: Report) -> None:
    """Warn of an error end event that nothing around it catches."""
    event = node.event
    if node.kind != "endEvent" or event is None or event.kind != "error" or not event.code:
        return
    callers = [
        (other, call)
        for other in place.whole.places.values()
        for call in other.process.nodes
        if (call.called_element == place.process.id and node.scope == place.process.id)
        or (other.process.id == place.process.id and call.id == node.scope)
    ]
    for other, call in callers:
        for boundary in other.process.boundary.get(call.id, ()):
            if any(one.kind == "error" and one.code in (event.code, None, "") for one in boundary.events):
                return
    report(
        node,
        N_("Ошибку «{code}» никто не ловит: дело остановится."),
        N_("Поставьте граничное событие этой ошибки на вызов или подпроцесс либо возьмите обычный конец."),
        code=event.code,
    )
