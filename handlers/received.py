"""Turns a received item into what the rules of admissibility and commissions speak about.

No step and no guard is here; rules are in the room `rules`.
"""

from __future__ import annotations

from engine.steps import Case
from handlers.client_file import day
from handlers.item import applicants, category_of, tax_numbers
from rules.admissibility import Applicant, Category, Earlier, Form, Item
from rules.commission import Matter

BODY = "Орган по сертификации"
APPELLANT = "Апеллянт"


def item_of(case: Case) -> Item:
    """Return the item as it is known now."""
    return Item(
        form=Form(case["submission.kind"]),
        applicants=tuple(
            Applicant(name=str(row.get("name", "")), place=str(row.get("address") or row.get("work_or_study") or ""))
            for row in applicants(case)
        ),
        reply_email=str(case.get("item.email", "")),
        by_representative=bool(case.get("submission.by_representative", False)),
        has_authority_document=bool(case.get("item.authority_document")),
        substance=str(case.get("item.substance", "")),
    )


def category(case: Case) -> Category:
    """Return the category by the resolution, or the proposed one while there is none."""
    return Category(category_of(case))


def earlier_items(case: Case) -> list[Earlier]:
    """Return the items of the journal that came before this one, oldest first."""
    return [
        Earlier(
            number=str(row["_key"]),
            applicant=str(row.get("Заявитель", "")),
            matter=str(row.get("Предмет", "")),
            received_on=day(str(row["Поступило"])),
            is_answered=bool(row.get("Ответ отправлен")),
        )
        for row in case.registers("journals/appeals")
        if row.get("Поступило") and row["_key"] != case.number
    ]


def matter_of(case: Case) -> Matter:
    """Return whom the item is about and who is too close to it, by name, for the choice of people."""
    return Matter(
        organisations=frozenset(tax_numbers(case)),
        involved=frozenset((*case.members("involved"), *case.members("party"))),
        subjects=frozenset(case.members("subject")) if case.terms.reading("exclude_subject") else frozenset(),
        earlier_panel=frozenset(_earlier_panel(case)),
    )


def _earlier_panel(case: Case) -> list[str]:
    number = case.get("submission.complaint_case")
    rows = case.registers("journals/commissions")
    return [str(login) for row in rows if row["_case"] == number for login in row.get("Учётные записи", ())]
