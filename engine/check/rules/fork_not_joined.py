"""Branches that run side by side are joined by a parallel gateway, else what follows happens once for each."""

from __future__ import annotations

from engine.check.graph import reached
from engine.check.registry import Report, process_rule
from engine.check.whole import Place
from engine.messages import N_


@process_rule("fork-not-joined", "warning")
def check(place: Place, report: Report) -> None:
    """Warn of an exclusive join at which two branches of one fork meet before any parallel join."""
    process = place.process
    joining = {n.id for n in process.nodes if n.kind in ("parallelGateway", "inclusiveGateway") and len(n.incoming) > 1}
    graph = {
        node: [target for target in targets if target not in joining] for node, targets in process.successors.items()
    }
    for fork in process.nodes:
        if fork.kind != "parallelGateway" or len(fork.outgoing) < 2:
            continue
        onward = {node: [target for target in targets if target != fork.id] for node, targets in graph.items()}
        branches = [reached(onward, [process.flow[flow].target]) - joining for flow in fork.outgoing]
        counted: dict[str, int] = {}
        for branch in branches:
            for node in branch:
                counted[node] = counted.get(node, 0) + 1
        for meeting in process.nodes:
            before = {process.flow[flow].source for flow in meeting.incoming}
            if counted.get(meeting.id, 0) < 2 or any(counted.get(one, 0) > 1 for one in before):
                continue
            if meeting.kind == "endEvent":
                continue
            report(
                meeting,
                N_("Здесь сходятся ветви параллельной развилки «{fork}»: всё дальнейшее пройдёт по разу на ветвь."),
                N_("Соедините ветви параллельной развилкой."),
                fork=fork.id,
            )
