"""What time it is, for an engine that never asks the machine itself."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Where the engine's `now` comes from."""

    def now(self) -> datetime:
        """Return the present instant, aware."""


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """Return the machine's time in UTC."""
        return datetime.now(UTC)


class MovedClock:
    """A clock that stands still until it is moved; scenarios and tests have three years in a second."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        """Return the instant to which it was moved last."""
        return self._now

    def move(self, to: datetime) -> None:
        """Move to an instant, which may not be in the past of the clock."""
        if to < self._now:
            raise ValueError(f"The clock cannot go back from {self._now.isoformat()} to {to.isoformat()}.")
        self._now = to
