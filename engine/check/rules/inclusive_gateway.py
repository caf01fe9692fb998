"""Inclusive joins wait for what may still come; the library cannot tell that inside a loop."""

from __future__ import annotations

from engine.check.graph import cycles
from engine.check.registry import Report, process_rule
from engine.check.whole import Place
from engine.messages import N_


@process_rule("inclusive-gateway")
def check(place: Place, report: Report) -> None:
    """Refuse an inclusive join in a loop, and one without an inclusive split before it."""
    looping = {node for cycle in cycles(place.process.successors) for node in cycle}
    joins = [n for n in place.process.nodes if n.kind == "inclusiveGateway" and len(n.incoming) > 1]
    splits = [n for n in place.process.nodes if n.kind == "inclusiveGateway" and len(n.outgoing) > 1]
    for join in joins:
        if join.id not in looping and any(split.scope == join.scope and split.id != join.id for split in splits):
            continue
        report(
            join,
            N_("Соединяющая неисключающая развилка стоит в цикле или без своей разделяющей."),
            N_("Соедините исключающей развилкой или вынесите ветвление из цикла в подпроцесс."),
        )
