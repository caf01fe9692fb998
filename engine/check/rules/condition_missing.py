"""Where an exclusive or inclusive gateway divides, every flow but the default has a condition."""

from __future__ import annotations

from engine.check.registry import Report, flow_rule
from engine.check.whole import Place
from engine.diagram import Flow
from engine.messages import N_


@flow_rule("condition-missing")
def check(flow: Flow, place: Place, report: Report) -> None:
    """Refuse a flow that would always or never be taken."""
    source = place.source(flow)
    if source is None or source.kind not in ("exclusiveGateway", "inclusiveGateway") or len(source.outgoing) < 2:
        return
    if flow.condition is not None or flow.is_default:
        return
    report(
        flow, N_("У потока из развилки нет условия."), N_("Напишите условие или сделайте поток потоком по умолчанию.")
    )
