"""A lane is a role of the profile."""

from __future__ import annotations

from engine.check.registry import Report, process_rule
from engine.check.whole import Place, nearest
from engine.messages import N_


@process_rule("lane-role")
def check(place: Place, report: Report) -> None:
    """Refuse lanes with an unknown role; lanes that only hold other lanes need none."""
    outer = {lane.parent for lane in place.process.lanes}
    for lane in place.process.lanes:
        if lane.role in place.context.roles or (lane.id in outer and not lane.nodes):
            continue
        report(
            lane,
            N_("Роли «{role}» в профиле нет."),
            N_("Укажите у дорожки свойство role: роль из profile.toml (похоже на «{nearest}»)."),
            role=lane.role,
            nearest=nearest(lane.role, place.context.roles),
        )
