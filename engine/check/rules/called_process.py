"""A call activity calls a process of the set."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place, nearest
from engine.diagram import Node
from engine.messages import N_


@node_rule("called-process")
def check(node: Node, place: Place, report: Report) -> None:
    """Refuse calls into nothing."""
    if node.kind != "callActivity" or place.called(node) is not None:
        return
    report(
        node,
        N_("Вызываемого процесса «{called}» в наборе нет."),
        N_("Проверьте calledElement (похоже на «{nearest}») или добавьте файл процесса."),
        called=node.called_element or "—",
        nearest=nearest(node.called_element or "", place.whole.places),
    )
