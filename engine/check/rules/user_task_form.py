"""A user task asks by a form."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place
from engine.diagram import Node
from engine.messages import N_


@node_rule("user-task-form")
def check(node: Node, place: Place, report: Report) -> None:
    """Refuse user tasks without a form."""
    if node.kind != "userTask" or node.properties.get("formJsonSchemaFilename"):
        return
    report(node, N_("У задачи пользователя нет формы."), N_("Укажите свойство formJsonSchemaFilename."))
