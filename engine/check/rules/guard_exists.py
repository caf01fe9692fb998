"""Guards that user tasks name are there."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place, nearest
from engine.diagram import Node
from engine.messages import N_


@node_rule("guard-exists")
def check(node: Node, place: Place, report: Report) -> None:
    """Refuse the name of a guard that nobody wrote, and guards where nothing is asked."""
    name = node.properties.get("guard")
    if name is None:
        return
    handler = place.context.signatures.get(name)
    guards = [one.name for one in place.context.signatures.values() if one.kind == "guard"]
    if node.kind not in ("userTask", "startEvent"):
        report(
            node,
            N_("Проверка «{guard}» стоит не на задаче пользователя."),
            N_("Перенесите её на задачу с формой."),
            guard=name,
        )
    elif handler is None or handler.kind != "guard":
        cure = N_("Проверьте имя (похоже на «{nearest}»).")
        report(node, N_("Проверки «{guard}» нет."), cure, guard=name, nearest=nearest(name, guards))
