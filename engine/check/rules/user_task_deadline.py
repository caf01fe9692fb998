"""Nobody is late unawares: every user task has a deadline."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place
from engine.diagram import Node
from engine.messages import N_


@node_rule("user-task-deadline", "warning")
def check(node: Node, place: Place, report: Report) -> None:
    """Warn of a user task without a term."""
    if node.kind != "userTask" or "deadline" in node.properties:
        return
    report(node, N_("У задачи пользователя нет срока."), N_("Укажите свойство deadline: срок из profile.toml."))
