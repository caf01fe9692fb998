"""The way a case came, told from the elements it passed: how often each, and along which flows.

The case keeps which elements were completed, in order, not the flows between them; those follow from the diagram. Where
an exclusive gateway leaves a choice, the branch that was met first afterwards is the one taken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from engine.diagram import Node, Process


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """What a map shows of a way."""

    passed: Mapping[str, int]
    """Element -> how often it was completed."""
    flows: frozenset[str]
    """Flows that the case went along."""


def way(process: Process, passages: Sequence[str], waiting: Collection[str] = ()) -> Way:
    """Return the way through a process.

    `passages` are the completed elements in order; `waiting` are those where the case stands now.
    """
    met = [name for name in passages if name in process.node]
    reached = [*met, *(name for name in waiting if name in process.node)]
    flows: set[str] = set()
    for at, name in enumerate(met):
        flows.update(_taken(process, process.node[name], reached, at))
    return Way(passed=Counter(met), flows=frozenset(flows))


def _taken(process: Process, node: Node, reached: Sequence[str], at: int) -> list[str]:
    """Flows by which the element at place `at` was left."""
    first = {}
    for place in range(len(reached) - 1, at, -1):
        first[reached[place]] = place
    targets = [(first[flow.target], flow.id) for name in node.outgoing if (flow := process.flow[name]).target in first]
    if node.kind in ("exclusiveGateway", "eventBasedGateway"):
        return [min(targets)[1]] if targets else []
    return [flow for _, flow in targets]
