"""Documents that must be signed: what is still unsigned, and the guard that keeps a case from going on without it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.steps import Case, Refused, guard
from handlers.client_file import name_of


def unsigned(case: Case) -> list[tuple[str, str]]:
    """Return (number and title of the document, login) for each signature that is still missing, oldest document first.

    Only the newest document of a kind counts: one that was drawn up anew takes the place of those before it.
    """
    newest = {str(row["kind"]): row for row in case.registers("documents")}
    signed = {(row["number"], row["login"]) for row in case.registers("signatures")}
    return [
        (f"{row['number']} «{row['title']}»", str(login))
        for row in newest.values()
        for login in row["must_sign"]
        if (row["number"], login) not in signed
    ]


def refuse_unsigned(case: Case) -> None:
    """Refuse to go on while somebody who must sign a document of the case has not signed it."""
    missing = unsigned(case)
    if missing:
        raise Refused(
            "UNSIGNED_DOCUMENT",
            "Не подписано: {papers}. Подпись ставят на странице документа.",
            papers="; ".join(f"{paper} — {name_of(case, login)}" for paper, login in missing),
        )


@guard(refuses=("UNSIGNED_DOCUMENT",), requirements=("C-103",))
def complete(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a task while a document of the case waits for a signature; for any task that must come after it.

    Refuses: UNSIGNED_DOCUMENT  somebody named in a document's `must_sign` has not signed it
    Source:  C L182 (C-103)
    """
    refuse_unsigned(case)
