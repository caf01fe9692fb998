"""Flows without an id are legal; the library drops them, so they are given one, which changes with the drawing."""

from __future__ import annotations

from engine.check.registry import Report, diagram_rule
from engine.check.whole import Whole
from engine.diagram import Diagram
from engine.messages import N_


@diagram_rule("missing-flow-id", "warning")
def check(diagram: Diagram, whole: Whole, report: Report) -> None:
    """Tell which flows were given an id."""
    for given, line in diagram.unnamed_flows:
        report.at(
            given,
            line,
            N_("У потока нет id; при чтении дан «{given}»."),
            N_("Сохраните схему в редакторе, чтобы id остался в файле."),
            given=given,
        )
