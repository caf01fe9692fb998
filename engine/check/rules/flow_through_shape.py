"""A flow goes round the shapes that are not its own."""

from __future__ import annotations

from engine.check.drawn import flows_of, nodes_of, scopes_around
from engine.check.geometry import crosses
from engine.check.registry import Report, diagram_rule
from engine.check.whole import Whole
from engine.diagram import Diagram
from engine.messages import N_


@diagram_rule("flow-through-shape")
def check(diagram: Diagram, whole: Whole, report: Report) -> None:
    """Refuse lines through the inside of another node."""
    nodes = nodes_of(diagram)
    shapes = [shape for shape in diagram.shapes if shape.element in nodes]
    for flow in flows_of(diagram):
        edge = diagram.edge.get(flow.id)
        source, target = nodes.get(flow.source), nodes.get(flow.target)
        if edge is None or source is None or target is None or not edge.points:
            continue
        own = {source.id, target.id} | scopes_around(source, nodes) | scopes_around(target, nodes)
        left, right = min(x for x, _ in edge.points), max(x for x, _ in edge.points)
        for shape in shapes:
            bounds = shape.bounds
            if shape.element in own or shape.plane != edge.plane or bounds.right < left or bounds.x > right:
                continue
            if nodes[shape.element].attached_to in own and nodes[shape.element].attached_to:
                continue  # an event on the rim of one of the flow's own ends
            if not crosses(edge.points, bounds):
                continue
            report(
                flow,
                N_("Поток «{flow}» проходит сквозь «{element}»."),
                N_("Проведите линию в обход фигуры."),
                line=edge.line,
                flow=flow.id,
                element=shape.element,
            )
