"""Only gateways divide a flow."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place
from engine.diagram import GATEWAYS, Node
from engine.messages import N_


@node_rule("several-outgoing")
def check(node: Node, place: Place, report: Report) -> None:
    """Refuse several flows out of a task or event."""
    if node.kind in GATEWAYS or node.kind == "endEvent" or len(node.outgoing) < 2:
        return
    report(
        node,
        N_("Из элемента выходит потоков: {count}."),
        N_("Поставьте после него развилку: параллельную для всех путей, исключающую для одного из них."),
        count=len(node.outgoing),
    )
