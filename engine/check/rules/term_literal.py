"""The time that other tools see is the time that rules."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place
from engine.diagram import Node
from engine.messages import N_


@node_rule("term-literal")
def check(node: Node, place: Place, report: Report) -> None:
    """Refuse a timer whose literal differs from the duration of its term."""
    term = node.properties.get("deadline", "")
    event = node.event
    durations = place.context.terms.get(term)
    if durations is None or event is None or event.kind != "timer" or event.time_kind != "timeDuration":
        return
    if event.time in {duration.lstrip("-") for duration in durations}:
        return
    report(
        node,
        N_("В схеме {time}, а срок «{term}» длится {durations}."),
        N_("Запишите в таймере то же, что в профиле; действует срок профиля."),
        line=event.line,
        time=event.time,
        term=term,
        durations=", ".join(sorted(durations)),
    )
