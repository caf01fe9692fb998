"""Global tasks, choreographies and conversations stand outside any process and are never run."""

from __future__ import annotations

from engine.check.registry import Report, diagram_rule
from engine.check.whole import Whole
from engine.diagram import Diagram
from engine.messages import N_


@diagram_rule("root-element")
def check(diagram: Diagram, whole: Whole, report: Report) -> None:
    """Refuse root elements that look as if they did something."""
    for item in diagram.items:
        if not item.kind.startswith("global") and item.kind not in ("choreography", "conversation", "callConversation"):
            continue
        report(
            item,
            N_("Элемент {kind} вне процесса не исполняется."),
            N_("Нарисуйте задачу внутри процесса или отдельный вызываемый процесс."),
            kind=item.kind,
        )
