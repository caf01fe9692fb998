"""A gateway either joins or divides: doing both at once is read differently by each reader."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place
from engine.diagram import Node
from engine.messages import N_


@node_rule("mixed-gateway", "warning")
def check(node: Node, place: Place, report: Report) -> None:
    """Warn of a parallel or inclusive gateway that joins and divides."""
    if node.kind not in ("parallelGateway", "inclusiveGateway") or len(node.incoming) < 2 or len(node.outgoing) < 2:
        return
    report(node, N_("Развилка и соединяет, и разделяет."), N_("Нарисуйте две: сначала соединяющую, потом разделяющую."))
