"""Data associations: case data come from forms and steps, the library's own data would be a second truth."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place
from engine.diagram import Node
from engine.messages import N_


@node_rule("data-association")
def check(node: Node, place: Place, report: Report) -> None:
    """Refuse data associations on nodes."""
    if not node.data_refs:
        return
    report(
        node,
        N_("Связь данных с «{refs}» не исполняется."),
        N_("Удалите связь (рисунок можно заменить ассоциацией): данные дела пишут формы и обработчики."),
        refs=", ".join(node.data_refs),
    )
