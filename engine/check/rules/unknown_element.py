"""Elements in the standard's namespace that the standard does not know: misspelt, they would vanish."""

from __future__ import annotations

from engine.check.registry import Report, process_rule
from engine.check.whole import Place, nearest
from engine.diagram import NODES
from engine.messages import N_

_KNOWN = frozenset(
    {"dataObject", "dataObjectReference", "dataStoreReference", "textAnnotation", "association", "group",
     "correlationSubscription", "resourceRole", "processRole", "ioSpecification"}
)  # fmt: skip


@process_rule("unknown-element")
def check(place: Place, report: Report) -> None:
    """Refuse what no reader of BPMN knows."""
    for item in place.process.items:
        if item.kind in _KNOWN:
            continue
        report(
            item,
            N_("Элемента {kind} в BPMN 2.0 нет."),
            N_("Исправьте имя элемента (похоже на {nearest}) или удалите его."),
            kind=item.kind,
            nearest=nearest(item.kind, NODES | _KNOWN),
        )
