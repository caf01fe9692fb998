"""Handlers that diagrams name are there."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place, nearest
from engine.diagram import Node
from engine.messages import N_


@node_rule("handler-exists")
def check(node: Node, place: Place, report: Report) -> None:
    """Refuse the name of a handler that nobody wrote, and guards in the place of steps."""
    if node.kind != "serviceTask" or node.operator is None or not node.operator.name:
        return
    handler = place.context.signatures.get(node.operator.name)
    if handler is not None and handler.kind == "step":
        return
    steps = [one.name for one in place.context.signatures.values() if one.kind == "step"]
    report(
        node,
        N_("Обработчика «{handler}» нет.") if handler is None else N_("«{handler}» — проверка формы, а не обработчик."),
        N_("Проверьте имя (похоже на «{nearest}»)."),
        line=node.operator.line,
        handler=node.operator.name,
        nearest=nearest(node.operator.name, steps),
    )
