"""A task without a type would stop a case: the library waits for a person, whom no form asks."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place
from engine.diagram import Node
from engine.messages import N_


@node_rule("plain-task")
def check(node: Node, place: Place, report: Report) -> None:
    """Refuse tasks without a type."""
    if node.kind != "task":
        return
    report(
        node,
        N_("У задачи нет типа: неясно, кто её делает."),
        N_("Выберите тип: задача пользователя с формой или служебная задача с обработчиком."),
    )
