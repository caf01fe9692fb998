"""Every loop waits somewhere: for a person or for time."""

from __future__ import annotations

from engine.check.graph import cycles
from engine.check.registry import Report, process_rule
from engine.check.waits import waits
from engine.check.whole import Place
from engine.messages import N_


@process_rule("endless-loop")
def check(place: Place, report: Report) -> None:
    """Refuse a loop in which nothing waits: one step of a case would never end."""
    process = place.process
    passing = {node.id for node in process.nodes if not waits(node, place)}
    graph = {
        node: [target for target in targets if target in passing]
        for node, targets in process.successors.items()
        if node in passing
    }
    for cycle in cycles(graph):
        first = min((process.node[node] for node in cycle), key=lambda node: node.line)
        report(
            first,
            N_("Цикл из элементов {names} может идти без остановки."),
            N_("Поставьте в цикл задачу пользователя или таймер."),
            names=", ".join(sorted(cycle))[:120],
        )
