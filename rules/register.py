"""Which status of a certificate is in force, asked for any moment.

A decision and its entry in the state information system are two moments; the register keeps both. The source puts a
withdrawal alone in force with its entry; a suspension holds from the decision.
Source: C L234-241, L255, L277 (C-128, C-135, C-136, C-147, C-159).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

ON_ENTRY = frozenset({"WITHDRAWN"})
"""In force from the entry in the information system, not from the decision (C L241, C-136)."""
OUTLIVED = frozenset({"VALID", "SUSPENDED", "REISSUED", "REDUCED", "EXTENDED"})
"""What the end of the term ends; the others are ends themselves."""
EXPIRED = "EXPIRED"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One state in which the register had a certificate."""

    status: str
    decided_at: datetime
    entered_at: datetime | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is in force."""

    status: str
    since: datetime
    place: int
    """Which of the states says so."""


def standing(states: Sequence[State], at: datetime) -> Standing | None:
    """Return what is in force at a moment, None before the first state; days are those of the zone of `at`.

    >>> from datetime import timezone
    >>> def on(day): return datetime(2026, 3, day, 12, tzinfo=timezone.utc)
    >>> granted = State(status="VALID", decided_at=on(1), valid_until=date(2029, 3, 1))
    >>> withdrawn = State(status="WITHDRAWN", decided_at=on(10), entered_at=on(13), valid_until=date(2029, 3, 1))
    >>> [standing([granted, withdrawn], on(day)).status for day in (9, 12, 13)]
    ['VALID', 'VALID', 'WITHDRAWN']
    >>> standing([granted], datetime(2029, 3, 2, tzinfo=timezone.utc)).status
    'EXPIRED'
    """
    found: Standing | None = None
    for place, state in enumerate(states):
        since = _in_force_since(state)
        if since is None or since > at:
            continue
        if found is None or found.status != state.status:
            found = Standing(status=state.status, since=since, place=place)
        else:
            found = Standing(status=state.status, since=found.since, place=place)
    if found is None:
        return None
    last_day = states[found.place].valid_until
    if found.status not in OUTLIVED or last_day is None or at.date() <= last_day:
        return found
    ended = datetime.combine(last_day + timedelta(days=1), time.min, at.tzinfo)
    return Standing(status=EXPIRED, since=ended, place=found.place)


def _in_force_since(state: State) -> datetime | None:
    return state.entered_at if state.status in ON_ENTRY else state.decided_at
