"""Loop markers repeat without a word in the diagram why."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place
from engine.diagram import Node
from engine.messages import N_


@node_rule("loop-marker")
def check(node: Node, place: Place, report: Report) -> None:
    """Refuse standard loops."""
    if node.loop is None or node.loop.kind != "standard":
        return
    report(
        node,
        N_("Отметка цикла не исполняется."),
        N_("Нарисуйте возврат потоком от исключающей развилки: видно, когда и почему повторять."),
        line=node.loop.line,
    )
