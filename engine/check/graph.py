"""Walks over small directed graphs given as node -> next nodes; none of them recurses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

Graph = Mapping[str, Sequence[str]]


def reached(graph: Graph, starts: Iterable[str]) -> set[str]:
    """Return the nodes that can be reached, the starts included.

    >>> sorted(reached({"a": ["b"], "b": [], "c": ["a"]}, ["a"]))
    ['a', 'b']
    """
    found = set(starts)
    todo = list(found)
    while todo:
        for following in graph.get(todo.pop(), ()):
            if following not in found:
                found.add(following)
                todo.append(following)
    return found


def cycles(graph: Graph) -> list[set[str]]:
    """Return the sets of nodes that reach each other (Tarjan's strong components that hold a cycle).

    >>> [sorted(one) for one in cycles({"a": ["b"], "b": ["a", "c"], "c": [], "d": ["d"]})]
    [['a', 'b'], ['d']]
    """
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    found: list[set[str]] = []
    for root in graph:
        if root in index:
            continue
        work = [(root, iter(graph[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, rest = work[-1]
            following = next((one for one in rest if one in graph), None)
            if following is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    found.extend(_component(graph, node, stack, on_stack))
            elif following not in index:
                index[following] = low[following] = len(index)
                stack.append(following)
                on_stack.add(following)
                work.append((following, iter(graph[following])))
            elif following in on_stack:
                low[node] = min(low[node], index[following])
    return found


def deepest_walk(graph: Graph, start: str) -> int:
    """Return how deep a depth-first walk goes that enters every node once, as the library's parser does.

    >>> deepest_walk({"a": ["b", "c"], "b": ["c"], "c": []}, "a")
    3
    """
    seen = {start}
    work = [iter(graph.get(start, ()))]
    deepest = 1
    while work:
        following = next((one for one in work[-1] if one not in seen), None)
        if following is None:
            work.pop()
            continue
        seen.add(following)
        work.append(iter(graph.get(following, ())))
        deepest = max(deepest, len(work))
    return deepest


def _component(graph: Graph, node: str, stack: list[str], on_stack: set[str]) -> list[set[str]]:
    members: set[str] = set()
    while True:
        one = stack.pop()
        on_stack.discard(one)
        members.add(one)
        if one == node:
            break
    return [members] if len(members) > 1 or node in graph.get(node, ()) else []
