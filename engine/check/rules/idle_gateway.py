"""A gateway with one way in and one way out decides nothing."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place
from engine.diagram import GATEWAYS, Node
from engine.messages import N_


@node_rule("idle-gateway", "warning")
def check(node: Node, place: Place, report: Report) -> None:
    """Warn of a gateway that could be left out."""
    if node.kind not in GATEWAYS or len(node.incoming) != 1 or len(node.outgoing) != 1:
        return
    report(node, N_("Развилка с одним входом и одним выходом ничего не решает."), N_("Удалите её."))
