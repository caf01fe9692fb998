"""Compensation: the library ignores the mark and runs the task as any other."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place
from engine.diagram import Node
from engine.messages import N_


@node_rule("compensation")
def check(node: Node, place: Place, report: Report) -> None:
    """Refuse isForCompensation."""
    if node.attributes.get("isForCompensation") != "true":
        return
    report(node, N_("Отметка компенсации не исполняется."), N_("Нарисуйте отмену обычными задачами и потоками."))
