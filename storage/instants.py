"""Instants as the database keeps them: UTC text that sorts."""

from __future__ import annotations

from datetime import UTC, datetime


def to_text(instant: datetime) -> str:
    """Write an aware instant as UTC text with microseconds.

    >>> from datetime import timezone, timedelta
    >>> to_text(datetime(2026, 3, 1, 9, 0, tzinfo=timezone(timedelta(hours=5))))
    '2026-03-01T04:00:00.000000+00:00'
    """
    if instant.tzinfo is None:
        raise ValueError("An instant without a zone cannot be stored.")
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


def from_text(text: str) -> datetime:
    """Read what `to_text` wrote."""
    return datetime.fromisoformat(text)
