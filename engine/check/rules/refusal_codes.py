"""The error events of a service task and the refusals of its handler are the same list."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place, nearest
from engine.diagram import Node
from engine.messages import N_


@node_rule("refusal-codes")
def check(node: Node, place: Place, report: Report) -> None:
    """Refuse an error code that the handler never raises."""
    event, host = node.event, place.process.node.get(node.attached_to)
    if node.kind != "boundaryEvent" or event is None or event.kind != "error" or host is None or host.operator is None:
        return
    handler = place.context.signatures.get(host.operator.name)
    if handler is None or not event.code or event.code in handler.refuses:
        return
    report(
        node,
        N_("Обработчик {handler} не отказывает с кодом «{code}»."),
        N_("Возьмите код из его списка (похоже на «{nearest}») или удалите событие."),
        handler=handler.name,
        code=event.code,
        nearest=nearest(event.code, handler.refuses),
    )
