"""What time does to a right or a duty: admitted or late, appealable or final, in time or breached.

The last days themselves are computed by rules/terms.py; here they are compared.
Source: C L184, L187 (C-105, C-108); A 6.1.1, 6.6.4, 6.10.1, 6.10.14, 6.10.19 (A-025, A-053, A-078, A-090, A-092).
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from rules.verdict import Notice, notice


class Admission(StrEnum):
    """Whether an appeal came in time."""

    ADMITTED = "ADMITTED"
    LATE = "LATE"
    RESTORED = "RESTORED"
    """Late, and the director restored the term for good reason."""


class Standing(StrEnum):
    """What a refusal's row in the journal says."""

    APPEALABLE = "APPEALABLE"
    UNDER_APPEAL = "UNDER_APPEAL"
    FINAL = "FINAL"
    CANCELLED = "CANCELLED"
    """The appeal was upheld: another decides anew."""


class Adoption(StrEnum):
    """What a commission's decision is, by the parties' objections."""

    AWAITING = "AWAITING"
    FINAL = "FINAL"
    CONTESTED = "CONTESTED"


class Pace(StrEnum):
    """How an item stands against its last day."""

    OPEN = "OPEN"
    DUE_SOON = "DUE_SOON"
    OVERDUE = "OVERDUE"
    DONE = "DONE"
    BREACHED = "BREACHED"
    """Done after the last day."""


def may_appeal(last_day: date, filed_on: date) -> bool:
    """Whether an appeal is in time; the last day counts. Source: C L187 (C-108), A 6.10.1 (A-078).

    >>> may_appeal(date(2026, 4, 6), date(2026, 4, 6)), may_appeal(date(2026, 4, 6), date(2026, 4, 7))
    (True, False)
    """
    return filed_on <= last_day


def admission(last_day: date, filed_on: date, *, restored_for: str = "") -> Admission:
    """Return whether an appeal is admitted; a late one is restored by the director's reason (A-078)."""
    if may_appeal(last_day, filed_on):
        return Admission.ADMITTED
    return Admission.RESTORED if restored_for.strip() else Admission.LATE


def refusal_standing(
    last_day: date | None, today: date, *, waived: bool = False, appeal: str | None = None
) -> Standing:
    """Return what a refusal's row says on a day.

    `last_day` is None until the refusal is received; `appeal` is None, "open", "upheld" or "dismissed". A partly
    upheld appeal is given as "upheld": the decision does not stand as it was. Source: C L178, L184, L187 (C-105).
    """
    match appeal:
        case "upheld":
            return Standing.CANCELLED
        case "dismissed":
            return Standing.FINAL
        case "open":
            return Standing.UNDER_APPEAL
        case None:
            is_over = waived or (last_day is not None and today > last_day)
            return Standing.FINAL if is_over else Standing.APPEALABLE
        case _:
            raise ValueError(f"An appeal is open, upheld or dismissed, not {appeal!r}.")


def adoption(last_day: date, objected_on: date | None, today: date) -> Adoption:
    """Return whether a commission's decision is adopted: final when no party objects within two weeks.

    Source: A 6.10.19 (A-092).

    >>> [adoption(date(2026, 4, 20), None, day).value for day in (date(2026, 4, 20), date(2026, 4, 21))]
    ['AWAITING', 'FINAL']
    """
    if objected_on is not None and objected_on <= last_day:
        return Adoption.CONTESTED
    return Adoption.FINAL if today > last_day else Adoption.AWAITING


def pace(last_day: date, today: date, *, done_on: date | None = None, warn_days: int = 3) -> Pace:
    """Return how an item stands: due soon from `warn_days` before its last day on. Source: A 5.3 (A-011, A-025).

    >>> [pace(date(2026, 3, 17), date(2026, 3, day)).value for day in (13, 14, 17, 18)]
    ['OPEN', 'DUE_SOON', 'DUE_SOON', 'OVERDUE']
    """
    if done_on is not None:
        return Pace.DONE if done_on <= last_day else Pace.BREACHED
    if today > last_day:
        return Pace.OVERDUE
    return Pace.DUE_SOON if (last_day - today).days <= warn_days else Pace.OPEN


def extension_notice(last_day_for_notice: date, told_on: date) -> Notice | None:
    """Flag an extension told to the applicant later than five days before the term ends.

    `last_day_for_notice` is the term ext.notice_before. Source: A 6.6.4 (A-053).
    """
    if told_on <= last_day_for_notice:
        return None
    return notice("LATE_NOTICE", "О продлении надо было уведомить не позднее {last}.", last=last_day_for_notice)
