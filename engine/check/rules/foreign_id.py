"""An extension element with the id of a node: the library would lead flows into the extension."""

from __future__ import annotations

from engine.check.registry import Report, process_rule
from engine.check.whole import Place
from engine.messages import N_


@process_rule("foreign-id")
def check(place: Place, report: Report) -> None:
    """Refuse nodes whose id an extension element (a parameter, an operator) has too."""
    for node in place.process.nodes:
        if node.id not in place.diagram.foreign_ids:
            continue
        report(
            node,
            N_("Тот же id «{element}» стоит у расширения в строке {line_of_other}."),
            N_("Переименуйте элемент схемы или параметр обработчика."),
            element=node.id,
            line_of_other=place.diagram.foreign_ids[node.id],
        )
