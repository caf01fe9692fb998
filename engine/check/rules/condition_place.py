"""Conditions stand on flows out of exclusive and inclusive gateways; elsewhere the library ignores them."""

from __future__ import annotations

from engine.check.registry import Report, flow_rule
from engine.check.whole import Place
from engine.diagram import Flow
from engine.messages import N_


@flow_rule("condition-place")
def check(flow: Flow, place: Place, report: Report) -> None:
    """Refuse conditions elsewhere."""
    source = place.source(flow)
    if flow.condition is None or source is None or source.kind in ("exclusiveGateway", "inclusiveGateway"):
        return
    report(
        flow,
        N_("Условие на потоке из элемента {kind} не проверяется."),
        N_("Поставьте исключающую развилку и перенесите условие на её поток."),
        kind=source.kind,
    )
