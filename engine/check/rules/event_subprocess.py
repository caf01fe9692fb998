"""Event sub-processes: the library runs them at the wrong time and spoils the specification for the next case."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place
from engine.diagram import Node
from engine.messages import N_


@node_rule("event-subprocess")
def check(node: Node, place: Place, report: Report) -> None:
    """Refuse triggeredByEvent."""
    if node.attributes.get("triggeredByEvent") != "true":
        return
    report(
        node,
        N_("Событийный подпроцесс не исполняется."),
        N_("Поставьте граничное событие на подпроцесс или задачу и поведите поток от него."),
    )
