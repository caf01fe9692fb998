"""The library reads a path by recursion: more than about 400 nodes in a line break it."""

from __future__ import annotations

from engine.check.graph import deepest_walk
from engine.check.registry import Report, process_rule
from engine.check.whole import Place
from engine.messages import N_

LONGEST = 400  # nodes in a line
MOST = 3_000  # nodes of a process


@process_rule("too-long")
def check(place: Place, report: Report) -> None:
    """Refuse paths and processes that are too long."""
    process = place.process
    if len(process.nodes) <= LONGEST:
        return
    starts = [node.id for node in process.nodes if node.kind == "startEvent"]
    deepest = max((deepest_walk(process.successors, start) for start in starts), default=0)
    if deepest <= LONGEST and len(process.nodes) <= MOST:
        return
    report(
        process,
        N_("В одной цепочке {count} элементов; допустимо {limit}."),
        N_("Вынесите части в вызываемые процессы."),
        count=max(deepest, len(process.nodes) if len(process.nodes) > MOST else 0),
        limit=LONGEST,
    )
