"""Lanes name nodes that exist, each node once."""

from __future__ import annotations

from engine.check.registry import Report, process_rule
from engine.check.whole import Place
from engine.messages import N_


@process_rule("lane-members")
def check(place: Place, report: Report) -> None:
    """Refuse lanes that name what is missing, and nodes in two lanes."""
    first: dict[str, str] = {}
    parents = {lane.id: lane.parent for lane in place.process.lanes}
    known = set(place.process.node) | {item.id for item in place.process.items}
    for lane in place.process.lanes:
        for node in lane.nodes:
            if node not in known:
                message = N_("Дорожка «{lane}» называет элемент «{node}», которого в процессе нет.")
                report(lane, message, N_("Удалите запись из дорожки."), lane=lane.name or lane.id, node=node)
                continue
            other = first.setdefault(node, lane.id)
            if other in (lane.id, parents[lane.id]):
                continue
            message = N_("Элемент «{node}» стоит в двух дорожках: «{other}» и «{lane}».")
            report(lane, message, N_("Оставьте элемент в одной дорожке."), node=node, other=other, lane=lane.id)
