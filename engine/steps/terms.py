"""The profile of a case as a handler sees it, and what a term comes to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One computed deadline with everything that is needed to explain it later."""

    term: str
    title: str
    start: date
    due: datetime
    """The last instant that is still in time, aware."""
    duration: str
    """ISO 8601."""
    day_type: str
    roll: str
    calendar: str
    """Name and version of the calendar used, as `KZ@<hash>`; empty for plain calendar days without a roll."""
    reading: str
    source: str
    confidence: str

    @property
    def day(self) -> date:
        """The last day, in the zone of the profile."""
        return self.due.date()


class Terms(Protocol):
    """The profile of one case: its readings and its terms, with the calendar behind them."""

    @property
    def profile(self) -> str:
        """Name of the profile."""

    @property
    def zone(self) -> tzinfo:
        """The zone in which its days are counted."""

    def reading(self, key: str) -> Any:
        """Return the value of the reading; raises KeyError with the nearest names."""

    def start(self, term: str) -> str:
        """Return from what a term is counted: a path to a date in case data, `task` or `case`; raises KeyError."""

    def due(self, term: str, start: date | datetime) -> Due:
        """Compute the deadline of a term; raises KeyError for an unknown term."""
