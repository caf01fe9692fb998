"""Boundary events sit on an activity."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place
from engine.diagram import ACTIVITIES, Node
from engine.messages import N_


@node_rule("attached-to")
def check(node: Node, place: Place, report: Report) -> None:
    """Demand an activity of the same scope."""
    if node.kind != "boundaryEvent":
        return
    host = place.process.node.get(node.attached_to)
    if host is not None and host.kind in ACTIVITIES and host.scope == node.scope:
        return
    report(
        node,
        N_("Граничное событие прикреплено к «{host}», а это не задача и не подпроцесс рядом с ним."),
        N_("Прикрепите событие к задаче, вызову или подпроцессу."),
        host=node.attached_to or "—",
    )
