"""The critical path of an appeal, laid out on the day of its registration, and what a session needs to begin.

Source: A 6.9.5, 6.10.4-6.10.14 (A-072, A-074, A-081, A-083, A-085, A-086, A-090).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rules.durations import Duration
from rules.terms import Deadline
from rules.verdict import Denied, Notice, denied, notice

DueOf = Callable[[str, date], Deadline]
"""`ProfileTerms.due`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CriticalPath:
    """The latest days of an appeal's steps, counted one after the other from the registration."""

    commission: date
    composition: date
    """Parties agree to the composition while the information is gathered, or the month would not do."""
    request: date
    materials: date
    invitation: date
    """Last day to invite to a session on the earliest day."""
    earliest_session: date
    """If everybody uses the whole of their term."""
    decision: date
    warning: Notice | None

    @property
    def spare_days(self) -> int:
        """Calendar days between the earliest session and the last day for the decision; negative if it cannot be."""
        return (self.decision - self.earliest_session).days


def critical_path(due: DueOf, registered_on: date, *, notice_ahead: str) -> CriticalPath:
    """Lay out the appeal: who needs what by when so that the decision comes within the month.

    `due` computes a term of the profile; `notice_ahead` is the length of the invitation term, as "P5D". The session
    may be held as soon as the materials are in and the parties have had their notice; both run from the materials.
    """
    request = due("request", registered_on).day
    materials = due("materials", request).day
    commission = due("commission", registered_on).day
    session = _after(materials, notice_ahead)
    decision = due("decision", registered_on).day
    return CriticalPath(
        commission=commission,
        composition=due("composition", commission).day,
        request=request,
        materials=materials,
        invitation=materials,
        earliest_session=session,
        decision=decision,
        warning=_warning(session, decision),
    )


def invitation_denied(session_on: date, invited_on: date, *, ahead: str, waived_by_all: bool) -> Denied | None:
    """Refuse to open a session to which the parties were invited less than five days ahead, unless all waive it.

    Source: A 6.9.5, 6.10.10 (A-072).

    >>> invitation_denied(date(2026, 3, 25), date(2026, 3, 20), ahead="P5D", waived_by_all=False) is None
    True
    >>> invitation_denied(date(2026, 3, 25), date(2026, 3, 21), ahead="P5D", waived_by_all=False).code
    'LATE_INVITATION'
    """
    last = Duration.parse(f"-{ahead}").after(session_on)
    if invited_on <= last or waived_by_all:
        return None
    return denied(
        "LATE_INVITATION",
        "Стороны приглашены {invited}, а нужно было не позднее {last}. Перенесите заседание или запишите их согласие.",
        invited=invited_on,
        last=last,
    )


def opening_denied(members: Sequence[str], delivered: Collection[str], sworn: Collection[str]) -> Denied | None:
    """Refuse to open a session before each member has all materials and has signed confidentiality.

    Source: A 5.6, 6.10.8 (A-020, A-086).
    """
    unsworn = [member for member in members if member not in sworn]
    if unsworn:
        return denied("CONFIDENTIALITY_MISSING", "Нет обязательства о конфиденциальности: {people}.", people=unsworn)
    without = [member for member in members if member not in delivered]
    if without:
        return denied("MATERIALS_NOT_DELIVERED", "Материалы не получили: {people}.", people=without)
    return None


def unheard_denied(parties: Sequence[str], offered: Collection[str]) -> Denied | None:
    """Refuse a decision while a party had no chance to be heard. Source: A 6.9.5, 6.10.11 (A-074)."""
    unheard = [party for party in parties if party not in offered]
    if not unheard:
        return None
    return denied("NOT_HEARD", "Стороне не дана возможность высказаться: {parties}.", parties=unheard)


def is_late_material(received_on: date, materials_due: date) -> bool:
    """Whether information came after its two weeks; it is flagged and not refused. Source: A 6.10.7 (A-085)."""
    return received_on > materials_due


def _after(day: date, length: str) -> date:
    return Duration.parse(length).after(day)


def _warning(session: date, decision: date) -> Notice | None:
    if session <= decision:
        return None
    return notice(
        "NO_TIME_LEFT",
        "Заседание возможно не раньше {session}, а решение нужно к {decision}: запросите сведения раньше на {days} дн.",
        session=session,
        decision=decision,
        days=(session - decision) // timedelta(days=1),
    )
