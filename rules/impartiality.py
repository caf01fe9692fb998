"""Who is too close to a party: ties of people to organisations, and signed declarations.

Rows of the tie register: person, organisation (tax number or name), kind (employee, consultant, contract, relative,
owner, ...), valid_from, valid_to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from rules.durations import Duration, last_day
from rules.validity import Row, day_of
from rules.verdict import Denied, Notice, denied, notice

KIND_NAMES = {
    "employee": "работа",
    "consultant": "консультирование",
    "contract": "договор",
    "owner": "участие в капитале",
    "relative": "родство",
}


def ties_between(
    rows: Iterable[Row], person: str, organisations: Collection[str], on: date, *, lookback: str
) -> tuple[Row, ...]:
    """Return the ties of a person to any of the organisations that still count on the day.

    A tie counts while it lasts and for `lookback` (ISO 8601, as P2Y) after its last day, that day included.
    Source: C L111 (C-048); A 6.10.5 (A-015, A-082); ISO/IEC 17021-1 5.2.10, ISO/IEC 17065 7.13.6 (two years).

    >>> tie = {"person": "auditor5", "organisation": "1203", "kind": "employee", "valid_to": "2024-11-30"}
    >>> [len(ties_between([tie], "auditor5", {"1203"}, date(2026, 11, day), lookback="P2Y")) for day in (29, 30)]
    [1, 1]
    >>> ties_between([tie], "auditor5", {"1203"}, date(2026, 12, 1), lookback="P2Y")
    ()
    """
    return tuple(
        row
        for row in rows
        if row["person"] == person and str(row["organisation"]) in organisations and _still_counts(row, on, lookback)
    )


def tie_denied(
    rows: Iterable[Row], person: str, organisations: Collection[str], on: date, *, lookback: str
) -> Denied | None:
    """Refuse a person who is tied to a party, showing the ties. Source: as `ties_between`."""
    ties = ties_between(rows, person, organisations, on, lookback=lookback)
    if not ties:
        return None
    return denied(
        "LINKED_TO_PARTY",
        "{person} связан со стороной: {ties}. Назначьте другого.",
        person=person,
        ties=[_shown(row) for row in ties],
    )


def declaration_denied(person: str, declared: Collection[str]) -> Denied | None:
    """Refuse a team member who has signed no declaration for this audit. Source: C L12, L121 (C-003, C-055)."""
    if person in declared:
        return None
    return denied(
        "DECLARATION_MISSING",
        "{person} не подписал декларацию о беспристрастности и конфиденциальности для этого аудита.",
        person=person,
    )


def undeclared(team: Sequence[str], declared: Collection[str]) -> tuple[str, ...]:
    """Return the members without a declaration, in the order of the team (C-055)."""
    return tuple(person for person in team if person not in declared)


def interest_denied(person: str, involved: Collection[str], subjects: Collection[str]) -> Denied | None:
    """Refuse to give an item to somebody who took part in the contested activity or whom it is about.

    Source: A 6.4.3 (A-045), A 6.7.2 (A-056); ISO/IEC 17065 7.13.5.
    """
    if person in subjects:
        return denied("LINKED_TO_SUBJECT", "Обращение касается самого {person}. Назначьте другого.", person=person)
    if person in involved:
        return denied(
            "NOT_INDEPENDENT", "{person} участвовал в оспариваемой деятельности. Назначьте другого.", person=person
        )
    return None


def rotation_notice(person: str, cycles_in_a_row: int, *, warn_after: int) -> Notice | None:
    """Warn of familiarity when an auditor has led so many cycles of a client in a row; 0 switches it off.

    Source: ISO/IEC 17021-1 4.2.4 names the threat and no number; profile rotation.warn_cycles.
    """
    if not warn_after or cycles_in_a_row < warn_after:
        return None
    return notice(
        "FAMILIARITY",
        "{person} ведёт этого заявителя циклов подряд: {cycles}. Обоснуйте или назначьте другого.",
        person=person,
        cycles=cycles_in_a_row,
    )


def _still_counts(row: Row, on: date, lookback: str) -> bool:
    begins, ends = day_of(row.get("valid_from")), day_of(row.get("valid_to"))
    Duration.parse(lookback)  # a wrong profile is told even where no tie has ended
    return (begins is None or begins <= on) and (ends is None or on <= last_day(ends, lookback))


def _shown(row: Row) -> str:
    kind = KIND_NAMES.get(str(row.get("kind", "")), str(row.get("kind", "")))
    ends = day_of(row.get("valid_to"))
    return f"{kind} в {row['organisation']} до {ends:%d.%m.%Y}" if ends else f"{kind} в {row['organisation']}"
