"""A task without a type does nothing and is passed at once."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place
from engine.diagram import Node
from engine.messages import N_


@node_rule("plain-task", "warning")
def check(node: Node, place: Place, report: Report) -> None:
    """Warn of tasks without a type."""
    if node.kind != "task":
        return
    report(
        node,
        N_("Задача без типа ничего не делает: дело проходит её сразу."),
        N_("Выберите тип: задача пользователя или служебная задача."),
    )
