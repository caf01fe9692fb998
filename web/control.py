"""Deadlines under control: the panel of the head, or of the deputy where the case is about the head."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask_login import current_user

from engine.library import DiagramSet
from storage.instants import to_text
from storage.reading import control
from web.language import SOON_DAYS, local
from web.services import current_set, services
from web.visitor import viewer
from web.words import element_name

MOST = 20


def watched() -> list[dict[str, Any]]:
    """Return what is late, or due within three days, in the cases that the person watches over; soonest first."""
    found = current_set()
    before = earlier_roles(found, current_user.roles) if found else {}
    if not before:
        return []
    with services().database.reading() as connection:
        rows = control.watched(connection, viewer(), before, until=to_text(_end_of_soon()), limit=MOST + 1)
    return [{**row, "name": element_name(services().library.set(row["set_hash"]), row["element"])} for row in rows]


def earlier_roles(found: DiagramSet, roles: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """Return, for each process that one of the roles watches over, the roles that come before it (`controlled_by`)."""
    before: dict[str, tuple[str, ...]] = {}
    for process in found.starting:
        named = [str(one) for one in found.process_settings(process).get("controlled_by", ())]
        place = next((index for index, one in enumerate(named) if one in roles), None)
        if place is not None:
            before[process] = tuple(named[:place])
    return before


def _end_of_soon() -> datetime:
    midnight = local(services().clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=SOON_DAYS + 1)
