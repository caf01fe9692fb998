"""Who may decide on certification, and what the decision may say.

Source: C L174-179 (C-093 to C-102); ISO/IEC 17021-1 9.5.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rules.competence import Need, evaluation_denied
from rules.durations import last_day
from rules.findings import Conclusion
from rules.validity import Row
from rules.verdict import Denied, denied

TOOK_PART = ("team_leader", "audit_team", "experts", "trainees", "observers", "stage1_executor")
"""Groups of a case whose members may not decide on it: any role in the audit, and stage 1 is part of the audit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason of a decision: a clause of a standard, and whether it is fulfilled."""

    standard: str
    clause: str
    is_fulfilled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """What the decision maker finds in the file, as far as the decision depends on it."""

    conclusion: Conclusion
    open_numbers: tuple[str, ...] = ()
    """Nonconformities whose correction nobody has verified."""


def independence_denied(
    person: str, groups: Mapping[str, Collection[str]], *, first_deciders: Collection[str] = ()
) -> Denied | None:
    """Refuse a decision maker who took part in the audit in any role, or decided before an upheld appeal.

    `groups` are the logins of the case's groups. Source: C L174, L216 (C-093, C-126); ISO/IEC 17021-1 9.5.1, 9.7.

    >>> independence_denied("auditor1", {"trainees": ["auditor1"]}).code
    'NOT_INDEPENDENT'
    """
    for group in TOOK_PART:
        if person in groups.get(group, ()):
            return denied(
                "NOT_INDEPENDENT",
                "{person} участвовал в этом аудите ({group}) и не может принимать решение.",
                person=person,
                group=GROUP_NAMES[group],
            )
    if person in first_deciders:
        return denied(
            "NOT_INDEPENDENT",
            "{person} принял отменённое решение; новое принимает другой эксперт-аудитор.",
            person=person,
        )
    return None


GROUP_NAMES: Mapping[str, str] = {
    "team_leader": "руководитель группы",
    "audit_team": "член группы",
    "experts": "технический эксперт",
    "trainees": "стажёр",
    "observers": "наблюдатель",
    "stage1_executor": "исполнитель этапа 1",
}


def decider_denied(
    rows: Sequence[Row],
    person: str,
    need: Need,
    on: date,
    *,
    groups: Mapping[str, Collection[str]],
    first_deciders: Collection[str] = (),
) -> Denied | None:
    """Refuse to appoint a decision maker who is not independent or not evaluated for every standard and code.

    Source: C L174-175, L179 (C-093, C-102).
    """
    return independence_denied(person, groups, first_deciders=first_deciders) or evaluation_denied(
        rows, person, "decision", need, on, with_codes=True
    )


def panel_denied(rows: Sequence[Row], people: Sequence[str], need: Need, on: date) -> Denied | None:
    """Refuse a panel that does not cover the case together; each alone may lack a standard.

    Source: C L174-175; profile decision.panel (one competent in all, else a unanimous panel).
    """
    for standard, code in need.pairs:
        single = Need(standards=(standard,), codes=(code,))
        if all(evaluation_denied(rows, person, "decision", single, on, with_codes=True) for person in people):
            return denied(
                "COMPETENCE_MISSING",
                "Никто из принимающих решение не оценён по {standard}, код {sector}.",
                standard=standard,
                sector=code,
            )
    return None


def grant_denied(file: CaseFile) -> Denied | None:
    """Refuse to grant over a negative conclusion, or while a nonconformity is open and unverified.

    A negative conclusion stands in the way only with open findings: closed and verified by the decision date, they
    fulfil the requirements (profile major.policy: hold, then decide). Source: C L158, L176-177 (C-079, C-097).
    """
    if not file.open_numbers:
        return None
    if file.conclusion is Conclusion.NOT_CONFORMING:
        return denied(
            "NOT_CONFORMING",
            "Вывод акта «не соответствует», не закрыты: {numbers}. Выдать сертификат нельзя.",
            numbers=file.open_numbers,
        )
    return denied("NOT_VERIFIED", "Выполнение не проверено: {numbers}. Решать рано.", numbers=file.open_numbers)


def reasons_denied(outcome: str, reasons: Sequence[Reason], standards: Collection[str]) -> Denied | None:
    """Refuse a decision whose reasons do not carry it: clauses of the case's standards and nothing else.

    A grant needs every clause named fulfilled, and a clause of each standard; a refusal needs one unfulfilled.
    Source: C L177 (C-100): fulfilment of the requirements is the only criterion.
    """
    foreign = sorted({reason.standard for reason in reasons} - set(standards))
    if foreign or any(not reason.clause.strip() for reason in reasons):
        return denied(
            "CRITERION_NOT_ALLOWED", "Причина решения — только пункт стандарта этого дела: {names}.", names=standards
        )
    if not reasons:
        return denied("REASON_MISSING", "У решения нет причин. Назовите пункты стандарта.")
    unfulfilled = [f"{reason.standard} {reason.clause}" for reason in reasons if not reason.is_fulfilled]
    if outcome == "grant" and unfulfilled:
        return denied(
            "REASONS_CONTRADICT", "Выдача противоречит невыполненным пунктам: {clauses}.", clauses=unfulfilled
        )
    if outcome == "grant" and {reason.standard for reason in reasons} != set(standards):
        return denied(
            "REASON_MISSING", "Для выдачи нужна причина по каждому стандарту: {names}.", names=sorted(standards)
        )
    if outcome == "refuse" and not unfulfilled:
        return denied("REASONS_CONTRADICT", "Для отказа назовите хотя бы один невыполненный пункт.")
    return None


def validity_denied(decided_on: date, valid_until: date, *, longest: str = "P3Y") -> Denied | None:
    """Refuse a certificate that ends later than three years after the decision, or not after it at all.

    The same day three years later is still allowed: the source forbids only what is later.
    Source: C L175 (C-095); profile cert.max.

    >>> validity_denied(date(2026, 3, 2), date(2029, 3, 2)) is None
    True
    >>> validity_denied(date(2026, 3, 2), date(2029, 3, 3)).code
    'VALIDITY_TOO_LONG'
    """
    last = last_day(decided_on, longest)
    if valid_until > last:
        return denied("VALIDITY_TOO_LONG", "Сертификат действует не дольше чем до {last}.", last=last)
    if valid_until <= decided_on:
        return denied(
            "VALIDITY_TOO_SHORT", "Срок действия кончается не позже решения от {decided}.", decided=decided_on
        )
    return None


def missing_items(given: Collection[str], mandatory: Sequence[str]) -> tuple[str, ...]:
    """Return the mandatory items of the file that are not given, in the order of the list. Source: C L174 (C-094).

    >>> missing_items({"act", "report"}, ("act", "report", "protocols"))
    ('protocols',)
    """
    return tuple(item for item in mandatory if item not in given)


def handover_denied(given: Collection[str], mandatory: Sequence[str]) -> Denied | None:
    """Refuse to hand a file over for decision while a mandatory item is missing, listing what is (C-094)."""
    missing = missing_items(given, mandatory)
    return denied("FILE_INCOMPLETE", "В деле нет: {items}.", items=missing) if missing else None
