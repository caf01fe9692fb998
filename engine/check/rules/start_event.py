"""Each process and sub-process begins at one plain start event."""

from __future__ import annotations

from engine.check.registry import Report, Thing, process_rule
from engine.check.whole import Place
from engine.diagram import SUBPROCESSES
from engine.messages import N_


@process_rule("start-event")
def check(place: Place, report: Report) -> None:
    """Refuse no start and several."""
    scopes: list[Thing] = [place.process, *(node for node in place.process.nodes if node.kind in SUBPROCESSES)]
    for scope in scopes:
        inside = list(place.process.in_scope(scope.id))
        starts = [node for node in inside if node.kind == "startEvent"]
        if len(starts) == 1 or (scope is place.process and not inside):
            continue
        report(
            scope,
            N_("Начальных событий: {count}; нужно одно."),
            N_("Поставьте одно обычное начальное событие; варианты начала рисуются развилкой после него."),
            count=len(starts),
        )
