"""Labels can be read: they lie on no shape, no other label."""

from __future__ import annotations

from engine.check.drawn import flows_of, has_outer_label, label_box, nodes_of
from engine.check.geometry import LABEL_LINE, LABEL_WIDTH, close_pairs, middle, overlap, text_box
from engine.check.registry import Report, Thing, diagram_rule
from engine.check.whole import Whole
from engine.diagram import SUBPROCESSES, Bounds, Diagram
from engine.messages import N_


@diagram_rule("labels-overlap", "warning")
def check(diagram: Diagram, whole: Whole, report: Report) -> None:
    """Warn of labels that, by an estimate of their size, cover something."""
    nodes = nodes_of(diagram)
    solid = [
        (shape.element, shape.bounds)
        for shape in diagram.shapes
        if shape.element in nodes and nodes[shape.element].kind not in SUBPROCESSES
    ]
    for plane in sorted({shape.plane for shape in diagram.shapes}):
        labels = _labels(diagram, plane)
        things = {thing.id: thing for thing, _ in labels}
        for one, other in close_pairs([(thing.id, box) for thing, box in labels]):
            message = N_("Подписи «{one}» и «{other}» нарисованы друг на друге.")
            report(things[other], message, N_("Раздвиньте подписи."), one=one, other=other)
        for thing, box in labels:
            for element, bounds in solid:
                if element == thing.id or diagram.shape[element].plane != plane or not overlap(box, bounds):
                    continue
                message = N_("Подпись «{one}» лежит на фигуре «{other}».")
                report(thing, message, N_("Отодвиньте подпись."), one=thing.id, other=element)


def _labels(diagram: Diagram, plane: str) -> list[tuple[Thing, Bounds]]:
    found: list[tuple[Thing, Bounds]] = []
    for node in nodes_of(diagram).values():
        shape = diagram.shape.get(node.id)
        if shape is not None and shape.plane == plane and has_outer_label(node):
            found.append((node, label_box(shape, node.name)))
    for flow in flows_of(diagram):
        edge = diagram.edge.get(flow.id)
        if edge is None or edge.plane != plane or not flow.name or len(edge.points) < 2:
            continue
        x, y = middle(edge.points)
        place = edge.label or Bounds(x=x - LABEL_WIDTH / 2, y=y - LABEL_LINE, width=LABEL_WIDTH, height=LABEL_LINE)
        found.append((flow, text_box(flow.name, place)))
    return found
