"""A diagram is drawn: without a drawing no modelling tool opens it."""

from __future__ import annotations

from engine.check.drawn import is_drawn
from engine.check.registry import Report, diagram_rule
from engine.check.whole import Whole
from engine.diagram import Diagram
from engine.messages import N_


@diagram_rule("drawing-missing")
def check(diagram: Diagram, whole: Whole, report: Report) -> None:
    """Refuse a file without any shape."""
    if is_drawn(diagram):
        return
    report(
        diagram.processes[0],
        N_("Схема не нарисована: нет раздела BPMNDiagram с фигурами."),
        N_("Откройте схему в редакторе, расставьте элементы и сохраните."),
    )
