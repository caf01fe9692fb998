"""A certificate in place of another: re-issued, extended, recertified, restored; signed twice, one valid at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from engine.steps import Case, NewCase, Outcome, Record, Refused, step
from handlers.client_file import day, head_of_body, name_of, paper, refuse, shown, standards, to_applicant, works_row
from handlers.cycle import opened
from handlers.held import SUCCESSOR, client_record, current, displaced, entry_of, own
from rules.certificates import issue_denied
from rules.one_valid import next_number, services
from rules.renewal import renewal_denied
from rules.replacement import Certificate, Change, replacement_denied
from rules.verdict import Denied

RENEWALS = ("recertification", "restoration")
TITLES = {
    "reissue": "переоформление",
    "extension_same_kind": "расширение области",
    "extension_new_kind": "расширение области новой услугой",
    "recertification": "ресертификация",
    "restoration": "восстановление",
}


@step(
    writes=("certificate.number", "certificate.issued_on", "certificate.valid_until"),
    refuses=(
        "SIGNATURE_MISSING",
        "CERTIFICATE_NOT_VALID",
        "EXPIRY_CHANGED",
        "NUMBER_CHANGED",
        "NUMBER_KEPT",
        "SCOPE_CHANGED",
        "SCOPE_NOT_EXTENDED",
        "ISSUE_DATE",
        "ISSUED_BEFORE_DECISION",
        "EXPIRY_TOO_LATE",
        "SCOPE_OR_TERM",
        "NEW_PROCESS_ONLY",
    ),
    requirements=("C-103", "C-142", "C-146", "C-149", "C-152", "C-154", "C-155"),
)
def issue(case: Case) -> Outcome:
    """Issue the twice signed certificate in place of the one that is held.

    Reads:   change {"kind", "decided_on", "expires_on"}, held, certificate and its signatures (forms)
    Writes:  certificate.number, issued_on, valid_until; journal `certificates`: the former REPLACED (or CANCELLED,
             when the number is new), the new one VALID; journal `certified_clients`; the next cycle after a renewal
    Refuses: CERTIFICATE_NOT_VALID  the held one was suspended, withdrawn or ended meanwhile
             SIGNATURE_MISSING and what the rules say of number, dates and scope
    Source:  C L248, L254-256, L264-267 (C-142, C-146, C-149, C-152, C-154, C-155)
    """
    signed = {signer for signer in ("decider", "head") if case.get(f"certificate_signature_{signer}.signature") is True}
    refuse(case, issue_denied(signed, ("decider", "head")))
    _demand_held(case)
    old, new = _old(case), _new(case)
    refuse(case, _denied(case, old, new))
    values = {
        **case["certificate"],
        "number": new.number,
        "issued_on": new.issued_on.isoformat(),
        "valid_until": new.expires_on.isoformat(),
    }
    row = _row(case, values)
    records = (
        *_former(case, new),
        *displaced(case, entry_of({**row, "_key": new.number})),
        Record(journal="certificates", key=new.number, fields=row),
        client_record(new.number, case["application"]),
        works_row(case, f"Сертификат выдан: {TITLES[case['change.kind']]}", Сертификат=new.number),
    )
    return Outcome(
        data={"certificate": values}, documents=(_document(case, values),), records=records, cases=_next(case, new)
    )


def _demand_held(case: Case) -> None:
    """Refuse to replace what has ended meanwhile: a new one would undo a suspension, a withdrawal or the term."""
    row = current(case, case["held.number"])
    allowed = ("VALID", "SUSPENDED", "EXPIRED") if case["change.kind"] in RENEWALS else ("VALID",)
    has_ended = case["change.kind"] not in RENEWALS and case.today > day(case["held.expires_on"])
    if row is None or row["Статус"] not in allowed or has_ended:
        raise Refused("CERTIFICATE_NOT_VALID", "Сертификат {number} больше не действует.", number=case["held.number"])


def _old(case: Case) -> Certificate:
    held = case["held"]
    return Certificate(
        number=held["number"],
        issued_on=day(held["issued_on"]),
        expires_on=day(held["expires_on"]),
        scope=services(held["scope"]),
    )


def _new(case: Case) -> Certificate:
    kind, decided = case["change.kind"], day(case["change.decided_on"])
    is_new = kind == "extension_new_kind" or (kind == "restoration" and case.terms.reading("restore.number") == "new")
    numbers = [str(row["_key"]) for row in case.registers("journals/certificates")]
    return Certificate(
        number=next_number(numbers, case.today.year) if is_new else case["held.number"],
        issued_on=decided if kind == "extension_same_kind" else case.today,
        expires_on=day(case["change.expires_on"]),
        scope=services(case["certificate.scope"]),
    )


def _denied(case: Case, old: Certificate, new: Certificate) -> Denied | None:
    kind, decided = case["change.kind"], day(case["change.decided_on"])
    if kind not in RENEWALS:
        return replacement_denied(old, new, Change(kind), decided_on=decided)
    return renewal_denied(
        old,
        new,
        decided_on=decided,
        basis=case.terms.reading("recert.expiry_basis"),
        window=str(case.terms.due("restore.window", old.expires_on).duration),
        keeps_number=case.terms.reading("restore.number") == "keep",
    )


def _row(case: Case, values: dict[str, Any]) -> dict[str, Any]:
    application = case["application"]
    return {
        "Дело": case.number,
        "Держатель": application["name"],
        "БИН": application["bin"],
        "Область": values["scope"],
        "Стандарты": standards(case),
        "Коды IAF": application["codes"],
        "Адреса": values["addresses"],
        "Выдан": values["issued_on"],
        "Действует до": values["valid_until"],
        "Статус": "VALID",
        "Основание": f"{TITLES[case['change.kind']]}, решение от {shown(case['change.decided_on'])}",
    }


def _former(case: Case, new: Certificate) -> Sequence[Record]:
    row = current(case, case["held.number"])
    if row is None:
        return ()
    number = str(row["_key"])
    if number != new.number:
        fields = {**own(row), "Статус": "CANCELLED", SUCCESSOR: new.number, "Заменён": new.issued_on.isoformat()}
        return (Record(journal="certificates", key=number, fields=fields),)
    before = sum(str(each["_key"]).startswith(f"{number}/") for each in case.registers("journals/certificates"))
    fields = {**own(row), "Номер": number, "Статус": "REPLACED", "Заменён": new.issued_on.isoformat()}
    return (Record(journal="certificates", key=f"{number}/{before + 1}", fields=fields),)


def _document(case: Case, values: dict[str, Any]) -> Any:
    fields = {
        "Номер": values["number"],
        "Держатель": case["application.name"],
        "Область": values["scope"],
        "Площадки": values["addresses"].splitlines(),
        "Выдан": shown(values["issued_on"]),
        "Действует до": shown(values["valid_until"]),
        "Взамен": f"{case['held.number']} от {shown(case['held.issued_on'])}",
    }
    signers = (*(f"{name_of(case, login)}, эксперт-аудитор" for login in case.members("decider")), head_of_body(case))
    return paper(case, "certificate", f"Сертификат соответствия {values['number']}", fields, signers)


def _next(case: Case, new: Certificate) -> tuple[NewCase, ...]:
    if case["change.kind"] not in RENEWALS:
        return ()
    decided: date = day(case["change.decided_on"])
    return (opened(case, number=new.number, decided_on=decided, valid_until=new.expires_on),)


@step(requirements=("C-104", "C-106", "C-142", "C-154"))
def record_delivery(case: Case) -> Outcome:
    """Note the entry in the state register and tell the holder which certificate took the place of which.

    Source: C L183, L185 (C-104, C-106), L248 (C-142)
    """
    delivery, values = case["certificate_delivery"], case["certificate"]
    fields = {**_row(case, values), "Реестр ИС": delivery["register_entry"], "Кабинет": delivery["cabinet_on"]}
    letter = to_applicant(
        case,
        "certificate_replaced",
        f"Сертификат {values['number']}",
        f"Сертификат {values['number']} от {shown(values['issued_on'])} выдан взамен {case['held.number']} "
        f"от {shown(case['held.issued_on'])} и действует до {shown(values['valid_until'])}. "
        "Прежний больше не используйте.",
    )
    return Outcome(records=(Record(journal="certificates", key=values["number"], fields=fields),), letters=(letter,))
