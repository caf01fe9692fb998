"""A diagram reads from left to right; only loops lead back."""

from __future__ import annotations

from engine.check.drawn import nodes_of
from engine.check.geometry import centre
from engine.check.graph import cycles
from engine.check.registry import Report, diagram_rule
from engine.check.whole import Whole
from engine.diagram import Diagram
from engine.messages import N_

STEP_BACK = 20.0  # units that a flow may lead back without a reader minding


@diagram_rule("right-to-left", "warning")
def check(diagram: Diagram, whole: Whole, report: Report) -> None:
    """Warn of flows that lead back without being part of a loop."""
    nodes = nodes_of(diagram)
    for process in diagram.processes:
        loops = cycles(process.successors)
        for flow in process.flows:
            start, end = diagram.shape.get(flow.source), diagram.shape.get(flow.target)
            if start is None or end is None or flow.source not in nodes or start.plane != end.plane:
                continue
            if centre(end.bounds)[0] >= centre(start.bounds)[0] - STEP_BACK:
                continue
            if any(flow.source in loop and flow.target in loop for loop in loops):
                continue
            report(
                flow,
                N_("Поток «{flow}» ведёт справа налево, хотя это не возврат."),
                N_("Переставьте элементы слева направо."),
                flow=flow.id,
            )
