"""Corrective actions after an audit: what must be in, by when, and what happens to what comes late.

Source: C L142, L158-166 (C-066, C-080 to C-088); ISO/IEC 17021-1 9.5.2, 9.5.3.2.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rules.durations import last_day
from rules.findings import Grade
from rules.verdict import Denied, denied


class Arrival(StrEnum):
    """What became of the evidence by the deadline."""

    IN_TIME = "IN_TIME"
    LATE = "LATE"
    NONE = "NONE"
    """Nothing came: the work is terminated (C-083)."""
    AWAITED = "AWAITED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What the client wrote into the protocol of one nonconformity."""

    number: str
    grade: Grade
    cause: str = ""
    plan: str = ""
    action: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteEvidence:
    """Whether a nonconformity applies to a site, and the evidence of what was done there."""

    number: str
    site: str
    is_applicable: bool
    evidence: str = ""


def arrival(submitted_on: date | None, due: date, today: date) -> Arrival:
    """Return what became of the evidence; the last day is in time (profile ca.deadline_event: evidence submitted).

    >>> due = date(2026, 2, 28)
    >>> [arrival(day, due, today=date(2026, 3, 2)).value for day in (due, date(2026, 3, 1), None)]
    ['IN_TIME', 'LATE', 'NONE']
    >>> arrival(None, due, today=due).value
    'AWAITED'
    """
    if submitted_on is None:
        return Arrival.AWAITED if today <= due else Arrival.NONE
    return Arrival.IN_TIME if submitted_on <= due else Arrival.LATE


def unfilled(actions: Iterable[Action]) -> tuple[str, ...]:
    """Return the numbers of nonconformities whose cause, plan or action is empty; notifications ask for none.

    Source: C L159 (C-080); by the two-level reading negligible ones need all three as well.
    """
    return tuple(
        each.number
        for each in actions
        if each.grade is not Grade.NOTIFICATION
        and not all(text.strip() for text in (each.cause, each.plan, each.action))
    )


def submission_denied(actions: Iterable[Action]) -> Denied | None:
    """Refuse evidence while a protocol lacks its cause, plan or action (C-080)."""
    missing = unfilled(actions)
    if not missing:
        return None
    return denied(
        "PROTOCOL_INCOMPLETE",
        "В протоколах {numbers} не заполнены причина, план или действия.",
        numbers=missing,
    )


def unassessed_sites(numbers: Iterable[str], sites: Sequence[str], given: Iterable[SiteEvidence]) -> tuple[str, ...]:
    """Return "number: site" for every site of the scope where nobody judged whether a nonconformity applies.

    Source: C L142 (C-066).

    >>> unassessed_sites(["1"], ["Цех", "Склад"], [SiteEvidence(number="1", site="Цех", is_applicable=False)])
    ('1: Склад',)
    """
    judged = {(each.number, each.site) for each in given}
    return tuple(f"{number}: {site}" for number in numbers for site in sites if (number, site) not in judged)


def closure_denied(
    numbers: Sequence[str], sites: Sequence[str], given: Sequence[SiteEvidence], verified: Collection[str]
) -> Denied | None:
    """Refuse to close nonconformities that are not judged, evidenced at each applicable site and verified.

    Source: C L142, L161, L166 (C-066, C-082, C-088); ISO/IEC 17021-1 9.5.2.
    """
    unjudged = unassessed_sites(numbers, sites, given)
    if unjudged:
        return denied("SITES_UNASSESSED", "Не оценена применимость к площадкам: {sites}.", sites=unjudged)
    bare = [f"{each.number}: {each.site}" for each in given if each.is_applicable and not each.evidence.strip()]
    if bare:
        return denied("SITES_WITHOUT_EVIDENCE", "Нет свидетельств выполнения на площадках: {sites}.", sites=bare)
    open_numbers = [number for number in numbers if number not in verified]
    if open_numbers:
        return denied("NOT_VERIFIED", "Выполнение не проверено: {numbers}.", numbers=open_numbers)
    return None


def revisit_denied(first_evidence: Arrival, visit_on: date, assessed_on: date, *, max_days: int) -> Denied | None:
    """Refuse a repeat visit that the term does not allow: the first evidence came late, or the visit is too far off.

    The visit itself may be after the month. Source: C L165 (C-087); profile revisit.max_days.
    """
    if first_evidence is not Arrival.IN_TIME:
        return denied("LATE", "Свидетельства поступили не в срок, повторное посещение невозможно.")
    last = last_day(assessed_on, f"P{max_days}D")
    if not assessed_on <= visit_on <= last:
        return denied("REVISIT_DATE", "Повторное посещение возможно не позднее {last}.", last=last)
    return None


def needs_repeat_stage2(stage2_last_day: date, open_significant: bool, today: date, *, within: str = "P6M") -> bool:
    """Whether stage 2 must be repeated: a significant one is unverified after six months from its last day.

    Source: ISO/IEC 17021-1 9.5.3.2; profile major.restage2_after.

    >>> [needs_repeat_stage2(date(2026, 1, 31), True, day) for day in (date(2026, 7, 31), date(2026, 8, 1))]
    [False, True]
    """
    return open_significant and today > last_day(stage2_last_day, within)


def custody_denied(log: Sequence[str], step: str) -> Denied | None:
    """Refuse a step of a protocol's way that is out of order. `log` holds the steps done so far.

    Source: C L146 (C-072): issued by the leader, signed by the applicant, with the applicant, back to the leader.
    """
    expected = CUSTODY[len(log)] if len(log) < len(CUSTODY) else ""
    if step == expected and tuple(log) == CUSTODY[: len(log)]:
        return None
    return denied("CUSTODY_ORDER", "Протокол ждёт шага «{expected}».", expected=CUSTODY_NAMES.get(expected, "нет"))


CUSTODY = ("issued", "signed", "with_applicant", "returned")
CUSTODY_NAMES: Mapping[str, str] = {
    "issued": "оформлен руководителем группы",
    "signed": "подписан заявителем",
    "with_applicant": "передан заявителю",
    "returned": "возвращён руководителю группы",
}
