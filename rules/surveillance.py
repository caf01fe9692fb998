"""Whether a certificate is confirmed, suspended or withdrawn after surveillance or silence.

Source: C L203-204, L214-237 (C-115, C-117 to C-132); ISO/IEC 17021-1 9.6.5.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rules.durations import last_day
from rules.findings import Conclusion, Reckoning
from rules.verdict import Denied, denied

SUSPENSION_GROUNDS = ("systematic_breach", "obstructed_surveillance", "voluntary", "reorganisation")
UNPLANNED_TRIGGERS = ("poor_product", "state_inspection", "significant_change")


class Outcome(StrEnum):
    """What may become of a certificate."""

    CONFIRM = "CONFIRM"
    SUSPEND = "SUSPEND"
    WITHDRAW = "WITHDRAW"
    REDUCE = "REDUCE"


class Letter(StrEnum):
    """Where a holder who refuses surveillance stands."""

    FIRST_WAITING = "FIRST_WAITING"
    SECOND_DUE = "SECOND_DUE"
    SECOND_WAITING = "SECOND_WAITING"
    HEAD_DECIDES = "HEAD_DECIDES"
    ANSWERED = "ANSWERED"


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveillanceResult:
    """What a surveillance found, as far as the decision depends on it."""

    reckoning: Reckoning
    corrected_in_time: bool
    earlier_actions_effective: bool


def offered_outcomes(result: SurveillanceResult) -> tuple[Outcome, ...]:
    """Return the outcomes open to the decision maker, the milder first.

    Significant, or ten of those that count: suspension or withdrawal alone. Confirmation asks besides for
    corrections in the agreed time and effective earlier actions. Source: C L220-224, L234 (C-125, C-128).
    """
    if result.reckoning.conclusion is Conclusion.NOT_CONFORMING:
        return (Outcome.SUSPEND, Outcome.WITHDRAW)
    if result.corrected_in_time and result.earlier_actions_effective:
        return (Outcome.CONFIRM, Outcome.REDUCE)
    return (Outcome.SUSPEND, Outcome.WITHDRAW, Outcome.REDUCE)


def outcome_denied(outcome: Outcome, offered: Collection[Outcome]) -> Denied | None:
    """Refuse an outcome that the result does not offer (C-125, C-128)."""
    if outcome in offered:
        return None
    return denied(
        "OUTCOME_NOT_ALLOWED",
        "По результатам контроля возможно только: {outcomes}.",
        outcomes=[OUTCOME_NAMES[each] for each in offered],
    )


OUTCOME_NAMES: Mapping[Outcome, str] = {
    Outcome.CONFIRM: "подтвердить",
    Outcome.SUSPEND: "приостановить",
    Outcome.WITHDRAW: "отменить",
    Outcome.REDUCE: "сократить область",
}


def suspend_or_withdraw(counted_from: date, done_on: date, *, within: str = "P1M") -> Outcome:
    """Propose suspension if the corrective actions take a month at most, else withdrawal.

    `done_on` is the planned day, or the actual one when it is known. Source: C L235 (C-129).

    >>> [suspend_or_withdraw(date(2026, 1, 31), day).value for day in (date(2026, 2, 28), date(2026, 3, 1))]
    ['SUSPEND', 'WITHDRAW']
    """
    return Outcome.SUSPEND if done_on <= last_day(counted_from, within) else Outcome.WITHDRAW


def after_missed_lift() -> tuple[Outcome, ...]:
    """Return what is left when the causes of a suspension were not removed in time. Source: C L236 (C-130)."""
    return (Outcome.WITHDRAW, Outcome.REDUCE)


def letters_stand(
    first_sent: date, second_sent: date | None, answered_on: date | None, today: date, *, waits: tuple[str, str]
) -> Letter:
    """Return where a refusal of surveillance stands on a day.

    Each wait is counted in calendar days from the sending, without a roll; a reply stops the path as long as the
    head has not been asked. Source: C L237 (C-131, C-132); profile surv.refusal.letters.

    >>> waits = ("P15D", "P15D")
    >>> letters_stand(date(2026, 2, 2), None, None, date(2026, 2, 17), waits=waits).value
    'FIRST_WAITING'
    >>> letters_stand(date(2026, 2, 2), date(2026, 2, 18), None, date(2026, 3, 6), waits=waits).value
    'HEAD_DECIDES'
    """
    if second_sent is None:
        if answered_on is not None:
            return Letter.ANSWERED
        return Letter.SECOND_DUE if today > last_day(first_sent, waits[0]) else Letter.FIRST_WAITING
    last = last_day(second_sent, waits[1])
    if answered_on is not None and answered_on <= last:
        return Letter.ANSWERED
    return Letter.HEAD_DECIDES if today > last else Letter.SECOND_WAITING


def fieldwork_denied(*, is_prepaid: bool, has_programme_signatures: bool) -> Denied | None:
    """Refuse to start surveillance before the prepayment and both signatures. Source: C L204, L219 (C-117, C-124)."""
    if not is_prepaid:
        return denied("NOT_PREPAID", "Нет предоплаты по договору инспекционного контроля.")
    if not has_programme_signatures:
        return denied("PLAN_NOT_AGREED", "Программа и план не согласованы держателем или не утверждены руководителем.")
    return None


def replacement_of_team(*, is_planned: bool) -> str:
    """Return what becomes of a holder's request to replace team members: OPEN, or NOT_APPLICABLE when unplanned.

    Impartiality is checked either way. Source: C L216 (C-121).
    """
    return "OPEN" if is_planned else "NOT_APPLICABLE"


def grounds_denied(grounds: Collection[str]) -> Denied | None:
    """Refuse a suspension without a coded ground, or with another. Source: C L229-233 (C-127)."""
    if grounds and set(grounds) <= set(SUSPENSION_GROUNDS):
        return None
    return denied("GROUND_MISSING", "Выберите одно или несколько оснований приостановления из перечня.")
