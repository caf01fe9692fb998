"""Which nodes stop a case until a person or time goes on, so that a loop through them is no endless one."""

from __future__ import annotations

from engine.check.graph import reached
from engine.check.whole import Place
from engine.diagram import SUBPROCESSES, Node

_WAITING = frozenset({"userTask", "manualTask", "receiveTask", "eventBasedGateway", "intermediateCatchEvent"})


def waits(node: Node, place: Place, seen: frozenset[str] = frozenset()) -> bool:
    """Whether every way through the node waits; a call or sub-process waits if it cannot be passed without."""
    if node.kind in _WAITING:
        return True
    if node.kind in SUBPROCESSES:
        return not _can_pass(place, node.id, seen)
    called = place.called(node)
    if node.kind != "callActivity" or called is None or called.process.id in seen:
        return False
    return not _can_pass(called, called.process.id, seen | {called.process.id})


def _can_pass(place: Place, scope: str, seen: frozenset[str]) -> bool:
    known = place.whole.passable
    key = (place.process.id, scope)
    if key not in known:
        known[key] = False  # while it is being found out; a ring of calls is reported elsewhere
        known[key] = _find_pass(place, scope, seen)
    return known[key]


def _find_pass(place: Place, scope: str, seen: frozenset[str]) -> bool:
    inside = {node.id: node for node in place.process.in_scope(scope) if node.id != scope}
    passing = {name for name, node in inside.items() if not waits(node, place, seen)}
    graph = {name: [target for target in place.process.successors[name] if target in passing] for name in passing}
    starts = [name for name in passing if inside[name].kind == "startEvent"]
    return any(inside[name].kind == "endEvent" or not inside[name].outgoing for name in reached(graph, starts))
