"""The dates of a certificate: issue, expiry, recertification, restoration, withdrawal, retention.

The audits between are in rules/programme.py, a certificate in place of another in rules/replacement.py.
Source: C L175, L182, L241-242, L252-256 (C-095, C-103, C-136, C-137, C-143 to C-149); ISO/IEC 17021-1 9.6.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal

from rules.durations import last_day
from rules.verdict import Denied, Notice, denied, notice


class Restoration(StrEnum):
    """What a positive decision of a recertification may do with the certificate."""

    RENEW = "RENEW"
    """Before expiry: the number is kept."""
    RESTORE = "RESTORE"
    """Within six months after it."""
    NEW_PROCESS = "NEW_PROCESS"


def full_expiry(
    decided_on: date, *, longest: str = "P3Y", reading: Literal["same_day", "day_before"] = "same_day"
) -> date:
    """Return the last day of a certificate granted for the longest term.

    The source forbids only a later end than decision plus three years, so the same day is the default; `day_before`
    gives exactly three years of days. Source: C L175 (C-095); profile cert.expiry.

    >>> full_expiry(date(2026, 3, 2)), full_expiry(date(2024, 2, 29), reading="day_before")
    (datetime.date(2029, 3, 2), datetime.date(2027, 2, 27))
    """
    last = last_day(decided_on, longest)
    return last if reading == "same_day" else last - timedelta(days=1)


def issue_denied(signed_by: Collection[str], signers: Sequence[str]) -> Denied | None:
    """Refuse to issue a certificate that lacks an electronic signature. Source: C L182 (C-103); profile cert.signers.

    >>> issue_denied({"decider"}, ("decider", "head")).facts["missing"]
    'head'
    """
    missing = [signer for signer in signers if signer not in signed_by]
    return denied("SIGNATURE_MISSING", "Нет электронной подписи: {missing}.", missing=missing) if missing else None


def recertified(expires_on: date, decided_on: date, *, window: str = "P6M") -> Restoration:
    """Return what a positive decision may do: renew up to the expiry, restore for six months after it, or nothing.

    Source: C L254-256 (C-146, C-149); ISO/IEC 17021-1 9.6.3.2.4-5.

    >>> expiry = date(2026, 1, 31)
    >>> [recertified(expiry, day).value for day in (expiry, date(2026, 6, 30), date(2026, 7, 31), date(2026, 8, 1))]
    ['RENEW', 'RESTORE', 'RESTORE', 'NEW_PROCESS']
    """
    if decided_on <= expires_on:
        return Restoration.RENEW
    return Restoration.RESTORE if decided_on <= last_day(expires_on, window) else Restoration.NEW_PROCESS


def recertified_expiry(
    expires_on: date, decided_on: date, *, basis: Literal["prior_cycle", "decision"] = "prior_cycle", term: str = "P3Y"
) -> date:
    """Return the new expiry: three years after the old one, or after the decision.

    Source: ISO/IEC 17021-1 9.6.3.2.4-5; profile recert.expiry_basis.
    """
    return last_day(expires_on if basis == "prior_cycle" else decided_on, term)


def late_application(expires_on: date, applied_on: date, *, ahead: str = "-P2M") -> Notice | None:
    """Warn, and do not refuse, when recertification is asked for less than two months before the expiry (C-144).

    >>> late_application(date(2026, 4, 30), date(2026, 2, 28)) is None
    True
    """
    last = last_day(expires_on, ahead)
    if applied_on <= last:
        return None
    return notice("LATE_APPLICATION", "Заявка на ресертификацию подана позже {last}.", last=last)


def is_withdrawn(entered_at: datetime | None, at: datetime) -> bool:
    """Whether a withdrawal is in force: from the entry in the information system on. Source: C L241 (C-136)."""
    return entered_at is not None and entered_at <= at


def retention_end(original_expiry: date, cycle_ends_on: date, *, cycle: str = "P3Y") -> date:
    """Return the day until which a file is kept: the later of the original expiry and one more full cycle.

    Source: C L242 (C-137); ISO/IEC 17021-1 9.9.4; profile retention.
    """
    return max(original_expiry, last_day(cycle_ends_on, cycle))
