"""Nodes and processes without an id cannot be referred to, by a flow or by a case that waits there."""

from __future__ import annotations

from engine.check.registry import Report, Thing, process_rule
from engine.check.whole import Place
from engine.messages import N_


@process_rule("missing-id")
def check(place: Place, report: Report) -> None:
    """Demand ids."""
    things: list[Thing] = [place.process, *place.process.nodes]
    for thing in things:
        if thing.id:
            continue
        report(thing, N_("У элемента нет id."), N_("Дайте элементу id: по нему идущие дела узнают своё место."))
