"""What a person or an assessor meets has a name."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place
from engine.diagram import ACTIVITIES, Node
from engine.messages import N_


@node_rule("node-name", "warning")
def check(node: Node, place: Place, report: Report) -> None:
    """Warn of activities without a name."""
    if node.kind not in ACTIVITIES or node.name.strip():
        return
    report(node, N_("У элемента {kind} нет названия."), N_("Назовите его словами порядка."), kind=node.kind)
