"""A certificate that is already held: found in the register, or taken over from before it; who its holder is.

Two journals speak of it: `certificates` (what is certified, until when, in which status) and `certified_clients`
(whom, where, how many people), so that the works of the cycle need not ask the holder again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.steps import Case, Outcome, Participant, PlannedCase, Record, Refused, guard, step
from handlers.client_file import day, shown, works_row
from handlers.planned import expiry, recertification_prefix, reminder
from rules.one_valid import Entry, clashing, is_live, next_number, services

_CLIENT = {
    "name": "Держатель",
    "bin": "БИН",
    "address": "Адрес",
    "email": "Электронная почта",
    "contact": "Контактное лицо",
    "account": "Учётная запись",
    "standards": "Стандарты",
    "codes": "Коды IAF",
    "scope": "Область",
    "personnel": "Численность",
    "integration": "Интегрированность",
}
_SITE = {
    "name": "Площадка",
    "address": "Адрес",
    "activity": "Вид деятельности",
    "code": "Код IAF",
    "personnel": "Численность",
    "central": "Центральная функция",
}
HELD_WRITES = (
    "held.number",
    "held.holder",
    "held.bin",
    "held.scope",
    "held.standards",
    "held.codes",
    "held.addresses",
    "held.issued_on",
    "held.expires_on",
    "held.status",
    "held.text",
)
APPLICATION_WRITES = (
    "application.name",
    "application.bin",
    "application.email",
    "application.address",
    "application.contact",
    "application.standards",
    "application.codes",
    "application.scope",
    "application.sites",
    "application.personnel",
    "application.integration",
    "application.is_number",
    "application.registered_on",
    "application.originals",
    "application.account",
)
SUCCESSOR = "Заменён на"
RENEWAL = "recertification"
REFUSALS = ("CERTIFICATE_UNKNOWN", "CERTIFICATE_KNOWN", "CERTIFICATE_CLASH", "CERTIFICATE_NOT_VALID")
"""The codes of `demand_held`, for the guards that call it."""


def entry_of(row: Mapping[str, Any]) -> Entry:
    """Read a row of the register as the rules compare it; raises KeyError for a row without term or scope."""
    return Entry(
        number=str(row["_key"]),
        holder=str(row["БИН"]),
        standards=frozenset(row["Стандарты"]),
        services=services(str(row["Область"])),
        expires_on=day(row["Действует до"]),
        status=str(row["Статус"]),
    )


def entries(case: Case) -> list[Entry]:
    """Return the register's certificates with holder, standards, scope and term; a row without them binds nobody."""
    needed = {"БИН", "Стандарты", "Область", "Действует до", "Статус"}
    return [entry_of(row) for row in case.registers("journals/certificates") if needed <= row.keys()]


def current(case: Case, number: str) -> Mapping[str, Any] | None:
    """Return the register's row of a certificate, or of the one that took its place under a new number."""
    rows = {str(row["_key"]): row for row in case.registers("journals/certificates")}
    found, seen = rows.get(number), {number}
    while found is not None and found.get(SUCCESSOR) in rows.keys() - seen:
        seen.add(str(found[SUCCESSOR]))
        found = rows[str(found[SUCCESSOR])]
    return found


def own(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a journal's row without the marks of the journal."""
    return {name: value for name, value in row.items() if not name.startswith("_")}


def displaced(case: Case, new: Entry) -> tuple[Record, ...]:
    """Return records that cancel what may not stay in force beside a new certificate; the same number is not meant."""
    rows = {str(row["_key"]): row for row in case.registers("journals/certificates")}
    others = [entry for entry in entries(case) if entry.number != new.number]
    return tuple(
        Record(
            journal="certificates",
            key=entry.number,
            fields={**own(rows[entry.number]), "Статус": "CANCELLED", SUCCESSOR: new.number},
        )
        for entry in clashing(others, new, case.today)
    )


def client_record(number: str, application: Mapping[str, Any]) -> Record:
    """Return the holder's row of the journal of certified clients. Source: C L277 (C-159)."""
    fields = {title: application[name] for name, title in _CLIENT.items() if application.get(name)}
    sites = [
        {title: site[name] for name, title in _SITE.items() if site.get(name)} for site in application.get("sites", [])
    ]
    return Record(journal="certified_clients", key=number, fields={**fields, "Площадки": sites})


def client_of(case: Case, number: str) -> dict[str, Any]:
    """Return what the journal of certified clients knows of a holder, in the words of the application."""
    for row in case.register("journals/certified_clients", _key=number):
        found = {name: row[title] for name, title in _CLIENT.items() if title in row}
        sites: Sequence[Mapping[str, Any]] = row.get("Площадки", [])
        found["sites"] = [{name: site[title] for name, title in _SITE.items() if title in site} for site in sites]
        return found
    return {}


def demand_held(case: Case, values: Mapping[str, Any], *, may_be_expired: bool = False) -> None:
    """Refuse a request about a certificate that nobody knows, that is not the applicant's, or is not in force.

    Refuses: CERTIFICATE_UNKNOWN  neither in the register nor described by the form
             CERTIFICATE_KNOWN    described by the form although the register has it
             CERTIFICATE_CLASH    described by the form, and the holder has another for the same scope
             CERTIFICATE_NOT_VALID  withdrawn, cancelled, suspended or past its term
    """
    row = current(case, values["certificate"])
    if row is None and "facts" not in values:
        raise Refused(
            "CERTIFICATE_UNKNOWN",
            "Сертификата {number} нет в реестре. Проверьте номер или внесите его сведения.",
            field="certificate",
            number=values["certificate"],
        )
    if row is not None and "facts" in values:
        raise Refused(
            "CERTIFICATE_KNOWN", "Сертификат {number} есть в реестре.", field="origin", number=values["certificate"]
        )
    if row is None:
        _refuse_clash(case, entry_of({**_row_of(case, values), "_key": values["certificate"]}))
        ends, status = day(values["facts"]["expires_on"]), "VALID"
    else:
        ends, status = day(row["Действует до"]), str(row["Статус"])
    if may_be_expired and status in ("VALID", "SUSPENDED", "EXPIRED"):
        return
    if status != "VALID" or case.today > ends:
        raise Refused(
            "CERTIFICATE_NOT_VALID",
            "Сертификат {number} не действует: работа по нему невозможна.",
            field="certificate",
            number=values["certificate"],
        )


def _refuse_clash(case: Case, entry: Entry) -> None:
    for other in clashing(entries(case), entry, case.today) if is_live(entry, case.today) else ():
        raise Refused(
            "CERTIFICATE_CLASH",
            "По этой области у держателя уже действует сертификат {number}.",
            field="certificate",
            number=other.number,
        )


@guard(refuses=("CERTIFICATE_CLASH",), requirements=("C-006", "C-159"))
def enterable(case: Case, values: Mapping[str, Any]) -> None:
    """Let nobody enter by hand a certificate from before the register beside another one for the same.

    Refuses: CERTIFICATE_CLASH  the holder has another certificate in force for the same standard and service
    """
    if current(case, values["certificate"]) is not None:
        return
    row = {
        "_key": values["certificate"],
        "БИН": values.get("bin", ""),
        "Область": values.get("scope", ""),
        "Стандарты": values.get("standards", []),
        "Действует до": values["valid_until"],
        "Статус": "VALID",
    }
    _refuse_clash(case, entry_of(row))


@guard(refuses=(*REFUSALS, "NEW_PROCESS_ONLY", "ALREADY_OPEN"), requirements=("C-143", "C-147", "C-149"))
def recertifiable(case: Case, values: Mapping[str, Any]) -> None:
    """Let recertification begin for what is valid, suspended or just expired, never for what was withdrawn.

    Refuses: NEW_PROCESS_ONLY  the term ended more than six months ago
             ALREADY_OPEN      a recertification of the certificate is under way
    Source:  C L252-256 (C-143, C-147, C-149)
    """
    demand_held(case, values, may_be_expired=True)
    row = current(case, values["certificate"])
    ends = day(row["Действует до"] if row else values["facts"]["expires_on"])
    last = case.terms.due("restore.window", ends).day
    if case.today > last:
        raise Refused(
            "NEW_PROCESS_ONLY",
            "Восстановить сертификат можно было до {last}. Теперь возможна только новая сертификация.",
            field="certificate",
            last=shown(last),
        )
    known = {values["certificate"], str(row["_key"]) if row else ""}
    under_way = {one["number"] for one in case.registers("open_cases") if one["process"] == "recertification"}
    for work in case.registers("journals/works"):
        if work["_key"] in under_way and work.get("Сертификат") in known:
            raise Refused(
                "ALREADY_OPEN", "Ресертификация уже идёт, дело {case}.", field="certificate", case=work["_key"]
            )


@step(
    writes=(*HELD_WRITES, *APPLICATION_WRITES),
    requirements=("C-142", "C-146", "C-155", "C-159"),
)
def load(case: Case, *, form: str) -> Outcome:
    """Take the certificate and its holder from the register, or enter what was issued before the register was kept.

    Reads:   the start form named `form` (certificate, facts, is_number, registered_on, originals); both journals
    Writes:  held         number, holder, dates and scope of the certificate as it is now
             application  who the holder is, in the words of the application, for the works that follow
    Source:  C L248, L254, L267, L277 (C-142, C-146, C-155, C-159)
    """
    values = case[form]
    row = current(case, values["certificate"])
    application, held, records = (
        _transferred(case, values) if row is None else (client_of(case, str(row["_key"])), held_of(row), ())
    )
    for name in ("is_number", "registered_on", "originals", "account"):
        if values.get(name):
            application[name] = values[name]
    account = application.get("account")
    known = replace(case, data={**case.data, "application": application})
    is_renewal = case.process == RENEWAL
    return Outcome(
        data={"held": held, "application": application},
        plans=_ahead(case, held, application) if row is None else (),
        cancels=[recertification_prefix(held["number"])] if is_renewal else (),
        records=(*records, works_row(known, "Заявка зарегистрирована", Сертификат=held["number"])),
        participants=(Participant(group="applicant", login=account),) if account else (),
        replaces=("applicant",),
    )


def _ahead(case: Case, held: Mapping[str, Any], application: Mapping[str, Any]) -> list[PlannedCase]:
    """What comes of a certificate from before the register: its recertification and its end, as for any other."""
    number, issued_on, ends = held["number"], str(held["issued_on"]), day(held["expires_on"])
    ended = expiry(number, ends, held["holder"], application["email"])
    if case.process == RENEWAL or case.today > ends:
        return [ended]
    return [ended, reminder(case, number, issued_on, ends)]


def held_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of the register as case data: what every work on a certificate knows under `held`."""
    fields = own(row)
    number = str(row["_key"])
    return {
        "number": number,
        "holder": fields["Держатель"],
        "bin": fields["БИН"],
        "scope": fields["Область"],
        "standards": fields["Стандарты"],
        "codes": fields.get("Коды IAF", []),
        "addresses": fields.get("Адреса", ""),
        "issued_on": fields["Выдан"],
        "expires_on": fields["Действует до"],
        "status": fields["Статус"],
        "text": f"{number}, {fields['Держатель']}: {fields['Область']}. "
        f"Выдан {shown(fields['Выдан'])}, действует до {shown(fields['Действует до'])}.",
    }


def _row_of(case: Case, values: Mapping[str, Any]) -> dict[str, Any]:
    facts = values["facts"]
    return {
        "Дело": case.number,
        "Держатель": facts["name"],
        "БИН": facts["bin"],
        "Область": facts["scope"],
        "Стандарты": facts["standards"],
        "Коды IAF": facts["codes"],
        "Адреса": "\n".join(f"{site['name']}: {site['address']}" for site in facts["sites"]),
        "Выдан": facts["issued_on"],
        "Действует до": facts["expires_on"],
        "Статус": "VALID" if case.today <= day(facts["expires_on"]) else "EXPIRED",
    }


def _transferred(case: Case, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any], tuple[Record, ...]]:
    number, row = values["certificate"], _row_of(case, values)
    application = {name: value for name, value in values["facts"].items() if name not in ("issued_on", "expires_on")}
    records = (Record(journal="certificates", key=number, fields=row), client_record(number, application))
    return application, held_of({**row, "_key": number}), records


NUMBERS = "certificate_numbers"
"""Journal of the numbers that were given to certificates still to be signed."""


def free_number(case: Case) -> str:
    """Return the number for a new certificate of the case: the one given to it before, else the next of the year."""
    granted = {str(row["_key"]) for row in case.registers("journals/certificates")}
    given = {str(row["_key"]): row for row in case.registers(f"journals/{NUMBERS}")}
    own = sorted(number for number, row in given.items() if row["Дело"] == case.number and number not in granted)
    return own[0] if own else next_number([*granted, *given], case.today.year)


def number_record(case: Case, number: str) -> Record:
    """Return the row that keeps a number for a certificate of the case until it is signed."""
    return Record(journal=NUMBERS, key=number, fields={"Дело": case.number, "Отведён": case.today.isoformat()})
