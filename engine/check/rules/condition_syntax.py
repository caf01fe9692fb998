"""Conditions are written in the language of engine.conditions."""

from __future__ import annotations

from engine.check.registry import Report, flow_rule
from engine.check.whole import Place
from engine.conditions import ConditionError, parse
from engine.diagram import Flow
from engine.messages import N_


@flow_rule("condition-syntax")
def check(flow: Flow, place: Place, report: Report) -> None:
    """Refuse a condition that does not parse, with the reason."""
    if flow.condition is None:
        return
    try:
        parse(flow.condition)
    except ConditionError as error:
        report.at(
            flow.id,
            flow.line,
            error.template,
            N_("Исправьте условие около знака {position}: {condition}"),
            **{**error.facts, "position": error.position or 1, "condition": flow.condition[:120]},
        )
