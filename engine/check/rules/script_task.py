"""No code in a diagram ever runs: script tasks."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place
from engine.diagram import Node
from engine.messages import N_


@node_rule("script-task")
def check(node: Node, place: Place, report: Report) -> None:
    """Refuse script tasks."""
    if node.kind != "scriptTask" and "script" not in node.scripts:
        return
    report(
        node,
        N_("Программный код в схеме не исполняется."),
        N_("Замените задачу-сценарий служебной задачей с обработчиком."),
    )
