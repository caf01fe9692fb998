"""A process id names one process in the whole set: cases and calls find it by id."""

from __future__ import annotations

from engine.check.registry import Report, set_rule
from engine.check.whole import Place, Whole
from engine.messages import N_


@set_rule("process-id-unique")
def check(whole: Whole, report: Report) -> None:
    """Refuse the second process of an id, in whichever file."""
    first: dict[str, Place] = {}
    for place in whole.all_places:
        other = first.setdefault(place.process.id, place)
        if other is place or other.diagram is place.diagram:
            continue
        report.within(place.diagram.path)(
            place.process,
            N_("Процесс «{process}» уже есть в файле {other}."),
            N_("Дайте процессу другой id."),
            process=place.process.id,
            other=other.diagram.path,
        )
