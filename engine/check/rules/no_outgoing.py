"""A path that stops at a task ends silently."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place
from engine.diagram import GATEWAYS, Node
from engine.messages import N_


@node_rule("no-outgoing", "warning")
def check(node: Node, place: Place, report: Report) -> None:
    """Warn of a path without an end event."""
    if node.outgoing or node.kind == "endEvent" or node.kind in GATEWAYS:
        return
    if node.attributes.get("triggeredByEvent") == "true":
        return
    report(node, N_("Путь обрывается на этом элементе."), N_("Доведите поток до конечного события."))
