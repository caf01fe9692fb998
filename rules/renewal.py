"""A certificate after recertification or restoration: its number, its dates, its scope, and the way to it.

Source: C L253-258 (C-145, C-146, C-149); ISO/IEC 17021-1 9.6.3.2.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Literal

from rules.certificates import Restoration, recertified, recertified_expiry
from rules.replacement import Certificate
from rules.verdict import Denied, denied

Basis = Literal["prior_cycle", "decision"]


def renewal_denied(
    old: Certificate,
    new: Certificate,
    *,
    decided_on: date,
    basis: Basis = "prior_cycle",
    window: str = "P6M",
    keeps_number: bool = True,
) -> Denied | None:
    """Refuse a certificate after recertification that comes too late, is dated too early or promises too much.

    Up to the expiry the number is always kept; within `window` after it the reading says (`keeps_number`).
    """
    way = recertified(old.expires_on, decided_on, window=window)
    if way is Restoration.NEW_PROCESS:
        return window_closed(old.expires_on, decided_on, window=window)
    if new.issued_on < decided_on:
        return denied("ISSUED_BEFORE_DECISION", "Сертификат не может быть выдан раньше решения {day}.", day=decided_on)
    must_keep = way is Restoration.RENEW or keeps_number
    if must_keep != (new.number == old.number):
        return denied("NUMBER_CHANGED", "Номер прежнего сертификата: {number}.", number=old.number)
    latest = recertified_expiry(old.expires_on, decided_on, basis=basis)
    if new.expires_on > latest:
        return denied("EXPIRY_TOO_LATE", "Срок действия не позже {latest}.", latest=latest)
    if new.expires_on <= old.expires_on or not new.scope <= old.scope:
        return denied("SCOPE_OR_TERM", "Новый срок позже прежнего, а область не шире прежней.")
    return None


def window_closed(expires_on: date, decided_on: date, *, window: str = "P6M") -> Denied | None:
    """Refuse a positive decision later than six months after the expiry: only a new certification is left (C-149).

    >>> window_closed(date(2026, 1, 31), date(2026, 6, 30)) is None
    True
    >>> window_closed(date(2026, 1, 31), date(2026, 8, 3)).code
    'NEW_PROCESS_ONLY'
    """
    if recertified(expires_on, decided_on, window=window) is not Restoration.NEW_PROCESS:
        return None
    return denied(
        "NEW_PROCESS_ONLY",
        "Шесть месяцев после {expiry} прошли: возможна только новая сертификация.",
        expiry=expires_on,
    )


def stage_one_denied(*, serious: bool, reason: str) -> Denied | None:
    """Refuse a plan after serious changes without a reasoned decision on stage 1. Source: C L253, L258 (C-145).

    >>> stage_one_denied(serious=True, reason=" ").code
    'STAGE1_REASON_MISSING'
    """
    if not serious or reason.strip():
        return None
    return denied("STAGE1_REASON_MISSING", "Изменения серьёзны: обоснуйте, нужен ли этап 1.")


def gaps_denied(gaps: Sequence[str], planned: Collection[str]) -> Denied | None:
    """Refuse a recertification that leaves unseen what no audit of the cycle has seen. Source: C L203 (C-116).

    >>> gaps_denied(("7", "Склад"), {"7"}).message
    'За цикл не проверено и не запланировано: Склад.'
    """
    left = [gap for gap in gaps if gap not in planned]
    return (
        denied("COVERAGE_GAP", "За цикл не проверено и не запланировано: {elements}.", elements=left) if left else None
    )
