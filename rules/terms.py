"""The profile of a body as a value: its readings, its terms, and the deadlines that follow from them.

`ProfileTerms` has the shape that the engine's `Terms` asks for, and `Deadline` the shape of its `Due`; this room
imports neither. Reading the TOML and the calendar, and choosing the zone, are done by whoever builds the profile.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, tzinfo
from types import MappingProxyType
from typing import Any, TypeVar

from rules.calendars import Calendar
from rules.durations import Duration

LAST_INSTANT = time(23, 59, 59)
DAY_TYPES = ("calendar", "working")
ROLLS = ("none", "next_working_day")
AS_READ = "as_read"
"""In place of a kind of days or a roll: as the reading says, for the source does not name it."""
FOLLOWED = {"day_type": "daytype.default", "roll": "roll"}
"""What a term may leave to a reading, and to which."""
KINDS = ("procedure", "body_policy")

Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How the body understands a place that the procedure leaves open."""

    name: str
    value: Any
    title: str = ""
    alternatives: tuple[Any, ...] = ()
    source: str = ""
    confidence: str = "G"
    note: str = ""

    @classmethod
    def from_table(cls, name: str, table: Mapping[str, Any]) -> Reading:
        """Build a reading from its table in the profile; raises ValueError if it has no value."""
        if "value" not in table:
            raise ValueError(f"Reading {name!r} has no value.")
        return cls(
            name=name,
            value=table["value"],
            title=str(table.get("title", "")),
            alternatives=tuple(table.get("alternatives", ())),
            source=str(table.get("source", "")),
            confidence=str(table.get("confidence", "G")),
            note=str(table.get("note", "")),
        )


NO_READINGS: Mapping[str, Reading] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A term of the profile: from what it starts, how long it runs, and where that is written."""

    name: str
    title: str
    start: str
    """Path to a date in the case data, `task` (the element starts to wait) or `case` (the case is opened)."""
    duration: Duration
    iso: str
    """The duration as the profile writes it."""
    day_type: str = "calendar"
    roll: str = "none"
    kind: str = "procedure"
    """`procedure`: the source sets the term; `body_policy`: the body set it for itself."""
    source: str = ""
    confidence: str = "G"
    reading: str = ""
    """The reading that this term follows; its own name if the profile does not say."""
    note: str = ""

    @classmethod
    def from_table(cls, name: str, table: Mapping[str, Any], readings: Mapping[str, Reading] = NO_READINGS) -> Term:
        """Build a term from its table in the profile, as the readings say where the table leaves it to them.

        Raises ValueError naming the term and the wrong value.
        """
        table = _as_read(name, table, readings)
        try:
            iso = str(table["duration"])
            duration = Duration.parse(iso)
            start, title = str(table["start"]), str(table["title"])
        except (KeyError, ValueError) as error:
            raise ValueError(f"Term {name!r}: {error}") from error
        term = cls(
            name=name,
            title=title,
            start=start,
            duration=duration,
            iso=iso,
            day_type=_one_of(name, "day_type", table.get("day_type", "calendar"), DAY_TYPES),
            roll=_one_of(name, "roll", table.get("roll", "none"), ROLLS),
            kind=_one_of(name, "kind", table.get("kind", "procedure"), KINDS),
            source=str(table.get("source", "")),
            confidence=str(table.get("confidence", "G")),
            reading=str(table.get("reading", name)),
            note=str(table.get("note", "")),
        )
        if term.roll != "none" and iso.startswith("-"):
            raise ValueError(f"Term {name!r}: a term that ends before its start is not rolled forward.")
        if term.day_type == "working" and not duration.is_of_days:
            raise ValueError(f"Term {name!r}: only days can be working days, and {iso} has other units.")
        return term


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """One computed deadline with everything that is needed to explain it later."""

    term: str
    title: str
    start: date
    due: datetime
    """The last instant that is still in time, aware, in the zone of the profile."""
    duration: str
    day_type: str
    roll: str
    calendar: str
    """Name and version of the calendar used; empty where none was needed."""
    reading: str
    source: str
    confidence: str

    @property
    def day(self) -> date:
        """The last day, in the zone of the profile."""
        return self.due.date()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileTerms:
    """A profile ready for use: readings and terms by name, the calendar and the zone they are counted in."""

    profile: str
    zone: tzinfo
    calendar: Calendar
    terms: Mapping[str, Term] = field(default_factory=lambda: MappingProxyType({}))
    readings: Mapping[str, Reading] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def from_table(
        cls,
        profile: str,
        table: Mapping[str, Any],
        *,
        zone: tzinfo,
        calendar: Calendar,
        chosen: Mapping[str, Any] = MappingProxyType({}),
    ) -> ProfileTerms:
        """Build a profile from its table in `profile.toml`; `chosen` replaces values of readings for one case.

        Raises ValueError for a broken term or reading, KeyError for a chosen reading that does not exist.
        """
        readings = {name: Reading.from_table(name, entry) for name, entry in table.get("readings", {}).items()}
        for name, value in chosen.items():
            readings[name] = _with_value(_named(readings, name, "reading"), value)
        terms = {name: Term.from_table(name, entry, readings) for name, entry in table.get("terms", {}).items()}
        return cls(profile=profile, zone=zone, calendar=calendar, terms=terms, readings=readings)

    def reading(self, key: str) -> Any:
        """Return the value of the reading; raises KeyError with the nearest names."""
        return _named(self.readings, key, "reading").value

    def term(self, key: str) -> Term:
        """Return the term itself; raises KeyError with the nearest names."""
        return _named(self.terms, key, "term")

    def start(self, term: str) -> str:
        """Return from what a term is counted: a path to a date in case data, `task` or `case`; raises KeyError."""
        return self.term(term).start

    def due(self, term: str, start: date | datetime) -> Deadline:
        """Compute the deadline of a term; raises KeyError for an unknown term.

        Days, weeks, months and years are counted from the day after the start and end at 23:59:59 of the last
        day in the profile's zone; hours are counted from the instant (a bare date begins at its midnight).
        A negative duration ("-P2M") gives the last day on which something may still be done before the start.
        Raises ValueError for a naive datetime, NotPossible where the calendar lacks a needed year.
        """
        found = self.term(term)
        last, used_calendar = self._last_instant(found, start)
        return Deadline(
            term=found.name,
            title=found.title,
            start=self._local_day(start),
            due=last,
            duration=found.iso,
            day_type=found.day_type,
            roll=found.roll,
            calendar=self.calendar.version if used_calendar else "",
            reading=found.reading,
            source=found.source,
            confidence=found.confidence,
        )

    def _last_instant(self, term: Term, start: date | datetime) -> tuple[datetime, bool]:
        if term.duration.time:
            days = Duration(months=term.duration.months, days=term.duration.days)
            instant = self._local_instant(start)
            day = days.after(instant.date())
            return (datetime.combine(day, instant.timetz()) + term.duration.time), False
        day = self._local_day(start)
        if term.day_type == "working":
            day = self.calendar.add_working_days(day, term.duration.days)
        else:
            day = term.duration.after(day)
        if term.roll == "next_working_day":
            day = self.calendar.next_working_day(day)
        used_calendar = term.day_type == "working" or term.roll == "next_working_day"
        return datetime.combine(day, LAST_INSTANT, tzinfo=self.zone), used_calendar

    def _local_instant(self, start: date | datetime) -> datetime:
        if not isinstance(start, datetime):
            return datetime.combine(start, time.min, tzinfo=self.zone)
        if start.tzinfo is None:
            raise ValueError(f"The start {start.isoformat()} has no time zone.")
        return start.astimezone(self.zone)

    def _local_day(self, start: date | datetime) -> date:
        return self._local_instant(start).date()


def earlier_of(deadlines: Iterable[Deadline]) -> Deadline:
    """Return the deadline that ends first; the first named wins a tie. Raises ValueError if there is none.

    Source: C L176 (C-099): "three days" of an unnamed kind, so both kinds are shown and the earlier is kept.
    """
    return min(deadlines, key=lambda deadline: deadline.due)


def is_in_time(deadline: Deadline, at: datetime) -> bool:
    """Whether the instant is in time; the last second of the last day is."""
    return at.replace(microsecond=0) <= deadline.due


def _as_read(name: str, table: Mapping[str, Any], readings: Mapping[str, Reading]) -> dict[str, Any]:
    """Return the table of a term with what it leaves to readings filled in, and these named in `reading`.

    `day_type` and `roll` may be "as_read"; `starts` names for a reading's values other days to count from. Working
    days cannot be counted in months: such a term stays one of calendar days.
    """
    found, followed = dict(table), list[Reading]()
    for key, reading in FOLLOWED.items():
        if table.get(key) == AS_READ:
            followed.append(_named(readings, reading, "reading"))
            found[key] = followed[-1].value
    if found.get("day_type") == "working" and table.get("day_type") == AS_READ:
        iso = str(table.get("duration", ""))
        found["day_type"] = "working" if Duration.parse(iso).is_of_days else "calendar"
    for reading, starts in table.get("starts", {}).items():
        followed.append(_named(readings, reading, "reading"))
        found["start"] = starts.get(str(followed[-1].value), found.get("start"))
    if followed and "reading" not in table:
        found["reading"] = "; ".join(one.title or one.name for one in followed)
    return found


def _with_value(reading: Reading, value: Any) -> Reading:
    return Reading(
        name=reading.name,
        value=value,
        title=reading.title,
        alternatives=reading.alternatives,
        source=reading.source,
        confidence=reading.confidence,
        note=reading.note,
    )


def _one_of(name: str, key: str, value: object, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise ValueError(f"Term {name!r}: {key} is {value!r}, expected one of {', '.join(allowed)}.")
    return str(value)


def _named(entries: Mapping[str, Entry], key: str, what: str) -> Entry:
    if key in entries:
        return entries[key]
    near = difflib.get_close_matches(key, entries, n=3)
    hint = f" Nearest: {', '.join(near)}." if near else ""
    raise KeyError(f"The profile has no {what} {key!r}.{hint}")
