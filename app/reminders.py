"""The morning's reminders: one letter a person with what they have to do soon, what is late, and what they watch over.

A deadline is told of once when it comes near (reading `alert.before`) and once when it has passed: to those whose
task it is, and to whoever watches over the terms of its process (`controlled_by`; the next in line where a case is
closed to all of the first). Nobody is told of a case that is hidden from them, and no letter says what a case is about.
The profile says whether and from which hour (`[reminders]`); days are those of each profile's zone.
Source: A 5.3 (A-011).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, Protocol
from uuid import uuid4

from app.wiring import Services
from engine.library import DiagramSet
from rules.durations import last_day
from storage import people, reminders, sets
from storage.chain import Event, append
from storage.database import Connection
from storage.instants import to_text
from storage.reading.rows import Row
from storage.reminders import LATE
from storage.steps import insert_rows

HOUR = 8
BEFORE = "P3D"
"""How long before its end a deadline is told of where the profile has no reading `alert.before`."""


@dataclass(slots=True)
class _Digest:
    """What one person is told this morning."""

    own: list[Row] = field(default_factory=list)
    watched: list[Row] = field(default_factory=list)

    def count(self, stage: str) -> int:
        return sum(row["stage"] == stage for row in (*self.own, *self.watched))


class Reminders:
    """Tells of deadlines, once a day."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._done: dict[str, date] = {}

    def round(self) -> int:
        """Write this morning's letters unless that is done; returns how many."""
        with self._services.database.reading() as connection:
            current = sets.current(connection)
        if current is None:
            return 0
        diagrams = self._services.library.set(current)
        wanted = diagrams.profile.get("reminders", {})
        if not wanted.get("is_on", True):
            return 0
        return sum(
            self._of_profile(diagrams, current, name, int(wanted.get("hour", HOUR))) for name in _profiles(diagrams)
        )

    def _of_profile(self, diagrams: DiagramSet, current: str, profile: str, hour: int) -> int:
        terms = self._services.library.terms(current, profile, "{}")
        now = self._services.clock.now().astimezone(terms.zone)
        if now.hour < hour or self._done.get(profile) == now.date():
            return 0
        key = f"reminded.{profile}"
        until = near_until(now, terms)
        with self._services.database.writing() as connection:
            self._done[profile] = now.date()
            if people.read_setting(connection, key) == now.date().isoformat():
                return 0
            people.save_setting(connection, key, now.date().isoformat())
            rows = reminders.untold(connection, profile, now=to_text(now), until=to_text(until))
            return _tell(connection, diagrams, rows, now)


def _tell(connection: Connection, diagrams: DiagramSet, rows: Sequence[Row], now: datetime) -> int:
    """Write a letter to each person, an event in each case and the marks; returns how many letters."""
    held, known = reminders.holders(connection), reminders.addresses(connection)
    digests: dict[str, _Digest] = {}
    events: list[Event] = []
    for row in rows:
        own, watching = _addressees(diagrams, row, held, reminders.groups(connection, row["case_id"]))
        for login in (*own, *watching):
            digest = digests.setdefault(login, _Digest())
            (digest.own if login in own else digest.watched).append(row)
        told = [login for login in (*own, *watching) if login in known]
        events += [_event(row, told, now)] if told else []
    letters = [_letter(known[who], one, now) for who, one in sorted(digests.items()) if who in known]
    insert_rows(connection, "letter", letters)
    reminders.mark_told(connection, rows, to_text(now))
    append(connection, events)
    return len(letters)


def _profiles(diagrams: DiagramSet) -> list[str]:
    return list(diagrams.profile.get("profiles", {}))


class Readings(Protocol):
    """As much of a profile's terms as is asked here."""

    @property
    def zone(self) -> tzinfo:
        """The zone in which its days are counted."""

    def reading(self, key: str) -> Any:
        """Return the value of a reading; raises KeyError."""


def near_until(now: datetime, terms: Readings) -> datetime:
    """Return the midnight before which a deadline ends that is near: so many days ahead as `alert.before` says."""
    try:
        before = str(terms.reading("alert.before"))
    except KeyError:
        before = BEFORE
    return datetime.combine(last_day(now.date(), before) + timedelta(days=1), time(), terms.zone)


def _addressees(
    diagrams: DiagramSet, row: Row, held: Mapping[str, Sequence[str]], members: Mapping[str, Sequence[str]]
) -> tuple[list[str], list[str]]:
    """Return whose task a deadline is, and who else watches over it; nobody who must not know of the case."""
    hidden = reminders.shut_out(members)
    excluded = {login for group in row["excludes"].split() for login in members.get(group, ())}
    if row["assignee"]:
        own: Iterable[str] = [row["assignee"]]
    elif row["scope"] == "case":
        own = members.get(row["role"], ()) or held.get(row["on_behalf"] or "", ())
    else:
        own = held.get(row["role"], ())
    own = [login for login in dict.fromkeys(own) if login not in hidden | excluded]
    return own, [login for login in _watching(diagrams, row["process"], held, hidden) if login not in own]


def _watching(diagrams: DiagramSet, process: str, held: Mapping[str, Sequence[str]], hidden: set[str]) -> list[str]:
    for role in diagrams.process_settings(process).get("controlled_by", ()):
        free = [login for login in held.get(str(role), ()) if login not in hidden]
        if free:
            return free
    return []


def _letter(to: str, digest: _Digest, now: datetime) -> dict[str, Any]:
    late, soon = digest.count(LATE), digest.count(reminders.SOON)
    parts = [f"просрочено: {late}"] if late else []
    parts += [f"скоро истекают: {soon}"] if soon else []
    blocks = [
        _block("Ваши задачи", digest.own),
        _block("Под вашим контролем", digest.watched),
        "О каждом сроке мы пишем дважды: когда он близок и когда прошёл. Все сроки видны в разделе «Задачи».",
    ]
    return {
        "case_id": None,
        "kind": "deadline_digest",
        "addressee": to,
        "subject": f"Сроки на {now:%d.%m.%Y}: {', '.join(parts)}",
        "body": "\n\n".join(block for block in blocks if block),
        "message_id": f"<{uuid4().hex}@reglament>",
        "due_on": None,
        "created_at": to_text(now),
        "next_try_at": to_text(now),
        "attempts": 0,
        "status": "waiting",
    }


def _block(title: str, rows: Sequence[Row]) -> str:
    lines = [
        f"• {'просрочено' if row['stage'] == LATE else 'до'} "
        f"{date.fromisoformat(row['due_on']):%d.%m.%Y}: дело {row['number']}, «{row['name']}»"
        for row in sorted(rows, key=lambda row: (row["stage"] != LATE, row["due_at"], row["id"]))
    ]
    return "\n".join([f"{title}:", *lines]) if lines else ""


def _event(row: Row, to: Sequence[str], now: datetime) -> Event:
    data = {"stage": row["stage"], "due_on": row["due_on"], "to": list(to)}
    return Event(
        type="DeadlineReminded",
        actor="system",
        at=to_text(now),
        case_id=row["case_id"],
        element=row["element"],
        data=data,
    )
