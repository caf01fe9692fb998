"""Who may sit in a commission, and whether it is complete.

Source: A 5.5, 6.7.1-6.7.2, 6.10.4-6.10.7 (A-014, A-015, A-055, A-056, A-081 to A-084); ISO/IEC 17065 7.13.5.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from rules.impartiality import interest_denied, tie_denied
from rules.validity import Row
from rules.verdict import Denied, denied


class Consent(StrEnum):
    """What a party says to the composition; silence after the term counts as agreement."""

    AGREED = "AGREED"
    OBJECTED = "OBJECTED"
    SILENT = "SILENT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Commission:
    """Those who decide: voting members, the chair who votes on a tie alone, the secretary who never votes."""

    chair: str
    members: tuple[str, ...]
    secretary: str
    deputy_chair: str = ""

    @property
    def people(self) -> tuple[str, ...]:
        """Chair, deputy and members, each once."""
        return tuple(dict.fromkeys(login for login in (self.chair, self.deputy_chair, *self.members) if login))


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What the commission is about: whom it concerns and who is too close to it."""

    organisations: frozenset[str]
    """Tax numbers or names of the parties."""
    involved: frozenset[str] = frozenset()
    """Logins of those who took part in the contested activity."""
    subjects: frozenset[str] = frozenset()
    """Logins of those whom the item is about."""
    earlier_panel: frozenset[str] = field(default_factory=frozenset)
    """Logins of those who considered the complaint that is now appealed."""


def composition_denied(commission: Commission, *, voters_min: int = 4) -> tuple[Denied, ...]:
    """Return every fault of the composition itself: too few voters, an office held twice, no chair or secretary.

    At least four vote and the chair is not among them, else a tie could not be broken by the chair.
    Source: A 6.10.4, 6.10.7 (A-081, A-084); profile voters_min.
    """
    faults = (
        (
            len(set(commission.members)) < voters_min,
            denied(
                "TOO_FEW_MEMBERS",
                "Голосующих членов {count}, нужно не меньше {least} без председателя.",
                count=len(set(commission.members)),
                least=voters_min,
            ),
        ),
        (
            not commission.chair or not commission.secretary,
            denied("OFFICE_MISSING", "Назначьте председателя и секретаря комиссии."),
        ),
        (
            commission.secretary != "" and commission.secretary in commission.people,
            denied("SECRETARY_IS_MEMBER", "Секретарь {person} не член комиссии.", person=commission.secretary),
        ),
        (
            commission.chair != "" and commission.chair in commission.members,
            denied("CHAIR_IS_MEMBER", "Председатель {person} не голосует как член.", person=commission.chair),
        ),
        (
            commission.deputy_chair != "" and commission.deputy_chair == commission.chair,
            denied("CHAIR_IS_DEPUTY", "Заместитель председателя {person} — другой человек.", person=commission.chair),
        ),
        (
            len(set(commission.members)) < len(commission.members),
            denied("MEMBER_TWICE", "Член комиссии назван дважды."),
        ),
    )
    return tuple(fault for is_so, fault in faults if is_so)


def person_denied(person: str, matter: Matter, ties: Iterable[Row], on: date, *, lookback: str) -> Denied | None:
    """Refuse a person for the commission, whatever office the procedure would give that person.

    Even the head of the body, whom A 6.7.2 names a member, is out when the item is about the head (profile
    exclude_subject). Source: A 5.5, 6.7.2, 6.7.9, 6.10.5 (A-015, A-056, A-065, A-082); ISO/IEC 17065 7.13.5-6.
    """
    refused = interest_denied(person, matter.involved, matter.subjects)
    if refused:
        return refused
    if person in matter.earlier_panel:
        return denied(
            "NOT_INDEPENDENT", "{person} рассматривал жалобу, которая теперь обжалуется. Нужен другой.", person=person
        )
    return tie_denied(ties, person, matter.organisations, on, lookback=lookback)


def commission_denied(
    commission: Commission,
    matter: Matter,
    ties: Iterable[Row],
    on: date,
    *,
    lookback: str = "P2Y",
    voters_min: int = 4,
) -> tuple[Denied, ...]:
    """Return every reason why the commission may not be approved; empty if it may.

    The secretary is asked for the same distance as those who decide.
    """
    rows = tuple(ties)
    people = dict.fromkeys((*commission.people, commission.secretary))
    personal = (person_denied(person, matter, rows, on, lookback=lookback) for person in people if person)
    return (*composition_denied(commission, voters_min=voters_min), *(each for each in personal if each is not None))


def consent_denied(consents: Mapping[str, Consent], decided: Collection[str], *, term_is_over: bool) -> Denied | None:
    """Refuse to activate a commission while a party still may speak or an objection is undecided.

    `consents` by party; `decided` names the parties whose objection the director has decided.
    Source: A 6.10.6 (A-083); profile composition.silence.
    """
    waiting = [party for party, consent in consents.items() if consent is Consent.SILENT and not term_is_over]
    if waiting:
        return denied("CONSENT_AWAITED", "Срок согласования состава ещё идёт: {parties}.", parties=waiting)
    open_objections = [
        party for party, consent in consents.items() if consent is Consent.OBJECTED and party not in decided
    ]
    if open_objections:
        return denied("OBJECTION_UNDECIDED", "Директор ещё не решил по возражению: {parties}.", parties=open_objections)
    return None


def presiding(commission: Commission, *, chair_is_present: bool) -> str:
    """Return who presides: the chair, or in the chair's absence the deputy appointed beforehand ("" if none).

    Source: the procedure is silent; profile quorum.
    """
    return commission.chair if chair_is_present else commission.deputy_chair
