"""Nodes that no way from the start reaches."""

from __future__ import annotations

from engine.check.graph import reached
from engine.check.registry import Report, process_rule
from engine.check.whole import Place
from engine.diagram import SUBPROCESSES
from engine.messages import N_


@process_rule("unreachable")
def check(place: Place, report: Report) -> None:
    """Refuse islands; a node without any incoming flow has a rule of its own."""
    process = place.process
    graph = {node: list(targets) for node, targets in process.successors.items()}
    for node in process.nodes:
        if node.kind in SUBPROCESSES:
            graph.setdefault(node.id, []).extend(
                inner.id for inner in process.in_scope(node.id) if inner.kind == "startEvent"
            )
    starts = [
        node.id for node in process.nodes if node.is_start and (node.scope == process.id or node.kind in SUBPROCESSES)
    ]
    starts = [one for one in starts if process.node[one].kind != "boundaryEvent"]
    found = reached(graph, starts) if starts else set(process.node)
    for node in process.nodes:
        if node.id in found or not node.incoming:
            continue
        report(
            node, N_("От начала процесса сюда нет пути."), N_("Соедините элемент с остальной схемой или удалите его.")
        )
