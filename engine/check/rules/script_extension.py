"""No code in a diagram ever runs: scripts and templates that SpiffArena attaches to tasks."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place
from engine.diagram import Node
from engine.messages import N_


@node_rule("script-extension")
def check(node: Node, place: Place, report: Report) -> None:
    """Refuse preScript, postScript and their like."""
    for name in node.scripts:
        if name == "script":
            continue
        report(
            node,
            N_("Расширение {name} содержит код или шаблон, который не исполняется."),
            N_("Удалите его: данные считает обработчик, указания пишутся в documentation."),
            name=name,
        )
