"""Associations of annotations have two ends."""

from __future__ import annotations

from engine.check.registry import Report, diagram_rule
from engine.check.whole import Whole
from engine.diagram import Diagram
from engine.messages import N_


@diagram_rule("association-ends")
def check(diagram: Diagram, whole: Whole, report: Report) -> None:
    """Refuse associations with a missing end."""
    known = {element for element, _ in diagram.ids}
    items = [*diagram.items, *(item for process in diagram.processes for item in process.items)]
    for item in items:
        if item.kind != "association":
            continue
        for end in (item.source, item.target):
            if end in known:
                continue
            message = N_("Связь ссылается на «{end}», которого в файле нет.")
            report(item, message, N_("Проведите связь заново или удалите её."), end=end or "—")
