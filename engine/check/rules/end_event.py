"""A process comes to an end somewhere."""

from __future__ import annotations

from engine.check.graph import reached
from engine.check.registry import Report, process_rule
from engine.check.whole import Place
from engine.messages import N_


@process_rule("end-event")
def check(place: Place, report: Report) -> None:
    """Refuse a process in which no end event can be reached."""
    process = place.process
    starts = [node.id for node in process.in_scope(process.id) if node.kind == "startEvent"]
    if not starts:
        return
    found = reached(process.successors, starts)
    if any(process.node[one].kind == "endEvent" or not process.node[one].outgoing for one in found):
        return
    report(
        process, N_("Из процесса нет выхода: ни один конец не достижим."), N_("Доведите поток до конечного события.")
    )
