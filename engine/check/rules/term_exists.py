"""Deadlines are terms of the profile."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place, nearest
from engine.diagram import Node
from engine.messages import N_


@node_rule("term-exists")
def check(node: Node, place: Place, report: Report) -> None:
    """Refuse a deadline that the profile does not know."""
    term = node.properties.get("deadline")
    if term is None or term in place.context.terms:
        return
    report(
        node,
        N_("Срока «{term}» в профиле нет."),
        N_("Возьмите срок из profile.toml (похоже на «{nearest}») или добавьте его туда."),
        term=term,
        nearest=nearest(term, place.context.terms),
    )
