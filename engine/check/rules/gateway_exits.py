"""A gateway leads somewhere."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place
from engine.diagram import GATEWAYS, Node
from engine.messages import N_


@node_rule("gateway-exits")
def check(node: Node, place: Place, report: Report) -> None:
    """Refuse gateways without a way out."""
    if node.kind not in GATEWAYS or node.outgoing:
        return
    report(node, N_("Из развилки не выходит ни один поток."), N_("Проведите потоки дальше или удалите развилку."))
