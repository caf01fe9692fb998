"""A pool shows a process of its file."""

from __future__ import annotations

from engine.check.registry import Report, diagram_rule
from engine.check.whole import Whole, nearest
from engine.diagram import Diagram
from engine.messages import N_


@diagram_rule("participant-process")
def check(diagram: Diagram, whole: Whole, report: Report) -> None:
    """Refuse a pool whose process is missing."""
    known = [process.id for process in diagram.processes]
    for item in diagram.items:
        if item.kind != "participant" or not item.ref or item.ref in known:
            continue
        report(
            item,
            N_("Пул показывает процесс «{process}», которого в файле нет."),
            N_("Исправьте processRef (похоже на «{nearest}»)."),
            process=item.ref,
            nearest=nearest(item.ref, known),
        )
