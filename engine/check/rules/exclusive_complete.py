"""Every outcome leads somewhere: an exclusive gateway has a default flow, or its conditions cover all values."""

from __future__ import annotations

from engine.check.domains import uncovered
from engine.check.registry import Report, node_rule
from engine.check.whole import Place
from engine.diagram import Node
from engine.messages import N_


@node_rule("exclusive-complete")
def check(node: Node, place: Place, report: Report) -> None:
    """Refuse a gateway at which a case could find no way."""
    if node.kind not in ("exclusiveGateway", "inclusiveGateway") or node.default or not node.outgoing:
        return
    flows = place.outgoing(node)
    if any(flow.condition is None for flow in flows):
        return  # a single plain flow, or one that condition-missing reports
    example = uncovered(node, place, [flow.condition or "" for flow in flows])
    if example is None:
        return
    report(
        node,
        N_("Нет потока по умолчанию, и не для всякого исхода есть путь: {example}."),
        N_("Сделайте один из потоков потоком по умолчанию или допишите условие."),
        example=example,
    )
