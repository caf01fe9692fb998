"""Every user task stands in a lane: the lane says who does it."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place
from engine.diagram import Node
from engine.messages import N_


@node_rule("user-task-lane")
def check(node: Node, place: Place, report: Report) -> None:
    """Refuse user tasks in no lane."""
    if node.kind != "userTask" or node.lane:
        return
    report(
        node,
        N_("Задача пользователя не стоит ни в одной дорожке: её некому выполнить."),
        N_("Поместите её в дорожку роли."),
    )
