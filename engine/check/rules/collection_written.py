"""The list of a multi-instance task is written before the task."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place, nearest
from engine.diagram import Node
from engine.messages import N_


@node_rule("collection-written")
def check(node: Node, place: Place, report: Report) -> None:
    """Refuse a list that nobody before can have written."""
    name = node.loop.collection if node.loop else None
    if not name or place.whole.written.is_known(place, node, name):
        return
    report(
        node,
        N_("Список «{name}» до этой задачи никто не записывает."),
        N_("Поставьте раньше служебную задачу, которая его составит (похоже на «{nearest}»)."),
        name=name,
        nearest=nearest(name, place.whole.written.suggestions()),
    )
