"""Which days are working days in a country, as the dated rows of its calendar say.

A calendar is a value with a version: a deadline stores the version it was computed with, so a later
decree about holidays moves no deadline that was already told to somebody. Reading the CSV is done elsewhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Literal

from rules.verdict import NotPossible, denied

SATURDAY = 5  # date.weekday(); the weekend is Saturday and Sunday in Kazakhstan and Uzbekistan
ONE_DAY = timedelta(days=1)

DayKind = Literal["holiday", "working"]


@dataclass(frozen=True)
class Calendar:
    """The holidays of a country and the weekends that were made working days.

    Without any day at all (`Calendar.plain()`) every weekend is free, no day is a holiday, and no year is missing.
    """

    name: str
    days: Mapping[date, DayKind]

    @classmethod
    def from_rows(cls, name: str, rows: Iterable[Mapping[str, str]]) -> Calendar:
        """Build a calendar from rows with the columns `date` (ISO) and `kind` (holiday or working).

        Raises ValueError, naming the row, for another kind, a date that is none, or a day named twice.
        """
        days: dict[date, DayKind] = {}
        for row in rows:
            day, kind = date.fromisoformat(row["date"]), row["kind"]
            if day in days:
                raise ValueError(f"Calendar {name} names {day} twice.")
            if kind == "holiday":
                days[day] = "holiday"
            elif kind == "working":
                days[day] = "working"
            else:
                raise ValueError(f"Calendar {name}, {day}: kind is {kind!r}, expected holiday or working.")
        return cls(name, days)

    @classmethod
    def plain(cls, name: str = "") -> Calendar:
        """Return a calendar that knows weekends only."""
        return cls(name, {})

    @cached_property
    def years(self) -> frozenset[int]:
        """The years that the rows speak of; empty for a plain calendar, which speaks of all."""
        return frozenset(day.year for day in self.days)

    @cached_property
    def version(self) -> str:
        """Name and content hash, as `KZ@1f0c9a7b42de`; equal rows in any order have an equal version.

        >>> Calendar("KZ", {}).version
        'KZ@e3b0c44298fc'
        """
        lines = "".join(f"{day.isoformat()},{kind}\n" for day, kind in sorted(self.days.items()))
        return f"{self.name}@{hashlib.sha256(lines.encode()).hexdigest()[:12]}"

    def is_working(self, day: date) -> bool:
        """Whether people work on the day; a row of the calendar overrides the weekday.

        Raises NotPossible (CALENDAR_ENDS) for a year of which the calendar has no row: guessing would
        hide that nobody entered that year's decree.

        >>> nowruz = Calendar("UZ", {date(2026, 3, 21): "holiday", date(2026, 12, 12): "working"})
        >>> nowruz.is_working(date(2026, 12, 12)), nowruz.is_working(date(2026, 12, 13))
        (True, False)
        """
        if self.years and day.year not in self.years:
            raise NotPossible(
                denied(
                    "CALENDAR_ENDS",
                    "В календаре {calendar} нет {year} года. Дополните календарь праздниками этого года.",
                    calendar=self.name,
                    year=str(day.year),
                )
            )
        kind = self.days.get(day)
        return kind == "working" if kind else day.weekday() < SATURDAY

    def next_working_day(self, day: date) -> date:
        """Return the day itself if it is a working day, else the first working day after it.

        >>> Calendar.plain().next_working_day(date(2026, 4, 5))  # a Sunday
        datetime.date(2026, 4, 6)
        """
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def add_working_days(self, start: date, count: int) -> date:
        """Return the `count`-th working day after the start, which itself is not counted; `count` < 0 goes back.

        >>> Calendar.plain().add_working_days(date(2026, 3, 6), 1)  # Friday to Monday
        datetime.date(2026, 3, 9)
        """
        step = ONE_DAY if count >= 0 else -ONE_DAY
        day, left = start, abs(count)
        while left:
            day += step
            if self.is_working(day):
                left -= 1
        return day
