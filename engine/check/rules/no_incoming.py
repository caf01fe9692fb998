"""A node that nothing leads to begins by itself in the standard; the library drops it."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place
from engine.diagram import Node
from engine.messages import N_


@node_rule("no-incoming")
def check(node: Node, place: Place, report: Report) -> None:
    """Refuse nodes without an incoming flow that are no start."""
    if node.incoming or node.is_start or node.attributes.get("isForCompensation") == "true":
        return
    report(node, N_("К элементу не ведёт ни один поток; он не исполнится."), N_("Подведите поток или удалите элемент."))
