"""A service task names its handler."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place
from engine.diagram import Node
from engine.messages import N_


@node_rule("service-operator")
def check(node: Node, place: Place, report: Report) -> None:
    """Refuse service tasks without an operator."""
    if node.kind != "serviceTask" or (node.operator is not None and node.operator.name):
        return
    report(
        node,
        N_("У служебной задачи нет обработчика."),
        N_("Укажите spiffworkflow:serviceTaskOperator с id вида module.function."),
    )
