"""Documents that must be signed: what is still unsigned, and the guard that keeps a case from going on without it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.steps import ROLE, Case, Refused, guard, has_signed
from handlers.client_file import name_of

OUTSIDE = {"applicant": "организация-заявитель"}
"""Roles whose holders sign for an organisation."""


def unsigned(case: Case) -> list[tuple[str, str]]:
    """Return (number and title of the document, login or `role:<role>`) for each signature that is still missing.

    Oldest document first. Only the newest of a kind counts: one that was drawn up anew takes the place of the others.
    """
    newest = {str(row["kind"]): row for row in case.registers("documents")}
    given = list(case.registers("signatures"))
    return [
        (f"{row['number']} «{row['title']}»", str(wanted))
        for row in newest.values()
        for wanted in row["must_sign"]
        if not any(one["number"] == row["number"] and has_signed(str(wanted), one) for one in given)
    ]


def signed_roles(case: Case, kind: str) -> set[str]:
    """Return the roles in which the newest document of a kind has been signed."""
    numbers = [row["number"] for row in case.registers("documents") if row["kind"] == kind]
    given = case.registers("signatures") if numbers else ()
    return {str(one["role"]) for one in given if one["number"] == numbers[-1] and one["role"]}


def demand_signatures(case: Case) -> None:
    """Refuse to go on while somebody who must sign a document of the case has not signed it."""
    missing = unsigned(case)
    if missing:
        raise Refused(
            "UNSIGNED_DOCUMENT",
            "Не подписано: {papers}. Подпись ставят на странице документа.",
            papers="; ".join(f"{paper} — {_who(case, wanted)}" for paper, wanted in missing),
        )


def _who(case: Case, wanted: str) -> str:
    """Return a person by name, a role by its holders in the case, or in a word for those from outside."""
    if not wanted.startswith(ROLE):
        return name_of(case, wanted)
    role = wanted.removeprefix(ROLE)
    names = [person.name for person in case.participants.get(role, ())]
    names += [str(row["name"]) for row in case.registers("person") if role in row.get("roles", ())]
    return OUTSIDE.get(role) or ", ".join(names) or role


@guard(refuses=("UNSIGNED_DOCUMENT",), requirements=("C-103",))
def complete(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a task while a document of the case waits for a signature; for any task that must come after it.

    Refuses: UNSIGNED_DOCUMENT  somebody named in a document's `must_sign` has not signed it
    Source:  C L182 (C-103)
    """
    demand_signatures(case)
