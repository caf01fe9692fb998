"""A flow's line begins and ends at its nodes."""

from __future__ import annotations

from engine.check.drawn import flows_of
from engine.check.geometry import touches
from engine.check.registry import Report, diagram_rule
from engine.check.whole import Whole
from engine.diagram import Diagram
from engine.messages import N_


@diagram_rule("edge-loose")
def check(diagram: Diagram, whole: Whole, report: Report) -> None:
    """Refuse lines that hang in the air."""
    for flow in flows_of(diagram):
        edge = diagram.edge.get(flow.id)
        if edge is None or len(edge.points) < 2:
            continue
        for end, point in ((flow.source, edge.points[0]), (flow.target, edge.points[-1])):
            shape = diagram.shape.get(end)
            if shape is None or touches(point, shape.bounds):
                continue
            report(
                flow,
                N_("Линия потока «{flow}» не доходит до «{element}»."),
                N_("Дотяните конец линии до фигуры."),
                line=edge.line,
                flow=flow.id,
                element=end,
            )
