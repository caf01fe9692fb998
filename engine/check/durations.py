"""Literal times of timers, read strictly: what the library would take for something else is refused here."""

from __future__ import annotations

import re
from datetime import datetime

_DURATION = re.compile(
    r"P(?=.)(?:(?P<years>\d{1,4})Y)?(?:(?P<months>\d{1,4})M)?(?:(?P<weeks>\d{1,4})W)?(?:(?P<days>\d{1,5})D)?"
    r"(?:T(?=.)(?:(?P<hours>\d{1,6})H)?(?:(?P<minutes>\d{1,6})M)?(?:(?P<seconds>\d{1,8})S)?)?"
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)?)?")


def duration_parts(text: str) -> dict[str, int] | None:
    """Return the parts of an ISO 8601 duration in whole units, None if it is none.

    >>> duration_parts("P1M"), duration_parts("-PT5S"), duration_parts("P1.5DT2S"), duration_parts("xyzT5S")
    ({'months': 1}, None, None, None)
    """
    match = _DURATION.fullmatch(text)
    if match is None:
        return None
    return {unit: int(amount) for unit, amount in match.groupdict().items() if amount is not None}


def is_moment(text: str) -> bool:
    """Whether the text is a calendar date, with or without a time of day.

    >>> is_moment("2026-02-28T10:00"), is_moment("2026-02-30"), is_moment("tomorrow")
    (True, False, False)
    """
    if not _DATE.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
