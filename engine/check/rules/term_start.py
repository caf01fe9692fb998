"""A term counts from a date of the case: something before the element has written it."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place, nearest
from engine.diagram import Node
from engine.messages import N_


@node_rule("term-start", "warning")
def check(node: Node, place: Place, report: Report) -> None:
    """Warn of a start that nobody before has written: the term would count from the moment the task waits."""
    term = node.properties.get("deadline", "")
    starts = sorted(place.context.term_starts.get(term, ()))
    # Profiles may count one term from different dates, and a process runs under one of them.
    if any(start in ("", "task", "case") or place.whole.written.is_known(place, node, start) for start in starts):
        return
    for start in starts:
        report(
            node,
            N_("Срок «{term}» считается от «{start}», а до этого места такую дату никто не записывает."),
            N_("Проверьте start срока в profile.toml (похоже на «{nearest}») или запишите дату раньше."),
            term=term,
            start=start,
            nearest=nearest(start, place.whole.written.suggestions()),
        )
