"""Lanes lie side by side in their pool."""

from __future__ import annotations

from engine.check.geometry import contains, overlap
from engine.check.registry import Report, diagram_rule
from engine.check.whole import Whole
from engine.diagram import Diagram, Lane
from engine.messages import N_


@diagram_rule("lane-drawing")
def check(diagram: Diagram, whole: Whole, report: Report) -> None:
    """Refuse lanes over each other or outside the pool."""
    pools = {item.ref: item.id for item in diagram.items if item.kind == "participant"}
    for process in diagram.processes:
        pool = diagram.shape.get(pools.get(process.id, ""))
        done: list[Lane] = []
        for lane in process.lanes:
            shape = diagram.shape.get(lane.id)
            if shape is None:
                continue
            if pool is not None and not contains(pool.bounds, shape.bounds):
                message = N_("Дорожка «{lane}» выходит за пул.")
                report(
                    lane, message, N_("Растяните пул или сдвиньте дорожку."), line=shape.line, lane=lane.name or lane.id
                )
            for other in done:
                if other.parent == lane.parent and overlap(diagram.shape[other.id].bounds, shape.bounds):
                    message = N_("Дорожки «{lane}» и «{other}» нарисованы друг на друге.")
                    names = {"lane": lane.name or lane.id, "other": other.name or other.id}
                    report(lane, message, N_("Раздвиньте дорожки."), line=shape.line, **names)
            done.append(lane)
