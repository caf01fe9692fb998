"""Ids that the library uses for itself."""

from __future__ import annotations

from engine.check.registry import Report, diagram_rule
from engine.check.whole import Whole
from engine.diagram import Diagram
from engine.messages import N_

_TAKEN = frozenset({"Start", "End", "Root", "typename", "StartEventSplit", "StartEventJoin"})
_ENDINGS = (".BoundaryEventSplit", ".BoundaryEventJoin", " [child]")


@diagram_rule("reserved-id")
def check(diagram: Diagram, whole: Whole, report: Report) -> None:
    """Refuse ids that clash with the library's own names."""
    for element, line in diagram.ids:
        if element not in _TAKEN and not element.endswith(_ENDINGS):
            continue
        report.at(
            element,
            line,
            N_("Идентификатор «{element}» занят исполняющей системой."),
            N_("Переименуйте элемент, например в «{element}_event»."),
            element=element,
        )
