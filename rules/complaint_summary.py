"""How many complaints came, were justified and were answered in time: the numbers of the management review.

Source: A 5.3, 6.1.1, 6.8.2 (A-012, A-027, A-067).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from rules.durations import shift_months


@dataclass(frozen=True, slots=True, kw_only=True)
class Considered:
    """One complaint or appeal of the journal; those without an answer or a decision have no `closed_on`."""

    registered_on: date
    due: date
    closed_on: date | None = None
    """The day of the reply or of the commission's decision: what the term is for, and not the filing of the papers."""
    is_justified: bool = False
    is_repeat: bool = False
    has_late_notice: bool = False
    """An extension was told later than five days before the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The numbers of one period, which begins on `first` and includes `last`."""

    first: date
    last: date
    submitted: int
    justified: int
    closed: int
    in_time: int
    repeated: int = 0
    late_notices: int = 0

    @property
    def in_time_share(self) -> Fraction | None:
        """Share of the closed ones that were in time, of 1; None if none is closed."""
        return Fraction(self.in_time, self.closed) if self.closed else None


def summary(items: Iterable[Considered], first: date, last: date) -> Summary:
    """Count the items registered in a period, both days included."""
    within = [item for item in items if first <= item.registered_on <= last]
    closed = [item for item in within if item.closed_on is not None]
    return Summary(
        first=first,
        last=last,
        submitted=len(within),
        justified=sum(item.is_justified for item in within),
        closed=len(closed),
        in_time=sum(item.closed_on is not None and item.closed_on <= item.due for item in closed),
        repeated=sum(item.is_repeat for item in within),
        late_notices=sum(item.has_late_notice for item in within),
    )


def by_month(items: Sequence[Considered], year: int) -> tuple[Summary, ...]:
    """Return the twelve months of a year. Source: A 6.8.2 (A-067)."""
    return tuple(_month(items, date(year, month, 1)) for month in range(1, 13))


def three_years(items: Sequence[Considered], year: int) -> tuple[Summary, ...]:
    """Return the year and the two before it, the oldest first. Source: A 5.3 (A-012)."""
    return tuple(summary(items, date(each, 1, 1), date(each, 12, 31)) for each in (year - 2, year - 1, year))


def _month(items: Sequence[Considered], first: date) -> Summary:
    return summary(items, first, date.fromordinal(shift_months(first, 1).toordinal() - 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """What was done about justified complaints in a year, and whether it helped."""

    planned: int
    done: int
    complaints: int
    """Justified complaints for which measures were taken."""
    came_again: int
    """Of them, those whose sender complained of the same again afterwards."""

    @property
    def effective_share(self) -> Fraction | None:
        """Share of the complaints that did not come again, of 1; None if there was none."""
        return Fraction(self.complaints - self.came_again, self.complaints) if self.complaints else None


def measures(taken: Iterable[tuple[int, int, bool]]) -> Measures:
    """Sum up complaints as (measures planned, measures done, whether it came again). Source: A 6.8.2 (A-067).

    >>> found = measures([(2, 2, False), (3, 1, True)])
    >>> found.planned, found.done, found.effective_share
    (5, 3, Fraction(1, 2))
    """
    rows = list(taken)
    return Measures(
        planned=sum(planned for planned, _, _ in rows),
        done=sum(done for _, done, _ in rows),
        complaints=len(rows),
        came_again=sum(again for _, _, again in rows),
    )
