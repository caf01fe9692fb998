"""The documentation of a user task is the help on its page."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place
from engine.diagram import Node
from engine.messages import N_


@node_rule("user-task-documentation")
def check(node: Node, place: Place, report: Report) -> None:
    """Refuse user tasks without help."""
    if node.kind != "userTask" or node.documentation:
        return
    report(
        node,
        N_("У задачи «{task}» нет описания."),
        N_("Напишите в documentation, что сделать, на что смотреть и что будет дальше."),
        task=node.name or node.id,
    )
