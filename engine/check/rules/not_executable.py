"""A process that is marked as a mere picture cannot be started."""

from __future__ import annotations

from engine.check.registry import Report, process_rule
from engine.check.whole import Place
from engine.messages import N_


@process_rule("not-executable")
def check(place: Place, report: Report) -> None:
    """Demand isExecutable."""
    if place.process.is_executable:
        return
    report(
        place.process,
        N_("Процесс «{process}» помечен как неисполняемый."),
        N_('Поставьте isExecutable="true" (в редакторе: Executable).'),
        process=place.process.id,
    )
