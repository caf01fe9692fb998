"""The audit-time tables of IAF MD 5: which row a number of people falls into.

The rows are handed in as text; a body may replace the tables by those of its own work instruction.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import floor

from rules.verdict import Denied, NotPossible, denied

HUNDRED = Fraction(100)
HALF = Fraction(1, 2)
BEYOND = "follow_progression"

Row = Mapping[str, str]


class System(StrEnum):
    """A management system that has a table; the value is the stem of the table, `<stem>_initial`."""

    QUALITY = "qms"
    ENVIRONMENT = "ems"
    HEALTH_AND_SAFETY = "ohs"


_STANDARD_NUMBERS = {"9001": System.QUALITY, "14001": System.ENVIRONMENT, "45001": System.HEALTH_AND_SAFETY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """The row of a table that a number of people falls into, and its days."""

    table: str
    minimum: int
    maximum: int
    column: str
    days: Fraction


def system_of(standard: str) -> System:
    """Return the system that a standard describes, by its number; raises NotPossible (NO_TABLE) for another.

    >>> system_of("ISO 14001") is System.ENVIRONMENT, system_of("СТ РК ISO 45001-2019").value
    (True, 'ohs')
    """
    for number, system in _STANDARD_NUMBERS.items():
        if re.search(rf"(?<!\d){number}(?!\d)", standard):
            return system
    raise NotPossible(
        denied("NO_TABLE", "Для стандарта {standard} нет таблицы продолжительности. Добавьте её.", standard=standard)
    )


def band_of(rows: Iterable[Row], *, system: System, personnel: int, complexity: str = "") -> Band:
    """Return the band of a table for a number of people (a step, without interpolation).

    `rows` have the columns min, max (empty in the last) and days, or a column for each complexity.
    Raises NotPossible: PERSONNEL_INVALID below 1, NO_COMPLEXITY for a column that the table lacks,
    MANUAL_AUDIT_TIME beyond the table's end and for the complexity "special".
    Source: IAF MD 5, tables QMS 1, EMS 1, OH&SMS 1 (C-026).
    """
    column = "days" if system is System.QUALITY else complexity
    if personnel < 1:
        raise NotPossible(denied("PERSONNEL_INVALID", "Эффективная численность должна быть не меньше одного человека."))
    if complexity == "special":
        raise NotPossible(_manual("Особая сложность: время определяет и обосновывает руководитель органа."))
    for row in rows:
        first, last = int(row["min"]), int(row["max"]) if row["max"] else None
        if personnel < first or (last is not None and personnel > last):
            continue
        if column not in row:
            raise NotPossible(
                denied(
                    "NO_COMPLEXITY",
                    "В таблице {table} нет столбца «{column}». Выберите сложность или риск.",
                    table=f"{system}_initial",
                    column=column or "—",
                )
            )
        if last is None or row[column] == BEYOND:
            raise NotPossible(
                _manual("Таблица кончается на {last} человек; время обосновывает руководитель.", first - 1)
            )
        return Band(table=f"{system}_initial", minimum=first, maximum=last, column=column, days=exact(row[column]))
    raise NotPossible(denied("NO_TABLE", "В таблице нет строки для численности {personnel}.", personnel=personnel))


def exact(number: object) -> Fraction:
    """Return a number of a form or a profile (int, float, or text such as "1/3") as it is written.

    >>> exact(0.7), exact("1/3")
    (Fraction(7, 10), Fraction(1, 3))
    """
    return Fraction(str(number))


def round_half_day(days: Fraction) -> Fraction:
    """Return the nearest half day; the exact middle goes up. Source: IAF MD 5 2.2.3.

    >>> [float(round_half_day(exact(days))) for days in (5.3, 5.2, 5.25, 20.8)]
    [5.5, 5.0, 5.5, 21.0]
    """
    return Fraction(floor(days * 2 + HALF), 2)


def _manual(sentence: str, last: int = 0) -> Denied:
    return denied("MANUAL_AUDIT_TIME", sentence, last=last)
