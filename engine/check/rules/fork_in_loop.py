"""A fork that comes round again before its branches are joined makes ever more tokens."""

from __future__ import annotations

from engine.check.graph import reached
from engine.check.registry import Report, process_rule
from engine.check.whole import Place
from engine.messages import N_


@process_rule("fork-in-loop")
def check(place: Place, report: Report) -> None:
    """Refuse a parallel or inclusive split that reaches itself past every join."""
    process = place.process
    joining = {n.id for n in process.nodes if n.kind in ("parallelGateway", "inclusiveGateway") and len(n.incoming) > 1}
    for fork in process.nodes:
        if fork.kind not in ("parallelGateway", "inclusiveGateway") or len(fork.outgoing) < 2:
            continue
        graph = {
            node: [target for target in targets if target == fork.id or target not in joining]
            for node, targets in process.successors.items()
        }
        if fork.id not in reached(graph, graph[fork.id]):
            continue
        report(
            fork,
            N_("Ветвь развилки возвращается к ней, не соединившись с другими: маркеров становится всё больше."),
            N_("Соедините ветви до возврата или вынесите ветвление в подпроцесс."),
        )
