"""How many people count for audit time: the effective number of personnel of IAF MD 5."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from rules.verdict import NotPossible, denied


@dataclass(frozen=True, slots=True, kw_only=True)
class Personnel:
    """The people of an applicant, in heads, except part-time work, which is given in full-time equivalents."""

    full_time: int
    part_time_equivalent: Fraction = Fraction(0)
    non_permanent_present: int = 0
    similar_work: int = 0
    """Those among the others who do one simple repetitive job or the same job in another shift."""
    similar_work_factor: Fraction = Fraction(1)
    """Share of `similar_work` that counts; below 1 only with a rationale."""
    rationale: str = ""
    under_control: int = 0
    """Contractors' people working under the organisation's control: they count for health and safety alone."""


def effective_personnel(people: Personnel, *, health_and_safety: bool = False) -> int:
    """Return the effective number of personnel, rounded up to whole people.

    Raises NotPossible: REASON_MISSING for a factor below 1 without a written rationale, PERSONNEL_INVALID for
    negative numbers, a factor outside (0, 1], or more people in similar work than there are.
    Source: IAF MD 5 2.3 (no fixed factor: the method must be documented and consistent); profile md5.repetitive_factor.

    >>> effective_personnel(Personnel(full_time=80, part_time_equivalent=Fraction("10.5"), non_permanent_present=10))
    101
    >>> effective_personnel(Personnel(full_time=100, similar_work=60, similar_work_factor=Fraction(1, 2),
    ...                               rationale="Одна операция на трёх линиях"))
    70
    """
    heads = people.full_time + people.part_time_equivalent + people.non_permanent_present
    if health_and_safety:
        heads += people.under_control
    parts = (people.full_time, people.part_time_equivalent, people.non_permanent_present, people.under_control)
    if (
        any(part < 0 for part in parts)
        or not 0 <= people.similar_work <= heads
        or not 0 < people.similar_work_factor <= 1
    ):
        raise NotPossible(
            denied("PERSONNEL_INVALID", "Численность противоречива. Проверьте числа людей и долю однотипной работы.")
        )
    if people.similar_work_factor < 1 and not people.rationale.strip():
        raise NotPossible(
            denied(
                "REASON_MISSING", "Численность уменьшена за однотипную работу без обоснования. Напишите обоснование."
            )
        )
    return ceil(heads - people.similar_work * (1 - people.similar_work_factor))
