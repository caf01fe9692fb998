"""The audits of a certification cycle and their latest days.

Source: C L15-19, L71-76, L203, L252-253 (C-006, C-033, C-115, C-143, C-144); ISO/IEC 17021-1 9.1.3.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from rules.durations import shift_months
from rules.verdict import Denied, denied

Frequency = Literal["calendar_year", "rolling_12_months"]
PROGRAMME = ("stage_one", "stage_two", "surveillance_1", "surveillance_2", "recertification")
PROGRAMME_NAMES: Mapping[str, str] = {
    "stage_one": "этап 1",
    "stage_two": "этап 2",
    "surveillance_1": "первый контроль",
    "surveillance_2": "второй контроль",
    "recertification": "ресертификация",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleDates:
    """The latest days of a certification cycle."""

    surveillance_1: date
    surveillance_2: date
    reminder: date
    """The letter that the body sends of its own accord."""
    latest_letter: date
    recertification: date
    """The day before the expiry."""
    expires_on: date


def cycle_dates(decided_on: date, expires_on: date, *, frequency: Frequency = "calendar_year") -> CycleDates:
    """Lay out the latest days of a cycle at the grant.

    First surveillance within 12 months of the decision; the second in the next calendar year after that, or within 24
    months (`rolling_12_months`), and always before recertification is prepared. Recertification ends before the
    expiry, and its letters go out three months (of the body's own accord) and at the latest two months ahead.
    Source: C L203 (C-115); ISO/IEC 17021-1 9.1.3.3; profile surv.frequency.

    >>> cycle = cycle_dates(date(2026, 3, 2), date(2029, 3, 2))
    >>> cycle.surveillance_1, cycle.surveillance_2, cycle.recertification
    (datetime.date(2027, 3, 2), datetime.date(2028, 12, 1), datetime.date(2029, 3, 1))
    >>> cycle_dates(date(2026, 3, 2), date(2029, 3, 2), frequency="rolling_12_months").surveillance_2
    datetime.date(2028, 3, 2)
    """
    first, reminder = shift_months(decided_on, 12), shift_months(expires_on, -3)
    second = date(first.year + 1, 12, 31) if frequency == "calendar_year" else shift_months(decided_on, 24)
    return CycleDates(
        surveillance_1=first,
        surveillance_2=min(second, reminder - timedelta(days=1)),
        reminder=reminder,
        latest_letter=shift_months(expires_on, -2),
        recertification=expires_on - timedelta(days=1),
        expires_on=expires_on,
    )


def programme_denied(entries: Sequence[tuple[str, date]], expires_on: date | None = None) -> Denied | None:
    """Refuse a programme without the five audits of a cycle, or with dates out of order.

    `entries` are (type, planned day) with the types of PROGRAMME, of which the first of a type counts; other types
    may stand among them. Source: C L71-76 (C-033).
    """
    first = dict(reversed(entries))
    missing = [PROGRAMME_NAMES[kind] for kind in PROGRAMME if kind not in first]
    if missing:
        return denied("PROGRAMME_INCOMPLETE", "В программе нет: {audits}.", audits=missing)
    days = [first[kind] for kind in PROGRAMME]
    if any(later <= earlier for earlier, later in itertools.pairwise(days)):
        return denied("PROGRAMME_ORDER", "Даты программы идут не по порядку этапов, контролей и ресертификации.")
    if expires_on is not None and days[-1] >= expires_on:
        return denied("PROGRAMME_ORDER", "Ресертификация планируется раньше {expiry}.", expiry=expires_on)
    return None


def not_covered(elements: Sequence[str], audits: Sequence[Collection[str]]) -> tuple[str, ...]:
    """Return the elements of the system and the units that no audit of the cycle has looked at, in their order.

    Source: C L203 (C-116): each at least once while the certificate is valid.

    >>> not_covered(("4.1", "7.2", "Склад"), [{"4.1"}, {"Склад"}])
    ('7.2',)
    """
    seen = {element for audit in audits for element in audit}
    return tuple(element for element in elements if element not in seen)
