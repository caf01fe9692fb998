"""A certificate in place of another: re-issued, extended, recertified, restored; signed twice, one valid at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from engine.steps import Case, NewCase, Outcome, Record, Refused, step
from handlers.application import not_accredited
from handlers.client_file import day, head_of_body, name_of, paper, refuse, shown, standards, to_applicant, works_row
from handlers.cycle import control_days, opened
from handlers.held import (
    APPLICATION_WRITES,
    HELD_WRITES,
    SUCCESSOR,
    client_of,
    client_record,
    current,
    entries,
    entry_of,
    free_number,
    held_of,
    number_record,
    own,
)
from handlers.holder import plans_of
from handlers.planned import expiry, expiry_prefix
from handlers.receipt import HANDED_OVER, handed_over
from handlers.signatures import signed_roles
from rules.certificates import Restoration, issue_denied, recertified
from rules.one_valid import clashing, services
from rules.renewal import renewal_denied
from rules.replacement import Certificate, Change, replacement_denied
from rules.verdict import Denied

RENEWALS = ("recertification", "restoration")
EXTENSIONS = ("extension_same_kind", "extension_new_kind")
TITLES = {
    "reissue": "переоформление",
    "extension_same_kind": "расширение области",
    "extension_new_kind": "расширение области новой услугой",
    "recertification": "ресертификация",
    "restoration": "восстановление",
}


@step(
    writes=(
        "certificate_draft.addresses",
        "change.kind",
        "change.decided_on",
        "change.expires_on",
        *HELD_WRITES,
        *APPLICATION_WRITES,
    ),
    requirements=("C-103", "C-142", "C-155"),
)
def draft(case: Case) -> Outcome:
    """Take up what the register says today: another work may have replaced the certificate meanwhile.

    Reads:   held and change as they were decided, application; journals `certificates` and `certified_clients`
    Writes:  held         the certificate that is valid now
             application  its holder, with what this work alone has changed
             change       the same decision about that certificate; certificate_draft.addresses
    Source:  C L182 (C-103), L248 (C-142), L267 (C-155): one certificate, and nothing of another decision is lost
    """
    row = current(case, case["held.number"])
    if row is None:
        return Outcome(data={"certificate_draft": {"addresses": _addresses(case["application"])}})
    held = held_of(row)
    application = _merged(case, client_of(case, held["number"]), held)
    change = {**case["change"], "expires_on": _expiry(case, held)}
    return Outcome(
        data={
            "held": held,
            "application": application,
            "change": change,
            "certificate_draft": {"addresses": _addresses(application)},
        }
    )


def _addresses(application: Mapping[str, Any]) -> str:
    return "\n".join(f"{row['name']}: {row['address']}" for row in application["sites"])


def _expiry(case: Case, held: Mapping[str, Any]) -> str:
    decided, before = str(case["change.expires_on"]), str(case["held.expires_on"])
    if case["change.kind"] in RENEWALS or decided != before:
        return decided
    return str(held["expires_on"])


def _merged(case: Case, client: Mapping[str, Any], held: Mapping[str, Any]) -> dict[str, Any]:
    """Return the holder as the register has it, with what the decision of this work changes."""
    mine, kind = case["application"], case["change.kind"]
    changed = ["is_number", "registered_on", "originals", "account"]
    if kind == "reissue":
        changed += ["name", "address", "sites"]
    elif kind in RENEWALS:
        changed += ["sites", "personnel"]
    merged = {**mine, **client, **{name: mine[name] for name in changed if name in mine}}
    if kind in EXTENSIONS:
        added: Sequence[Mapping[str, Any]] = case["extension.added"]
        known = {site["name"] for site in merged["sites"]}
        merged["scope"] = "; ".join([str(held["scope"]), *(str(row["service"]) for row in added)])
        merged["codes"] = [*dict.fromkeys([*held["codes"], *(str(row["code"]) for row in added)])]
        new_sites: Sequence[Mapping[str, Any]] = case.get("extension.new_sites", [])
        merged["sites"] = [*merged["sites"], *(site for site in new_sites if site["name"] not in known)]
    return merged


@step(
    writes=("certificate.number", "certificate.issued_on", "certificate.valid_until"),
    makes=("certificate",),
    requirements=("C-103", "C-142"),
)
def compose(case: Case) -> Outcome:
    """Give the new certificate its number and dates and draw it up for its two signatures.

    Reads:   change {"kind", "decided_on", "expires_on"}, held, certificate (form); reading cert.signers
    Writes:  certificate.number, issued_on, valid_until; a new number's row of the journal `certificate_numbers`
    Source:  C L182 (C-103), L248 (C-142)
    """
    new = _proposed(case)
    values = {
        **case["certificate"],
        "number": new.number,
        "issued_on": new.issued_on.isoformat(),
        "valid_until": new.expires_on.isoformat(),
    }
    records = () if new.number == case["held.number"] else (number_record(case, new.number),)
    return Outcome(data={"certificate": values}, documents=(_document(case, values),), records=records)


@step(
    writes=("certificate.entered_on",),
    refuses=(
        "SIGNATURE_MISSING",
        "CERTIFICATE_NOT_VALID",
        "CERTIFICATE_CHANGED",
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
        "OUT_OF_SCOPE",
    ),
    requirements=("C-001", "C-103", "C-142", "C-146", "C-149", "C-152", "C-154", "C-155"),
)
def issue(case: Case) -> Outcome:
    """Issue the twice signed certificate in place of the one that is held.

    Reads:   change {"kind", "decided_on", "expires_on"}, held, certificate as `compose` left it, its signatures
    Writes:  certificate.entered_on  ISO date; journal `certificates`: the former REPLACED (or CANCELLED,
             when the number is new), the new one VALID; journal `certified_clients`; after a renewal the next cycle,
             in place of what was still planned of the former one, else the end of the term as it is now
    Refuses: CERTIFICATE_NOT_VALID  the held one was suspended, withdrawn or ended meanwhile, or another of the holder
                                    is valid for the same service
             CERTIFICATE_CHANGED    another work has replaced it since the draft
             OUT_OF_SCOPE           the body is not accredited for it on the day of issue
             SIGNATURE_MISSING and what the rules say of number, dates and scope
    Source:  C L248, L254-256, L264-267 (C-142, C-146, C-149, C-152, C-154, C-155)
    """
    signers = [str(each) for each in case.terms.reading("cert.signers")]
    refuse(case, issue_denied(signed_roles(case, "certificate"), signers))
    _demand_held(case)
    refuse(case, not_accredited(case))
    old, new = _old(case), _new(case)
    refuse(case, _denied(case, old, new))
    row, is_renewal = _row(case, case["certificate"]), case["change.kind"] in RENEWALS
    records = (
        *_former(case, new),
        Record(journal="certificates", key=new.number, fields=row),
        client_record(new.number, case["application"]),
        works_row(case, f"Сертификат выдан: {TITLES[case['change.kind']]}", Сертификат=new.number),
        *_cycle(case, new.number),
    )
    return Outcome(
        data={"certificate": {**case["certificate"], "entered_on": case.today.isoformat()}},
        records=records,
        cases=_next(case, new),
        cancels=plans_of(case, old.number) if is_renewal else [expiry_prefix(old.number)],
        plans=() if is_renewal else [expiry(new.number, new.expires_on, row["Держатель"], case["application.email"])],
    )


def _cycle(case: Case, number: str) -> tuple[Record, ...]:
    """After a renewal the controls of the next cycle take the time that was calculated now."""
    days = control_days(case) if case["change.kind"] in RENEWALS else {}
    known = next((own(row) for row in case.register("journals/cycle", _key=number)), {})
    return (Record(journal="cycle", key=number, fields={**known, **days}),) if days else ()


def _demand_held(case: Case) -> None:
    """Refuse to replace what is not there any more as it was decided about."""
    row = current(case, case["held.number"])
    if row is None:
        raise Refused("CERTIFICATE_NOT_VALID", "Сертификата {number} нет в реестре.", number=case["held.number"])
    why = _ended(case, row) or _clash(case, row)
    if why is not None:
        raise Refused("CERTIFICATE_NOT_VALID", why, number=case["held.number"])
    now = held_of(row)
    if any(now[name] != case[f"held.{name}"] for name in ("number", "issued_on", "expires_on", "scope", "holder")):
        raise Refused(
            "CERTIFICATE_CHANGED",
            "Сертификат {number} за это время заменён. Сформируйте новый ещё раз.",
            number=case["held.number"],
        )


def _ended(case: Case, row: Mapping[str, Any]) -> str | None:
    """Say why a certificate cannot be replaced: a new one would undo a suspension, a withdrawal or the term."""
    if case.today > day(case["change.expires_on"]):
        return "Срок, на который решено выдать сертификат взамен {number}, уже прошёл."
    is_renewal = case["change.kind"] in RENEWALS
    allowed = ("VALID", "SUSPENDED", "EXPIRED") if is_renewal else ("VALID",)
    if row["Статус"] not in allowed or (not is_renewal and case.today > day(row["Действует до"])):
        return "Сертификат {number} больше не действует."
    if is_renewal and day(row["Действует до"]) >= day(case["change.expires_on"]):
        return "Сертификат {number} уже обновлён."
    window = str(case.terms.due("restore.window", day(row["Действует до"])).duration)
    if is_renewal and recertified(day(row["Действует до"]), case.today, window=window) is Restoration.NEW_PROCESS:
        return "Сертификат {number} истёк больше шести месяцев назад: возможна только новая сертификация."
    return None


def _clash(case: Case, row: Mapping[str, Any]) -> str | None:
    old, new = entry_of(row), services(case["certificate.scope"])
    if case["change.kind"] in EXTENSIONS and new <= old.services:
        return "Сертификат {number} уже расширен."
    others = [entry for entry in entries(case) if entry.number != old.number]
    if clashing(others, replace(old, services=new), case.today):
        return "По области сертификата {number} у держателя действует другой."
    return None


def _old(case: Case) -> Certificate:
    held = case["held"]
    return Certificate(
        number=held["number"],
        issued_on=day(held["issued_on"]),
        expires_on=day(held["expires_on"]),
        scope=services(held["scope"]),
    )


def _proposed(case: Case) -> Certificate:
    kind, decided = case["change.kind"], day(case["change.decided_on"])
    is_new = (kind == "extension_new_kind" and not _keeps_number(case)) or (
        kind == "restoration" and case.terms.reading("restore.number") == "new"
    )
    return Certificate(
        number=free_number(case) if is_new else case["held.number"],
        issued_on=decided if kind == "extension_same_kind" else case.today,
        expires_on=day(case["change.expires_on"]),
        scope=services(case["certificate.scope"]),
    )


def _keeps_number(case: Case) -> bool:
    return bool(case.terms.reading("extension.new_kind_number") == "keep")


def _new(case: Case) -> Certificate:
    """Return the new certificate as it was drawn up and signed."""
    values = case["certificate"]
    return Certificate(
        number=values["number"],
        issued_on=day(values["issued_on"]),
        expires_on=day(values["valid_until"]),
        scope=services(values["scope"]),
    )


def _denied(case: Case, old: Certificate, new: Certificate) -> Denied | None:
    kind, decided = case["change.kind"], day(case["change.decided_on"])
    if kind not in RENEWALS:
        return replacement_denied(old, new, Change(kind), decided_on=decided, keeps_number=_keeps_number(case))
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
    wanted = [f"role:{each}" for each in case.terms.reading("cert.signers")]
    title = f"Сертификат соответствия {values['number']}"
    return paper(case, "certificate", title, fields, signers, must_sign=wanted)


def _next(case: Case, new: Certificate) -> tuple[NewCase, ...]:
    if case["change.kind"] not in RENEWALS:
        return ()
    decided: date = day(case["change.decided_on"])
    return (opened(case, number=new.number, decided_on=decided, valid_until=new.expires_on),)


@step(writes=HANDED_OVER, requirements=("C-104", "C-106", "C-142", "C-154"))
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
    return Outcome(
        data=handed_over(f"сертификат {values['number']}", str(values["issued_on"])),
        records=(Record(journal="certificates", key=values["number"], fields=fields),),
        letters=(letter,),
    )
