"""No two shapes cover each other."""

from __future__ import annotations

from collections.abc import Mapping

from engine.check.drawn import nodes_of, scopes_around
from engine.check.geometry import close_pairs
from engine.check.registry import Report, diagram_rule
from engine.check.whole import Whole
from engine.diagram import Diagram, Node
from engine.messages import N_


@diagram_rule("shapes-overlap")
def check(diagram: Diagram, whole: Whole, report: Report) -> None:
    """Refuse overlaps, but for boundary events on their task and nodes in their sub-process."""
    nodes = nodes_of(diagram)
    planes = {shape.plane for shape in diagram.shapes}
    for plane in sorted(planes):
        boxes = [(s.element, s.bounds) for s in diagram.shapes if s.plane == plane and s.element in nodes]
        for one, other in close_pairs(boxes):
            first, second = nodes[one], nodes[other]
            if one == other or _belong(first, second, nodes) or _belong(second, first, nodes):
                continue
            report(
                second,
                N_("«{one}» и «{other}» нарисованы друг на друге."),
                N_("Раздвиньте фигуры."),
                line=diagram.shape[other].line,
                one=one,
                other=other,
            )


def _belong(inner: Node, outer: Node, nodes: Mapping[str, Node]) -> bool:
    return inner.attached_to == outer.id or outer.id in scopes_around(inner, nodes)
