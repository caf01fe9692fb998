"""Every flow is drawn."""

from __future__ import annotations

from engine.check.drawn import flows_of, hidden_scopes, is_drawn
from engine.check.registry import Report, diagram_rule
from engine.check.whole import Whole
from engine.diagram import Diagram
from engine.messages import N_


@diagram_rule("edge-missing")
def check(diagram: Diagram, whole: Whole, report: Report) -> None:
    """Refuse flows without a line of at least two points."""
    if not is_drawn(diagram):
        return
    hidden = hidden_scopes(diagram)
    for flow in flows_of(diagram):
        edge = diagram.edge.get(flow.id)
        if flow.scope in hidden or (edge is not None and len(edge.points) >= 2):
            continue
        report(
            flow,
            N_("Поток «{flow}» не нарисован."),
            N_("Проведите поток в редакторе заново."),
            flow=flow.id,
        )
