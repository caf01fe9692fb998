"""A default flow is what is left over: it has no condition of its own."""

from __future__ import annotations

from engine.check.registry import Report, flow_rule
from engine.check.whole import Place
from engine.diagram import Flow
from engine.messages import N_


@flow_rule("default-condition")
def check(flow: Flow, place: Place, report: Report) -> None:
    """Refuse a condition on a default flow."""
    if not flow.is_default or flow.condition is None:
        return
    report(
        flow,
        N_("У потока по умолчанию есть условие; оно не проверяется."),
        N_("Уберите условие или отметку по умолчанию."),
    )
