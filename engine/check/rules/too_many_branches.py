"""Thousands of branches take the library many seconds."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place
from engine.diagram import Node
from engine.messages import N_

MOST = 100


@node_rule("too-many-branches")
def check(node: Node, place: Place, report: Report) -> None:
    """Refuse gateways with very many flows."""
    count = max(len(node.outgoing), len(node.incoming))
    if count <= MOST:
        return
    report(
        node,
        N_("Потоков у элемента: {count}; допустимо {limit}."),
        N_("Замените ветви одной многоэкземплярной задачей."),
        count=count,
        limit=MOST,
    )
