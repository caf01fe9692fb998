"""A certificate with a smaller scope in place of the held one: same number, same term, dated by the decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.steps import Case, Outcome, Record, guard, step
from handlers.client_file import day, head_of_body, name_of, paper, refuse, shown, to_applicant
from handlers.holder import same_items, scope_items
from handlers.receipt import HANDED_OVER, handed_over
from handlers.status_register import held_row
from rules.replacement import Certificate, Change, replacement_denied


@step(
    writes=("reduced.remaining", "reduced.number", "reduced.issued_on", "reduced.valid_until"), requirements=("C-158",)
)
def draft(case: Case) -> Outcome:
    """Take the excluded services from the scope. Source: C L274 (C-158).

    Writes:  reduced  {"remaining": rows {"item"}, "number", "issued_on": day of the decision, "valid_until"}
    """
    state = case["certificate_state"]
    gone = same_items(row["item"] for row in state["excluded"])
    left = [item for item in scope_items(state["scope"]) if not same_items([item]) <= gone]
    reduced = {
        "remaining": [{"item": item} for item in left],
        "number": case["status_start.certificate"],
        "issued_on": state["decided_on"],
        "valid_until": case["status_start.valid_until"],
    }
    return Outcome(data={"reduced": reduced})


@guard(refuses=("EXPIRY_CHANGED", "NUMBER_CHANGED", "SCOPE_NOT_REDUCED", "ISSUE_DATE"), requirements=("C-157", "C-158"))
def check(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a certificate that keeps the scope, or changes number, term or the day of the decision.

    Source: C L274 (C-158)
    """
    state, start = case["certificate_state"], case["status_start"]
    issued = held_row(case)["Выдан"] or state["decided_on"]
    old = Certificate(
        number=start["certificate"],
        issued_on=day(issued),
        expires_on=day(start["valid_until"]),
        scope=same_items(scope_items(state["scope"])),
    )
    new = Certificate(
        number=values["number"],
        issued_on=day(values["issued_on"]),
        expires_on=day(values["valid_until"]),
        scope=same_items(row["item"] for row in values["scope"]),
    )
    refuse(case, replacement_denied(old, new, Change.REDUCTION, decided_on=day(state["decided_on"])), field="scope")


@step(makes=("certificate",), requirements=("C-103", "C-158"))
def compose(case: Case) -> Outcome:
    """Draw up the certificate with the smaller scope for its two signatures.

    Reads:   reduced_certificate (form), certificate_state; reading cert.signers
    Source:  C L182, L274 (C-103, C-158)
    """
    values = case["reduced_certificate"]
    signers = (*(f"{name_of(case, each)}, эксперт-аудитор" for each in case.members("decider")), head_of_body(case))
    facts: dict[str, Any] = {
        "Номер": values["number"],
        "Держатель": case["application.name"],
        "Область": "; ".join(row["item"] for row in values["scope"]),
        "Исключено": [each["item"] for each in case["certificate_state.excluded"]],
        "Выдан": shown(values["issued_on"]),
        "Действует до": shown(values["valid_until"]),
        "Проект в ИС": values["is_number"],
    }
    wanted = [f"role:{each}" for each in case.terms.reading("cert.signers")]
    title = f"Сертификат соответствия {values['number']}"
    return Outcome(documents=(paper(case, "certificate", title, facts, signers, must_sign=wanted),))


@step(writes=HANDED_OVER, requirements=("C-103", "C-158", "C-159"))
def issue(case: Case) -> Outcome:
    """Enter the twice signed certificate with the smaller scope; the register shows it in force with its new scope.

    Reads:   reduced_certificate (form)
    Writes:  handed_over  what the holder is to confirm the receipt of
    Source:  C L182, L274 (C-103, C-158); C L277 (C-159)
    """
    values = case["reduced_certificate"]
    number, scope = values["number"], "; ".join(row["item"] for row in values["scope"])
    row = held_row(case)
    fields = {
        **row,
        "Область": scope,
        "Прежняя область": row["Область"],
        "Выдан": values["issued_on"],
        "Статус": "VALID",
        "Прежний статус": row["Статус"],
    }
    valid_until = shown(values["valid_until"])
    body = f"Сертификат {number} с сокращённой областью выдан взамен прежнего и действует до {valid_until}."
    letter = to_applicant(case, "scope_reduced", f"Сертификат {number}", body)
    replaced = {**row, "Номер": number, "Статус": "REPLACED", "Заменён": values["issued_on"]}
    before = sum(str(each["_key"]).startswith(f"{number}/") for each in case.registers("journals/certificates"))
    records = (
        Record(journal="certificates", key=f"{number}/{before + 1}", fields=replaced),
        Record(journal="certificates", key=number, fields=fields),
    )
    received = handed_over(f"сертификат {number}", str(values["issued_on"]))
    return Outcome(data=received, letters=(letter,), records=records)
