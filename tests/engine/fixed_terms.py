"""Terms for the engine's tests: every term is ten calendar days to the end of the day, in Almaty."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from engine.library import DiagramSet
from engine.steps import Due

ZONE = ZoneInfo("Asia/Almaty")


class FixedTerms:
    """The engine's `Terms`, as simple as can be."""

    profile = "P"
    zone: tzinfo = ZONE

    def __init__(self, starts: Mapping[str, str]) -> None:
        self.starts = starts

    def start(self, term: str) -> str:
        """From what the set's profile says."""
        return self.starts[term]

    def reading(self, key: str) -> Any:
        """There are no readings."""
        raise KeyError(key)

    def due(self, term: str, start: date | datetime) -> Due:
        """Ten days after the start, at the last second of the day."""
        day = start.astimezone(ZONE).date() if isinstance(start, datetime) else start
        return Due(
            term=term,
            title="Ответ",
            start=day,
            due=datetime.combine(day + timedelta(days=10), time(23, 59, 59), ZONE),
            duration="P10D",
            day_type="calendar",
            roll="none",
            calendar="",
            reading=term,
            source="test",
            confidence="H",
        )


def fixed_terms(diagrams: DiagramSet, profile: str, chosen: Mapping[str, Any]) -> FixedTerms:
    """Return the same terms for every set and profile."""
    terms = diagrams.profile.get("profiles", {}).get(profile, {}).get("terms", {})
    return FixedTerms({name: str(term.get("start", "task")) for name, term in terms.items()})
