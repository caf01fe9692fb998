"""Data objects in a drawing refer to something; the library looks for a missing one for ever."""

from __future__ import annotations

from engine.check.registry import Report, process_rule
from engine.check.whole import Place
from engine.messages import N_


@process_rule("data-reference")
def check(place: Place, report: Report) -> None:
    """Refuse references to data objects that the process does not hold."""
    known = {item.id for item in place.process.items if item.kind == "dataObject"}
    for item in place.process.items:
        if item.kind != "dataObjectReference" or item.ref in known:
            continue
        report(
            item,
            N_("Ссылка на объект данных «{ref}», которого в процессе нет."),
            N_("Добавьте объект данных или удалите ссылку."),
            ref=item.ref or "—",
        )
