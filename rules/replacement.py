"""A certificate in place of another: what re-issue, extension and reduction keep and what they change.

Source: C L246-249, L264-267, L274 (C-139 to C-142, C-152, C-155, C-158).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rules.durations import last_day
from rules.verdict import Denied, Notice, denied, notice

REISSUE_REASONS = ("legal_form", "location", "name")


class Change(StrEnum):
    """Why a certificate takes the place of another."""

    REISSUE = "reissue"
    EXTENSION_SAME_KIND = "extension_same_kind"
    EXTENSION_NEW_KIND = "extension_new_kind"
    REDUCTION = "reduction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What a replacement is compared by: number, dates and scope."""

    number: str
    issued_on: date
    expires_on: date
    scope: frozenset[str]


def replacement_denied(
    old: Certificate, new: Certificate, change: Change, *, decided_on: date, keeps_number: bool = False
) -> Denied | None:
    """Refuse a certificate in place of another that changes what must be kept.

    A re-issue keeps number and scope and never ends later; an extension of the same kind keeps number and expiry,
    grows the scope and is dated by the decision; one of a new kind has a number of its own, unless the body keeps the
    number (`keeps_number`), and never ends later; a reduction keeps number and expiry, shrinks the scope and is dated
    by the decision.
    """
    return (
        _expiry_denied(old, new, change)
        or _number_denied(old, new, change, keeps_number=keeps_number)
        or _scope_denied(old, new, change)
        or _issue_date_denied(new, change, decided_on)
    )


def reissue_denied(reason: str) -> Denied | None:
    """Refuse a re-issue for another reason than legal form, location or name. Source: C L246 (C-139)."""
    if reason in REISSUE_REASONS:
        return None
    return denied(
        "REISSUE_REASON", "Переоформление возможно при изменении правовой формы, места нахождения или названия."
    )


def reissue_notice(changed_on: date, submitted_on: date, *, window: str = "P1M") -> Notice | None:
    """Flag documents that came later than a month after the change: the head decides. Source: C L246 (C-140).

    >>> reissue_notice(date(2026, 1, 31), date(2026, 2, 28)) is None
    True
    """
    last = last_day(changed_on, window)
    if submitted_on <= last:
        return None
    return notice("LATE", "Документы поступили позже {last}: нужно решение руководителя органа.", last=last)


def _expiry_denied(old: Certificate, new: Certificate, change: Change) -> Denied | None:
    may_end_earlier = change in (Change.REISSUE, Change.EXTENSION_NEW_KIND)
    if new.expires_on == old.expires_on or (may_end_earlier and new.expires_on < old.expires_on):
        return None
    return denied("EXPIRY_CHANGED", "Срок действия остаётся до {expiry}.", expiry=old.expires_on)


def _number_denied(old: Certificate, new: Certificate, change: Change, *, keeps_number: bool) -> Denied | None:
    is_kept = new.number == old.number
    if change is Change.EXTENSION_NEW_KIND and not keeps_number:
        if is_kept:
            return denied(
                "NUMBER_KEPT", "Услуга нового вида: у сертификата новый номер, {number} отменяется.", number=old.number
            )
        return None
    return None if is_kept else denied("NUMBER_CHANGED", "Номер сохраняется: {number}.", number=old.number)


def _scope_denied(old: Certificate, new: Certificate, change: Change) -> Denied | None:
    if change is Change.REISSUE and new.scope != old.scope:
        return denied("SCOPE_CHANGED", "Переоформление области не меняет: для этого есть расширение и сокращение.")
    if change is Change.REDUCTION and not new.scope < old.scope:
        return denied("SCOPE_NOT_REDUCED", "После сокращения область должна быть строго меньше прежней.")
    if change in (Change.EXTENSION_SAME_KIND, Change.EXTENSION_NEW_KIND) and not new.scope > old.scope:
        return denied("SCOPE_NOT_EXTENDED", "После расширения область должна включать прежнюю и новое.")
    return None


def _issue_date_denied(new: Certificate, change: Change, decided_on: date) -> Denied | None:
    if change in (Change.EXTENSION_SAME_KIND, Change.REDUCTION) and new.issued_on != decided_on:
        return denied("ISSUE_DATE", "Сертификат датируется решением: {decided}.", decided=decided_on)
    return None
