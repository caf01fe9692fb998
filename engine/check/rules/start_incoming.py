"""Nothing flows into a start or boundary event."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place
from engine.diagram import Node
from engine.messages import N_


@node_rule("start-incoming")
def check(node: Node, place: Place, report: Report) -> None:
    """Refuse flows into the beginning."""
    if node.kind not in ("startEvent", "boundaryEvent") or not node.incoming:
        return
    report(
        node, N_("В начальное или граничное событие поток войти не может."), N_("Ведите поток к задаче после события.")
    )
