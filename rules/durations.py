"""ISO 8601 durations as terms of law use them, and the arithmetic of months that goes with them.

Source: Kazakhstan, law on administrative procedures of 2000, art. 12-1, and Uzbekistan, Civil Code art. 145-147:
a term of months or years ends on the same day number, and on the month's last day if that number is missing.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

_ISO = re.compile(
    r"(?P<sign>-?)P(?=.)(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=.)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?)?"
)
MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """A length of time in the units of the law: months, then days, then hours and minutes.

    A negative duration ("-P2M": at the latest two months before) has every part negative or zero.
    """

    months: int = 0
    days: int = 0
    time: timedelta = timedelta(0)

    @classmethod
    def parse(cls, text: str) -> Duration:
        """Read `P5D`, `P2W`, `P1M`, `P3Y`, `P1Y6M`, `PT24H`, `-P2M`; raises ValueError for anything else.

        >>> Duration.parse("P1Y6M").months, Duration.parse("P2W").days, Duration.parse("-P5D").days
        (18, 14, -5)
        """
        found = _ISO.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} is not an ISO 8601 duration such as P5D, P1M, P3Y or PT24H.")
        part = {name: int(value or 0) for name, value in found.groupdict().items() if name != "sign"}
        sign = -1 if found["sign"] else 1
        return cls(
            months=sign * (part["years"] * MONTHS_A_YEAR + part["months"]),
            days=sign * (part["weeks"] * 7 + part["days"]),
            time=sign * timedelta(hours=part["hours"], minutes=part["minutes"]),
        )

    @property
    def is_of_days(self) -> bool:
        """Whether the term is counted in whole days alone, so that working days make sense."""
        return not self.months and not self.time

    def after(self, day: date) -> date:
        """Return the last calendar day of a term that starts on `day`, which itself is not counted.

        Raises ValueError for a duration with hours, which needs an instant and not a day.

        >>> Duration.parse("P1M").after(date(2026, 1, 31)), Duration.parse("-P2M").after(date(2026, 4, 30))
        (datetime.date(2026, 2, 28), datetime.date(2026, 2, 28))
        """
        if self.time:
            raise ValueError("A term of hours starts at an instant, not on a day.")
        return shift_months(day, self.months) + timedelta(days=self.days)


def shift_months(day: date, months: int) -> date:
    """Return the same day number `months` later (earlier if negative), or the last day of a shorter month.

    >>> shift_months(date(2024, 2, 29), 12), shift_months(date(2026, 3, 31), -1)
    (datetime.date(2025, 2, 28), datetime.date(2026, 2, 28))
    """
    index = day.year * MONTHS_A_YEAR + day.month - 1 + months
    year, month = divmod(index, MONTHS_A_YEAR)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def last_day(start: date, duration: str) -> date:
    """Return the last day of a term given as text; the start itself is not counted.

    >>> last_day(date(2026, 2, 2), "P15D")
    datetime.date(2026, 2, 17)
    """
    return Duration.parse(duration).after(start)
