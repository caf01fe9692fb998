"""Builds the terms of a case from its set's profile and calendars with the rules, in the engine's own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from engine.errors import NotFound
from engine.library import DiagramSet
from engine.steps import Due
from rules.calendars import Calendar
from rules.terms import ProfileTerms


@dataclass(frozen=True, slots=True)
class CaseTerms:
    """The engine's `Terms` over a profile of the rules."""

    rules: ProfileTerms

    @property
    def profile(self) -> str:
        """Name of the profile."""
        return self.rules.profile

    @property
    def zone(self) -> tzinfo:
        """The zone in which its days are counted."""
        return self.rules.zone

    def reading(self, key: str) -> Any:
        """Return the value of the reading; raises KeyError with the nearest names."""
        return self.rules.reading(key)

    def start(self, term: str) -> str:
        """Return from what a term is counted; raises KeyError for an unknown term."""
        return self.rules.start(term)

    def due(self, term: str, start: date | datetime) -> Due:
        """Compute the deadline of a term; raises KeyError for an unknown term."""
        found = self.rules.due(term, start)
        return Due(
            term=found.term,
            title=found.title,
            start=found.start,
            due=found.due,
            duration=found.duration,
            day_type=found.day_type,
            roll=found.roll,
            calendar=found.calendar,
            reading=found.reading,
            source=found.source,
            confidence=found.confidence,
        )


def terms_of(diagrams: DiagramSet, profile: str, chosen: Mapping[str, Any]) -> CaseTerms:
    """Return the terms of a profile of the set; `chosen` are readings that this case overrides.

    Raises NotFound for an unknown profile or reading.
    """
    table = diagrams.profile.get("profiles", {}).get(profile)
    if table is None:
        raise NotFound(what=f"профиль {profile}")
    name = str(table["calendar"])
    calendar = Calendar.from_rows(name, diagrams.rows(f"calendars/{name}"))
    zone = ZoneInfo(str(table["zone"]))
    try:
        built = ProfileTerms.from_table(profile, table, zone=zone, calendar=calendar, chosen=chosen)
    except KeyError as error:
        raise NotFound(what=str(error.args[0])) from error
    return CaseTerms(built)
