"""Dates and numbers as people type and read them, in both directions.

Dates are ISO in data and 31.12.2026 on the page; a number has a comma in Russian and a point in English, and both are
understood in both languages, with or without spaces between thousands.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

_DAY_FIRST = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_SPACES = re.compile(r"[\s\u00a0\u202f]")
_WHOLE = re.compile(r"[+-]?\d{1,15}")
_DECIMAL = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,15})?")


def date_from(text: str) -> str | None:
    """Return the ISO date meant by the text, None if it means none.

    >>> date_from("31.12.2026"), date_from("2026-1-5"), date_from("31.02.2026")
    ('2026-12-31', '2026-01-05', None)
    """
    if found := _DAY_FIRST.fullmatch(text.strip()):
        day, month, year = (int(part) for part in found.groups())
    elif found := _ISO.fullmatch(text.strip()):
        year, month, day = (int(part) for part in found.groups())
    else:
        return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def date_text(value: str) -> str:
    """Return an ISO date as 31.12.2026, and anything else as it is.

    >>> date_text("2026-12-31"), date_text("soon")
    ('31.12.2026', 'soon')
    """
    try:
        found = date.fromisoformat(value) if len(value) == 10 else None
    except ValueError:
        found = None
    return f"{found.day:02}.{found.month:02}.{found.year:04}" if found else value


def whole_from(text: str) -> int | None:
    """Return the whole number meant by the text, None if it means none.

    >>> whole_from("1 250"), whole_from("12,5")
    (1250, None)
    """
    bare = _SPACES.sub("", text)
    return int(bare) if _WHOLE.fullmatch(bare) else None


def number_from(text: str) -> int | float | None:
    """Return the number meant by the text, None if it means none.

    >>> number_from("1 250,5"), number_from("7"), number_from("7.50"), number_from("nan")
    (1250.5, 7, 7.5, None)
    """
    bare = _SPACES.sub("", text)
    if not _DECIMAL.fullmatch(bare):
        return None
    value = float(bare.replace(",", "."))
    return int(bare) if _WHOLE.fullmatch(bare) else value


def number_text(value: Any, language: str = "ru") -> str:
    """Return a number as people write it, and anything else as text.

    >>> number_text(1250.5), number_text(1250.5, "en"), number_text(3), number_text("много")
    ('1250,5', '1250.5', '3', 'много')
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    plain = format(Decimal(repr(value)), "f")
    return plain if language == "en" else plain.replace(".", ",")
