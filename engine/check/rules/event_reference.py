"""Events name errors and escalations that are declared in the file."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place
from engine.diagram import Node
from engine.messages import N_


@node_rule("event-reference")
def check(node: Node, place: Place, report: Report) -> None:
    """Refuse a reference to nothing, and a throwing event without a code."""
    event = node.event
    if event is None or event.kind not in ("error", "escalation"):
        return
    if event.ref and event.code is None:
        message = N_("Событие ссылается на «{ref}», которого в файле нет.")
        report(node, message, N_("Выберите объявленную ошибку или объявите её."), ref=event.ref)
    elif node.kind != "boundaryEvent" and not event.code:
        report(
            node, N_("Событие бросает ошибку без кода; никто её не поймает."), N_("Укажите ошибку с кодом (errorCode).")
        )
