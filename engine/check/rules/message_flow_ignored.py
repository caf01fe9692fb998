"""Message flows are drawing only."""

from __future__ import annotations

from engine.check.registry import Report, diagram_rule
from engine.check.whole import Whole
from engine.diagram import Diagram
from engine.messages import N_


@diagram_rule("message-flow-ignored", "warning")
def check(diagram: Diagram, whole: Whole, report: Report) -> None:
    """Warn that nothing travels along a message flow."""
    for item in diagram.items:
        if item.kind != "messageFlow":
            continue
        report(
            item,
            N_("Поток сообщений только нарисован: по нему ничего не передаётся."),
            N_("Письмо посылает служебная задача, полученное отмечает задача пользователя."),
        )
