"""Whether a dated row of a register holds on a day: one meaning of `valid_from` and `valid_to` for all registers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

Row = Mapping[str, Any]


def is_valid(row: Row, on: date) -> bool:
    """Whether the row holds on the day; both ends are included, a missing end is open.

    >>> row = {"valid_from": "2024-03-01", "valid_to": date(2026, 2, 28)}
    >>> is_valid(row, date(2026, 2, 28)), is_valid(row, date(2026, 3, 1)), is_valid({}, date(2026, 3, 1))
    (True, False, True)
    """
    first, last = day_of(row.get("valid_from")), day_of(row.get("valid_to"))
    return (first is None or first <= on) and (last is None or on <= last)


def day_of(value: object) -> date | None:
    """Return a date of a register, given as a date, as ISO text, or not at all (None or empty).

    >>> day_of("2026-03-02") == day_of(datetime(2026, 3, 2, 9, 0)) == date(2026, 3, 2)
    True
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return date.fromisoformat(str(value)) if value else None
