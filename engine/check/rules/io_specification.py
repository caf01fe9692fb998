"""Input and output specifications: the library looks for their data in places that our case data never enter."""

from __future__ import annotations

from engine.check.registry import Report, Thing, process_rule
from engine.check.whole import Place
from engine.messages import N_


@process_rule("io-specification")
def check(place: Place, report: Report) -> None:
    """Refuse ioSpecification of processes and of nodes."""
    scopes = {item.scope for item in place.process.items if item.kind == "ioSpecification"}
    things: list[Thing] = [place.process, *place.process.nodes]
    for thing in things:
        if thing.id not in scopes:
            continue
        report(
            thing,
            N_("Спецификация входов и выходов (ioSpecification) не исполняется."),
            N_("Удалите её: данные дела видны всем задачам, параметры обработчика задаются у служебной задачи."),
        )
