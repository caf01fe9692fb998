"""Properties of nodes are those that the engine reads: a misspelt one would say nothing."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place, nearest
from engine.diagram import Node
from engine.messages import N_

_KNOWN = frozenset(
    {"formJsonSchemaFilename", "formUiSchemaFilename", "deadline", "requirements", "excludes", "joins", "guard",
     "on_behalf", "proof", "replaceable", "signs", "signs_when"}
)  # fmt: skip


@node_rule("known-properties", "warning")
def check(node: Node, place: Place, report: Report) -> None:
    """Warn of a property that nobody reads."""
    for name in node.properties:
        if name in _KNOWN:
            continue
        report(
            node,
            N_("Свойство «{name}» никто не читает."),
            N_("Проверьте имя (похоже на «{nearest}») или удалите его."),
            name=name,
            nearest=nearest(name, _KNOWN),
        )
