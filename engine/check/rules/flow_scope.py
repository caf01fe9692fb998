"""Flows stay inside one process or sub-process."""

from __future__ import annotations

from engine.check.registry import Report, flow_rule
from engine.check.whole import Place
from engine.diagram import Flow
from engine.messages import N_


@flow_rule("flow-scope")
def check(flow: Flow, place: Place, report: Report) -> None:
    """Refuse a flow over the border of a sub-process."""
    source, target = place.source(flow), place.target(flow)
    if source is None or target is None or source.scope == target.scope == flow.scope:
        return
    report(
        flow,
        N_("Поток пересекает границу подпроцесса."),
        N_("Ведите поток к самому подпроцессу и от него, внутри поставьте начало и конец."),
    )
