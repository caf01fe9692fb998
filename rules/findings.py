"""What the findings of an audit add up to: grades, the count of ten, and the conclusion on conformity.

The procedure prints three grades and gives consequences for two, so there are two readings (profile nc.taxonomy):
`two_level` counts minor and negligible together, `three_level_literal` counts the negligible alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, assert_never

from rules.verdict import Denied, denied

Taxonomy = Literal["two_level", "three_level_literal"]
CountScope = Literal["case_total", "per_standard"]
Grouped = Literal["one_significant", "each_separately"]
TAXONOMIES: tuple[Taxonomy, ...] = ("two_level", "three_level_literal")


class Grade(StrEnum):
    """How grave a finding is."""

    SIGNIFICANT = "significant"
    MINOR = "minor"
    NEGLIGIBLE = "negligible"
    NOTIFICATION = "notification"
    """About a possible nonconformity; it asks for prevention and never counts."""


class Conclusion(StrEnum):
    """What the act may say of the system."""

    CONFORMING = "CONFORMING"
    CONFORMING_SUBJECT_TO_CA = "CONFORMING_SUBJECT_TO_CA"
    NOT_CONFORMING = "NOT_CONFORMING"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One graded finding; `type` is the kind of breach, the same word for the same breach."""

    number: str
    grade: Grade
    process: str = ""
    type: str = ""
    department: str = ""
    standard: str = ""
    group: str = ""
    """Those raised together to one significant share a name here; empty for a finding on its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What a reading counts: significant ones (a group is one), those that count towards the limit, the rest."""

    significant: int
    counted: int
    uncounted: int
    notifications: int

    @property
    def nonconformities(self) -> int:
        """All but the notifications, with a group counted once."""
        return self.significant + self.counted + self.uncounted


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoning:
    """One reading's tally and the conclusion that follows from it."""

    taxonomy: Taxonomy
    tally: Tally
    conclusion: Conclusion


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """A proposal to raise repeated findings of one type in one process to one significant."""

    process: str
    type: str
    departments: tuple[str, ...]
    numbers: tuple[str, ...]


def reckon(
    findings: Sequence[Finding],
    taxonomy: Taxonomy,
    *,
    limit: int = 10,
    scope: CountScope = "case_total",
    grouped: Grouped = "one_significant",
    with_notifications: bool = False,
) -> Reckoning:
    """Return the tally of one reading and its conclusion.

    One significant, or `limit` of those that count, and the system is not conforming; any other nonconformity asks
    for corrective action. Per standard, each standard has its own limit. Findings raised together are one significant,
    or each is one of its own. Notifications never count, unless a body says so.
    Source: C L140-143, L158 (C-063, C-064, C-068, C-079).

    >>> nine = [Finding(number=str(n), grade=Grade.NEGLIGIBLE) for n in range(9)]
    >>> reckon(nine, "two_level").conclusion.value
    'CONFORMING_SUBJECT_TO_CA'
    >>> reckon([*nine, Finding(number="9", grade=Grade.MINOR)], "two_level").conclusion.value
    'NOT_CONFORMING'
    """
    counted_grades = _counted_grades(taxonomy) | ({Grade.NOTIFICATION} if with_notifications else set())
    single = [finding for finding in findings if not finding.group]
    counted = [finding for finding in single if finding.grade in counted_grades]
    grades = Counter(finding.grade for finding in single)
    tally = Tally(
        significant=grades[Grade.SIGNIFICANT] + _raised(findings, grouped),
        counted=len(counted),
        uncounted=sum(count for grade, count in grades.items() if grade is Grade.MINOR and grade not in counted_grades),
        notifications=grades[Grade.NOTIFICATION],
    )
    if tally.significant or _most(counted, scope) >= limit:
        conclusion = Conclusion.NOT_CONFORMING
    elif tally.nonconformities:
        conclusion = Conclusion.CONFORMING_SUBJECT_TO_CA
    else:
        conclusion = Conclusion.CONFORMING
    return Reckoning(taxonomy=taxonomy, tally=tally, conclusion=conclusion)


def both_readings(
    findings: Sequence[Finding],
    *,
    limit: int = 10,
    scope: CountScope = "case_total",
    grouped: Grouped = "one_significant",
    with_notifications: bool = False,
) -> Mapping[Taxonomy, Reckoning]:
    """Return both readings side by side; when their conclusions differ, people choose with a reason (C-079)."""
    return {
        taxonomy: reckon(
            findings, taxonomy, limit=limit, scope=scope, grouped=grouped, with_notifications=with_notifications
        )
        for taxonomy in TAXONOMIES
    }


def conclusion_denied(stated: Conclusion, reckoning: Reckoning) -> Denied | None:
    """Refuse a conclusion better than the reading gives. Source: C L158 (C-079).

    A worse conclusion is refused too: the only criterion is fulfilment of the requirements (C L177, C-100).
    """
    if stated is reckoning.conclusion:
        return None
    return denied(
        "CONCLUSION_NOT_ALLOWED",
        "Значительных {significant}, в счёте до предела {counted}: допустим только вывод «{conclusion}».",
        significant=reckoning.tally.significant,
        counted=reckoning.tally.counted,
        conclusion=CONCLUSION_NAMES[reckoning.conclusion],
    )


CONCLUSION_NAMES: Mapping[Conclusion, str] = {
    Conclusion.CONFORMING: "соответствует",
    Conclusion.CONFORMING_SUBJECT_TO_CA: "соответствует при выполнении корректирующих действий",
    Conclusion.NOT_CONFORMING: "не соответствует",
}


def escalations(findings: Iterable[Finding], *, departments: int = 2) -> tuple[Escalation, ...]:
    """Propose to raise what repeats: one type in one process in so many departments or more.

    Only minor and negligible findings that are not raised yet count. It is a proposal; the team leader accepts it
    or declines with a reason. Source: C L143-144 (C-068, C-069).
    """
    found: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        if finding.grade in (Grade.MINOR, Grade.NEGLIGIBLE) and not finding.group and finding.process and finding.type:
            found.setdefault((finding.process, finding.type), []).append(finding)
    return tuple(
        Escalation(
            process=process,
            type=kind,
            departments=tuple(sorted({finding.department for finding in repeated})),
            numbers=tuple(finding.number for finding in repeated),
        )
        for (process, kind), repeated in found.items()
        if len({finding.department for finding in repeated if finding.department}) >= departments
    )


def grade_denied(grade: Grade, *, is_potential: bool, is_verified: bool) -> Denied | None:
    """Refuse a grade that the finding cannot have.

    A possible nonconformity is a notification and nothing else, a real one never is; what nobody verified is no
    evidence and cannot be graded. Source: C L128-129, L141 (C-060, C-064).
    """
    if not is_verified:
        return denied("EVIDENCE_UNVERIFIED", "Свидетельство не проверено, классифицировать его нельзя.")
    if is_potential and grade is not Grade.NOTIFICATION:
        return denied("ONLY_NOTIFICATION", "Возможное несоответствие оформляется только как уведомление.")
    if not is_potential and grade is Grade.NOTIFICATION:
        return denied("NOT_NOTIFICATION", "Действительное несоответствие не может быть уведомлением.")
    return None


def unaudited_denied(selected: Iterable[str], audited: Iterable[str]) -> Denied | None:
    """Refuse to grade while a selected site is not yet audited. Source: C L140 (C-063)."""
    seen = set(audited)
    left = [site for site in selected if site not in seen]
    if not left:
        return None
    return denied("SITES_NOT_AUDITED", "Ещё не проверены площадки: {sites}. Классифицировать рано.", sites=left)


def _counted_grades(taxonomy: Taxonomy) -> frozenset[Grade]:
    match taxonomy:
        case "two_level":
            return frozenset({Grade.MINOR, Grade.NEGLIGIBLE})
        case "three_level_literal":
            return frozenset({Grade.NEGLIGIBLE})
        case _:
            assert_never(taxonomy)


def _raised(findings: Sequence[Finding], grouped: Grouped) -> int:
    raised = [finding.group for finding in findings if finding.group]
    return len(set(raised)) if grouped == "one_significant" else len(raised)


def _most(counted: Sequence[Finding], scope: CountScope) -> int:
    if scope == "case_total":
        return len(counted)
    return max(Counter(finding.standard for finding in counted).values(), default=0)
