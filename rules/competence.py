"""Who is evaluated for what, and whether a team together covers a case.

Rows of the competence register: person, standard, code ("*" for every code of the standard), function, valid_from,
valid_to. Functions: review (application review), calculation, audit (audit, plan, act, report), decision, expertise.
Source: C L13, L26-29, L37, L96-115, L149, L170, L174-175; ISO/IEC 17021-1 7.2; IAF MD 10.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from rules.validity import Row, is_valid
from rules.verdict import Denied, denied

ANY_CODE = "*"

FUNCTION_NAMES = {
    "review": "анализ заявки",
    "calculation": "расчёт и выборка",
    "audit": "аудит",
    "decision": "решение о сертификации",
    "expertise": "техническая экспертиза",
}

TEAM_FACTORS = (
    "competence",
    "objectives",
    "activity",
    "effort",
    "collective",
    "law",
    "impartiality",
    "interaction",
    "language",
)
"""The nine factors of C L96-105 for the size and make-up of a team (C-041)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member of a team; experts from outside work under a service contract."""

    login: str
    role: Literal["auditor", "expert", "trainee"] = "auditor"
    is_external: bool = False
    contract: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What a case asks of people: its standards and the codes of its economic sectors."""

    standards: tuple[str, ...]
    codes: tuple[str, ...]

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Every standard with every code."""
        return tuple((standard, code) for standard in self.standards for code in self.codes)


def is_evaluated(
    rows: Iterable[Row], person: str, function: str, on: date, *, standard: str, code: str | None = None
) -> bool:
    """Whether the person has a valid evaluation for the function in the standard (and the code, if one is asked)."""
    return any(
        row["person"] == person
        and row["function"] == function
        and row["standard"] == standard
        and (code is None or str(row["code"]) in (code, ANY_CODE))
        and is_valid(row, on)
        for row in rows
    )


def evaluation_denied(
    rows: Sequence[Row], person: str, function: str, need: Need, on: date, *, with_codes: bool = False
) -> Denied | None:
    """Refuse a person who is not evaluated for the function in each standard of the case, naming the standards.

    With codes, each code of each standard is asked too (a decision maker must be competent in the direction).
    Source: C L13, L26, L37, L174-175 (C-005, C-013, C-021, C-093).
    """
    if with_codes:
        missing = [
            f"{standard} код {code}"
            for standard, code in need.pairs
            if not is_evaluated(rows, person, function, on, standard=standard, code=code)
        ]
    else:
        missing = [each for each in need.standards if not is_evaluated(rows, person, function, on, standard=each)]
    if not missing:
        return None
    return denied(
        "COMPETENCE_MISSING",
        "У {person} нет действующей оценки «{function}» по: {standards}.",
        person=person,
        function=FUNCTION_NAMES.get(function, function),
        standards=missing,
    )


def without_personnel(rows: Sequence[Row], need: Need, on: date) -> tuple[tuple[str, str], ...]:
    """Return the pairs (standard, code) for which the whole body has neither auditor nor, for the code, expert.

    An expert stands in for the technical area alone: somebody must be an auditor of the standard.
    Source: C L28-29 (C-015).
    """
    everybody = {str(row["person"]) for row in rows}
    return _uncovered(rows, auditors=everybody, experts=everybody, need=need, on=on)


def personnel_denied(rows: Sequence[Row], need: Need, on: date) -> Denied | None:
    """Refuse to accept an application for which the body has no competent people (C-015)."""
    missing = without_personnel(rows, need, on)
    if not missing:
        return None
    return denied(
        "NO_COMPETENT_PERSONNEL",
        "Нет оценённых экспертов-аудиторов и технических экспертов по: {pairs}.",
        pairs=_shown(missing),
    )


def team_denied(rows: Sequence[Row], team: Sequence[Member], leader: str, need: Need, on: date) -> tuple[Denied, ...]:
    """Return every reason why a team may not audit the case on the day; empty if it may.

    Trainees count for nothing, experts for technical areas alone. Each auditor must be evaluated for at least one
    standard of the case and each expert for one of its codes; together they cover every standard with every code.
    Source: C L106-109 (C-005, C-042 to C-045).
    """
    auditors = [member.login for member in team if member.role == "auditor"]
    experts = [member.login for member in team if member.role == "expert"]
    found = [
        _leader_denied(rows, auditors, leader, need, on),
        *(_auditor_denied(rows, login, need, on) for login in auditors if login != leader),
        *(_expert_denied(rows, login, need, on) for login in experts),
        _cover_denied(rows, auditors, experts, need, on),
        *(_contract_denied(member) for member in team),
    ]
    return tuple(each for each in found if each is not None)


def team_factors_denied(factors: Mapping[str, str]) -> Denied | None:
    """Refuse a team whose record does not answer each of the nine factors. Source: C L96-105 (C-041)."""
    missing = [name for name in TEAM_FACTORS if not factors.get(name, "").strip()]
    if not missing:
        return None
    return denied("FACTORS_MISSING", "Не рассмотрены факторы состава группы: {factors}.", factors=missing)


def may_grade(role: str) -> bool:
    """Whether a member of a team sets grades and signs decisions: auditors do, experts and trainees advise.

    Source: C L110, L141 (C-046, C-065).
    """
    return role == "auditor"


def _uncovered(
    rows: Sequence[Row], *, auditors: Iterable[str], experts: Iterable[str], need: Need, on: date
) -> tuple[tuple[str, str], ...]:
    auditing, expert = set(auditors), set(experts)
    valid = [row for row in rows if is_valid(row, on)]
    audited = {(row["standard"], str(row["code"])) for row in _of(valid, "audit") if row["person"] in auditing}
    standards = {standard for standard, _ in audited}
    areas = {str(row["code"]) for row in _of(valid, "expertise") if row["person"] in expert}
    return tuple(
        (standard, code)
        for standard, code in need.pairs
        if not ({(standard, code), (standard, ANY_CODE)} & audited or (standard in standards and code in areas))
    )


def _of(rows: Iterable[Row], function: str) -> list[Row]:
    return [row for row in rows if row["function"] == function]


def _leader_denied(rows: Sequence[Row], auditors: Sequence[str], leader: str, need: Need, on: date) -> Denied | None:
    if leader not in auditors:
        return denied("LEADER_NOT_AUDITOR", "Руководитель группы {person} не эксперт-аудитор группы.", person=leader)
    return _auditor_denied(rows, leader, need, on)


def _auditor_denied(rows: Sequence[Row], login: str, need: Need, on: date) -> Denied | None:
    if any(is_evaluated(rows, login, "audit", on, standard=standard) for standard in need.standards):
        return None
    return evaluation_denied(rows, login, "audit", need, on)


def _expert_denied(rows: Sequence[Row], login: str, need: Need, on: date) -> Denied | None:
    areas = {str(row["code"]) for row in _of(rows, "expertise") if row["person"] == login and is_valid(row, on)}
    if areas & set(need.codes):
        return None
    return denied(
        "COMPETENCE_MISSING",
        "У технического эксперта {person} нет действующей оценки ни по одному коду дела: {codes}.",
        person=login,
        codes=need.codes,
    )


def _cover_denied(
    rows: Sequence[Row], auditors: Sequence[str], experts: Sequence[str], need: Need, on: date
) -> Denied | None:
    missing = _uncovered(rows, auditors=auditors, experts=experts, need=need, on=on)
    if not missing:
        return None
    if len(auditors) == 1 and not experts:
        return denied(
            "COMPETENCE_MISSING",
            "Единственный эксперт-аудитор {person} не оценён по: {pairs}. Дополните группу.",
            person=auditors[0],
            pairs=_shown(missing),
        )
    return denied("COMPETENCE_MISSING", "Группа вместе не охватывает: {pairs}.", pairs=_shown(missing))


def _contract_denied(member: Member) -> Denied | None:
    if member.role != "expert" or not member.is_external or member.contract.strip():
        return None
    return denied(
        "CONTRACT_MISSING", "У внешнего технического эксперта {person} нет договора на услуги.", person=member.login
    )


def _shown(pairs: Sequence[tuple[str, str]]) -> list[str]:
    return [f"{standard} код {code}" for standard, code in pairs]
