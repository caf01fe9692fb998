"""Processes that call each other in a ring never end."""

from __future__ import annotations

from engine.check.graph import cycles
from engine.check.registry import Report, set_rule
from engine.check.whole import Whole
from engine.messages import N_


@set_rule("call-cycle")
def check(whole: Whole, report: Report) -> None:
    """Refuse rings of calls, at each call that is part of one."""
    graph = {
        name: [node.called_element for node in place.process.nodes if node.called_element]
        for name, place in whole.places.items()
    }
    for ring in cycles(graph):
        for name in sorted(ring):
            place = whole.places[name]
            for node in place.process.nodes:
                if node.called_element not in ring:
                    continue
                report.within(place.diagram.path)(
                    node,
                    N_("Процессы вызывают друг друга по кругу: {ring}."),
                    N_("Разорвите круг: повторение рисуется циклом внутри процесса или новым делом."),
                    ring=" → ".join(sorted(ring)),
                )
