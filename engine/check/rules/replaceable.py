"""Somebody can be put in place of another only where a task is kept for one person."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place
from engine.diagram import Node
from engine.messages import N_


@node_rule("replaceable", "warning")
def check(node: Node, place: Place, report: Report) -> None:
    """Warn of `replaceable` on a task that is handed over anyway, and on what is no task."""
    if "replaceable" in node.properties and (node.kind != "userTask" or node.loop is None):
        report(
            node,
            N_("Свойство replaceable ничего не меняет: эта задача ни за кем не закреплена."),
            N_("Удалите его; обычную задачу передают без него."),
        )
