"""A task that demands proof is one which staff may enter for a person from outside."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place
from engine.diagram import Node
from engine.messages import N_

VALUES = ("true", "false")


@node_rule("proof")
def check(node: Node, place: Place, report: Report) -> None:
    """Refuse a demand for a scan where nobody answers for somebody else, and one that says neither yes nor no."""
    wanted = node.properties.get("proof")
    if wanted is None:
        return
    if wanted not in VALUES:
        message = N_("Свойство «proof» не «true» и не «false», а «{value}».")
        report(node, message, N_("Напишите «true», если ответ за другого нужно доказать сканом."), value=wanted)
    if node.kind != "userTask" or not node.properties.get("on_behalf"):
        message = N_("Скан доказывает ответ, который внесли за другого, но за исполнителя никто отвечать не может.")
        report(node, message, N_("Добавьте «on_behalf» к задаче пользователя или удалите «proof»."))
