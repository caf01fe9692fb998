"""The default flow of a gateway leaves that gateway."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place
from engine.diagram import Node
from engine.messages import N_


@node_rule("default-flow")
def check(node: Node, place: Place, report: Report) -> None:
    """Refuse a default that is missing, elsewhere, or at a node without a choice."""
    if not node.default:
        return
    if node.default not in node.outgoing:
        message = N_("Поток по умолчанию «{flow}» не выходит из этого элемента.")
        report(node, message, N_("Отметьте по умолчанию один из выходящих потоков."), flow=node.default)
    elif node.kind not in ("exclusiveGateway", "inclusiveGateway"):
        report(
            node, N_("Поток по умолчанию бывает только у развилки с условиями."), N_("Уберите отметку по умолчанию.")
        )
