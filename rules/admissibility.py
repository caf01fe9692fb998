"""What an incoming item is, whether it can be considered, and which term it gets.

Source: A 3.1-3.14, 6.1-6.7 (A-004 to A-006, A-031 to A-034, A-047 to A-054, A-070); profile anonymous.rule.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import assert_never

from rules.durations import last_day
from rules.verdict import Denied, denied


class Category(StrEnum):
    """The five kinds of items (A-031)."""

    APPLICATION = "APPLICATION"
    PROPOSAL = "PROPOSAL"
    COMPLAINT = "COMPLAINT"
    APPEAL = "APPEAL"
    OUT_OF_COMPETENCE = "OUT_OF_COMPETENCE"


class Target(StrEnum):
    """Whom an item is about."""

    BODY = "BODY"
    APPLICANT = "APPLICANT"
    OTHER = "OTHER"


class Form(StrEnum):
    """How an item came."""

    WRITTEN = "WRITTEN"
    ELECTRONIC = "ELECTRONIC"
    ORAL = "ORAL"


GROUNDS = ("CONFORMITY", "STANDARD", "PROCEDURE", "OTHER_DECISION")
"""What an appeal may contest; the last one needs the director's reason (A-070)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """Who sends an item; `place` is an address of residence, work or study, or where an organisation is."""

    name: str = ""
    place: str = ""

    def is_identified(self, rule: str = "name_and_location") -> bool:
        """Whether name and place are given, or the name alone where the reading anonymous.rule is `name_only`."""
        return bool(self.name.strip() and (rule == "name_only" or self.place.strip()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An incoming item as far as its admissibility depends on it."""

    form: Form
    applicants: tuple[Applicant, ...]
    reply_email: str = ""
    by_representative: bool = False
    has_authority_document: bool = False
    substance: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """An earlier item of the journal, to find repetitions by."""

    number: str
    applicant: str
    matter: str
    received_on: date
    is_answered: bool


def is_collective(item: Item) -> bool:
    """Whether two or more applicants sent the item together. Source: A 3.5 (A-004)."""
    return len(item.applicants) >= 2


def is_anonymous(item: Item, rule: str = "name_and_location") -> bool:
    """Whether nobody among the applicants gives both a name and a place; an e-mail address alone is neither.

    One identified applicant is enough for a collective item. Source: A 6.2.2 (A-032); profile anonymous.rule.

    >>> is_anonymous(Item(form=Form.ELECTRONIC, applicants=(), reply_email="a@example.org"))
    True
    >>> is_anonymous(Item(form=Form.WRITTEN, applicants=(Applicant(name="Н. Юсупова", place="Ташкент"),)))
    False
    >>> named = Item(form=Form.WRITTEN, applicants=(Applicant(name="Н. Юсупова"),))
    >>> is_anonymous(named), is_anonymous(named, "name_only")
    (True, False)
    """
    return not any(applicant.is_identified(rule) for applicant in item.applicants)


def missing_parts(item: Item, category: Category, rule: str = "name_and_location") -> tuple[str, ...]:
    """Return what the applicant is asked to complete: identity, reply_email, authority, substance; in this order.

    Source: A 6.2.2, 6.2.3, 6.10.3 (A-032 to A-034, A-080).
    """
    missing = (
        ("identity", is_anonymous(item, rule)),
        ("reply_email", item.form is Form.ELECTRONIC and not item.reply_email.strip()),
        ("authority", item.by_representative and not item.has_authority_document),
        ("substance", category is Category.APPEAL and not item.substance.strip()),
    )
    return tuple(name for name, lacks in missing if lacks)


def not_considered(
    item: Item, category: Category, *, completion_expired: bool, rule: str = "name_and_location"
) -> str | None:
    """Return the status of an item that is closed without consideration, or None if it goes on.

    An item is never refused registration; first its completion is asked, and only then is it left. A missing e-mail
    address or statement alone does not stop an item. Source: A 6.1.1, 6.2.2, 6.2.3 (A-022, A-032, A-034).
    """
    missing = missing_parts(item, category, rule)
    if not completion_expired:
        return None
    if "identity" in missing:
        return "NOT_CONSIDERED_ANONYMOUS"
    return "NOT_CONSIDERED_NO_AUTHORITY" if "authority" in missing else None


def is_repeat(first_received: date, is_answered: bool, received: date, *, window: str = "P3Y") -> bool:
    """Whether an item of the same applicant on the same matter repeats one that was answered; the last day counts.

    Source: A 3.10 (A-005); profile repeat.window.

    >>> first = date(2023, 11, 10)
    >>> [is_repeat(first, True, day) for day in (date(2026, 11, 10), date(2026, 11, 11))]
    [True, False]
    >>> is_repeat(first, False, date(2024, 1, 10))
    False
    """
    return is_answered and first_received < received <= last_day(first_received, window)


def repeated(
    earlier: Iterable[Earlier], *, applicant: str, matter: str, received: date, window: str = "P3Y"
) -> Earlier | None:
    """Return the first of the earlier items that a new one repeats, or None. Case and spaces do not matter."""
    same = [
        each
        for each in earlier
        if _plain(each.applicant) == _plain(applicant)
        and _plain(each.matter) == _plain(matter)
        and is_repeat(each.received_on, each.is_answered, received, window=window)
    ]
    return min(same, key=lambda each: each.received_on, default=None)


def proposed_category(
    *, within_competence: bool, contested_decision: str, is_dissatisfied: bool, wants_service: bool
) -> Category:
    """Propose the category of an item; people decide.

    Contesting a named decision makes an appeal, dissatisfaction without one a complaint. Source: A 3.12, 3.14 (A-006).
    """
    if not within_competence:
        return Category.OUT_OF_COMPETENCE
    if contested_decision.strip():
        return Category.APPEAL
    if is_dissatisfied:
        return Category.COMPLAINT
    return Category.APPLICATION if wants_service else Category.PROPOSAL


def term_of(category: Category, target: Target, *, needs_study: bool = False, track: str = "by_target") -> str:
    """Return the name of the profile's term that an item is considered in.

    Source: A 6.1.1, 6.5, 6.6.2, 6.7.1, 6.10.14 (A-025, A-048, A-049, A-052, A-054, A-090); profile complaint.track:
    fifteen days for a complaint about the body, or a month for every complaint.

    >>> [term_of(Category.COMPLAINT, Target.BODY, track=track) for track in ("by_target", "one_month_for_all")]
    ['complaint.body', 'complaint.max']
    """
    match category:
        case Category.APPEAL:
            return "decision"
        case Category.COMPLAINT:
            if track == "one_month_for_all":
                return "complaint.max"
            return "complaint.body" if target is Target.BODY else "complaint.applicant"
        case Category.OUT_OF_COMPETENCE:
            return "forward"
        case Category.PROPOSAL | Category.APPLICATION:
            return "proposal.study" if needs_study else "proposal"
        case _:
            assert_never(category)


def ground_denied(ground: str, reason: str) -> Denied | None:
    """Refuse an appeal's ground outside the list, or another decision without the director's reason.

    Source: A 6.9.3 (A-070); profile appeal.grounds.
    """
    if ground not in GROUNDS:
        return denied("GROUND_MISSING", "Выберите основание апелляции из перечня.")
    if ground == "OTHER_DECISION" and not reason.strip():
        return denied("REASON_MISSING", "Иное решение принимается к апелляции только с причиной директора.")
    return None


def category_denied(category: str, known: Collection[str]) -> Denied | None:
    """Refuse a category that the procedure does not know. Source: A 6.2.1, 6.4.3 (A-031); profile item.categories."""
    return None if category in known else denied("CATEGORY_UNKNOWN", "Такой категории обращений порядок не знает.")


def repetition_denied(new_facts: str, *, rule: str) -> Denied | None:
    """Refuse to admit an appeal that repeats an answered one and states no new facts.

    Source: A 3.10 (A-005), which names no consequence; profile appeal.repeat.

    >>> repetition_denied("", rule="inadmissible_unless_new_facts").code
    'NO_NEW_FACTS'
    >>> repetition_denied("", rule="normal") is None
    True
    """
    if rule == "normal" or new_facts.strip():
        return None
    return denied("NO_NEW_FACTS", "Апелляция повторная: назовите новые факты или не принимайте её к рассмотрению.")


def marks_denied(given: Collection[str], mandatory: Sequence[str]) -> Denied | None:
    """Refuse to sign a resolution that lacks a mandatory mark. Source: A 6.4.3, 6.9.2 (A-044, A-069)."""
    missing = [mark for mark in mandatory if mark not in given]
    return denied("RESOLUTION_INCOMPLETE", "В резолюции нет: {marks}.", marks=missing) if missing else None


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
