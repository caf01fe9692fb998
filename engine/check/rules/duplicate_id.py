"""Ids are unique in a file: of two elements with one id the library keeps the last."""

from __future__ import annotations

from engine.check.registry import Report, diagram_rule
from engine.check.whole import Whole
from engine.diagram import Diagram
from engine.messages import N_


@diagram_rule("duplicate-id")
def check(diagram: Diagram, whole: Whole, report: Report) -> None:
    """Refuse the second use of an id."""
    first: dict[str, int] = {}
    for element, line in diagram.ids:
        if element not in first:
            first[element] = line
            continue
        report.at(
            element,
            line,
            N_("Идентификатор «{element}» уже занят в строке {first}."),
            N_("Дайте второму элементу другой id."),
            element=element,
            first=first[element],
        )
