"""Shapes and edges draw something that exists."""

from __future__ import annotations

from engine.check.registry import Report, diagram_rule
from engine.check.whole import Whole
from engine.diagram import Diagram, Edge, Shape
from engine.messages import N_


@diagram_rule("drawing-reference")
def check(diagram: Diagram, whole: Whole, report: Report) -> None:
    """Refuse shapes and edges of missing elements."""
    known = {element for element, _ in diagram.ids}
    drawings: list[Shape | Edge] = [*diagram.shapes, *diagram.edges]
    for drawn in drawings:
        element = drawn.element.rpartition(":")[2]
        if drawn.element in known or element in known:
            continue
        report.at(
            drawn.element,
            drawn.line,
            N_("Нарисован элемент «{element}», которого в файле нет."),
            N_("Удалите фигуру или верните элемент."),
            element=drawn.element or "—",
        )
