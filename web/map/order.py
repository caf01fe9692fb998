"""The order in which a reader meets the elements of a process: along the flow, each branch whole before the join."""

from __future__ import annotations

from collections.abc import Sequence

from engine.diagram import Node, Process
from engine.library import DiagramSet


def in_flow_order(process: Process) -> list[Node]:
    """Return every node once: what comes earlier on the way first, what cannot be reached last.

    It is the reversed post-order of a walk from the starts. A way back (a loop) does not count, so a join comes after
    all branches that lead to it.
    """
    starts = [node.id for node in process.nodes if node.kind == "startEvent" and node.scope == process.id]
    finished: list[str] = []
    seen: set[str] = set()
    for start in reversed(starts):  # after the reversal below the first start leads
        _walk(process, start, seen, finished)
    unreached = [node.id for node in process.nodes if node.id not in seen]
    return [process.node[name] for name in (*reversed(finished), *unreached)]


def _walk(process: Process, start: str, seen: set[str], finished: list[str]) -> None:
    """Append nodes to `finished` once all that follows them is there; without recursion, for processes are long."""
    if start in seen:
        return
    seen.add(start)
    open_nodes = [(start, iter(_following(process, start)))]
    while open_nodes:
        node, following = open_nodes[-1]
        step = next((name for name in following if name not in seen), None)
        if step is None:
            finished.append(node)
            open_nodes.pop()
        else:
            seen.add(step)
            open_nodes.append((step, iter(_following(process, step))))


def _following(process: Process, name: str) -> Sequence[str]:
    """What comes next, the last branch first: reversal puts the first one first again."""
    inner = tuple(node.id for node in process.nodes if node.scope == name and node.kind == "startEvent")
    return (*process.successors.get(name, ()), *inner)[::-1]


def called_by(diagrams: DiagramSet, process: str) -> list[str]:
    """Return the processes that a process calls, directly or not, in the order in which a case meets them."""
    found: dict[str, None] = {}
    ahead = [process]
    while ahead:
        name = ahead.pop(0)
        calls = [node.called_element for node in in_flow_order(diagrams.processes[name]) if node.called_element]
        new = [call for call in calls if call in diagrams.processes and call not in found and call != process]
        found.update(dict.fromkeys(new))
        ahead = [*new, *ahead]
    return list(found)
