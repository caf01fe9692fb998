"""What the report on a complaint and the answer to it must say, who may sign it, how far a term may be extended.

Source: A 6.1.1, 6.6.4, 6.7.3-6.7.9 (A-026, A-029, A-053, A-057 to A-059, A-063, A-064).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rules.validity import Row
from rules.verdict import Denied, denied


class Conclusion(StrEnum):
    """What the consideration of a complaint found."""

    JUSTIFIED = "JUSTIFIED"
    PARTLY_JUSTIFIED = "PARTLY_JUSTIFIED"
    UNFOUNDED = "UNFOUNDED"


class Closure(StrEnum):
    """How a complaint ends; the applicant's dissatisfaction does not keep it open for ever."""

    SATISFIED = "CLOSED_SATISFIED"
    SILENT = "CLOSED_SILENT"
    WITH_DISAGREEMENT = "CLOSED_WITH_DISAGREEMENT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One fact that the complaint alleges: how it was checked and whether it is confirmed."""

    fact: str
    check: str
    result: str
    is_confirmed: bool


def is_justified(conclusion: Conclusion) -> bool:
    """Whether analysis and measures are owed; a partly justified complaint owes them too."""
    return conclusion is not Conclusion.UNFOUNDED


def facts_denied(facts: Sequence[Fact], planned: Iterable[str]) -> Denied | None:
    """Refuse a report in which an alleged fact has no check with a result. Source: A 6.7.3 (A-057).

    `planned` are the facts that the plan of checks names; each is in the report, in its own words.
    """
    reported = {_plain(each.fact) for each in facts if each.check.strip() and each.result.strip()}
    missing = [fact for fact in planned if _plain(fact) not in reported]
    if not facts:
        return denied("FACT_UNCHECKED", "В отчёте нет ни одного проверенного факта.")
    return denied("FACT_UNCHECKED", "Нет проверки с результатом: {facts}.", facts=missing) if missing else None


def conclusion_denied(facts: Sequence[Fact], conclusion: Conclusion, *, breach: str = "") -> Denied | None:
    """Refuse a conclusion that contradicts the facts or the breach ("PRESENT", "ABSENT" or "" where not asked).

    Source: A 6.1.1, 6.7.5 (A-029, A-059).

    >>> confirmed = Fact(fact="срок нарушен", check="журнал", result="да", is_confirmed=True)
    >>> conclusion_denied([confirmed], Conclusion.UNFOUNDED).code
    'CONCLUSION_CONTRADICTS'
    """
    confirmed = any(each.is_confirmed for each in facts)
    if is_justified(conclusion) and not confirmed:
        return denied("CONCLUSION_CONTRADICTS", "Ни один факт не подтверждён: жалоба не может быть обоснованной.")
    if conclusion is Conclusion.UNFOUNDED and confirmed:
        return denied("CONCLUSION_CONTRADICTS", "Есть подтверждённые факты: жалоба не может быть необоснованной.")
    if breach == "PRESENT" and conclusion is Conclusion.UNFOUNDED:
        return denied("CONCLUSION_CONTRADICTS", "Нарушение есть: жалоба не может быть необоснованной.")
    return None


def unsigned_denied(members: Sequence[str], signed: Collection[str]) -> Denied | None:
    """Refuse a report that a member has not signed. Source: A 6.7.4 (A-058)."""
    missing = [member for member in members if member not in signed]
    return denied("REPORT_UNSIGNED", "Отчёт не подписали: {people}.", people=missing) if missing else None


def reply_denied(*, justified: bool, analysis: str, measures: str) -> Denied | None:
    """Refuse the reply to a justified complaint without the analysis of actions or the measures.

    Source: A 6.7.8 (A-063).
    """
    if justified and not (analysis.strip() and measures.strip()):
        return denied("REPLY_INCOMPLETE", "Жалоба обоснована: в ответе нужны анализ действий и принятые меры.")
    return None


def training_denied(rows: Iterable[Row], person: str, topic: str) -> Denied | None:
    """Refuse to sign a reply to somebody who was not trained to handle complaints. Source: A 6.1.1 (A-026)."""
    if any(row["person"] == person and row["topic"] == topic for row in rows):
        return None
    return denied(
        "NOT_TRAINED", "{person} не обучен: «{topic}». Ответ подписывает обученный.", person=person, topic=topic
    )


def extension_denied(new_due: date, old_due: date, longest: date) -> Denied | None:
    """Refuse an extension that shortens the term or goes beyond its limit. Source: A 6.6.4 (A-053); ext.max.

    >>> extension_denied(date(2026, 5, 20), date(2026, 4, 2), date(2026, 5, 4)).code
    'EXTENSION_TOO_LONG'
    """
    if new_due <= old_due:
        return denied("EXTENSION_TOO_SHORT", "Новый срок не позже прежнего {old}.", old=old_due)
    if new_due > longest:
        return denied("EXTENSION_TOO_LONG", "Продлить можно не далее {longest}.", longest=longest)
    return None


def way_denied(way: str, mode: str) -> Denied | None:
    """Refuse a way for an item out of competence that the profile does not leave open (`FORWARD`, `LEAVE`).

    Source: A 6.5 (A-049, A-050); profile forward.mode.

    >>> way_denied("LEAVE", "forward").code, way_denied("LEAVE", "director_chooses")
    ('WAY_NOT_OPEN', None)
    """
    if mode == "director_chooses" or way == mode.upper():
        return None
    if mode == "forward":
        return denied("WAY_NOT_OPEN", "По профилю органа такое обращение пересылают по принадлежности.")
    return denied("WAY_NOT_OPEN", "По профилю органа такое обращение оставляют без рассмотрения с разъяснением.")


def closure(satisfied: bool | None) -> Closure:
    """Return how a complaint with a reply sent is closed; None when the applicant kept silent.

    Source: A 6.7.9 (A-064); profile closure.dissatisfied.
    """
    if satisfied is None:
        return Closure.SILENT
    return Closure.SATISFIED if satisfied else Closure.WITH_DISAGREEMENT


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
