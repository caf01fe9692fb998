"""A parallel join waits for every flow: ways that exclude each other never all come."""

from __future__ import annotations

from engine.check.graph import reached
from engine.check.registry import Report, process_rule
from engine.check.whole import Place
from engine.messages import N_


@process_rule("parallel-join")
def check(place: Place, report: Report) -> None:
    """Refuse a parallel join that no parallel or inclusive split, and no event beside a task, can feed."""
    process = place.process
    feeding = [
        node.id
        for node in process.nodes
        if (node.kind in ("parallelGateway", "inclusiveGateway") and len(node.outgoing) > 1)
        or any(not event.interrupting for event in process.boundary.get(node.id, ()))
    ]
    for join in process.nodes:
        if join.kind != "parallelGateway" or len(join.incoming) < 2:
            continue
        if any(
            join.id in reached(process.successors, process.successors[split]) for split in feeding if split != join.id
        ):
            continue
        report(
            join,
            N_("Параллельное соединение ждёт всех потоков, а придёт один: дело повиснет."),
            N_("Соедините исключающей развилкой или разделите поток параллельной."),
        )
