"""Nothing flows out of an end event."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place
from engine.diagram import Node
from engine.messages import N_


@node_rule("end-outgoing")
def check(node: Node, place: Place, report: Report) -> None:
    """Refuse flows out of an end event."""
    if node.kind != "endEvent" or not node.outgoing:
        return
    report(
        node, N_("Из конечного события поток не выходит."), N_("Замените его промежуточным событием или уберите поток.")
    )
