"""The certificate: its draft, two signatures, register and cabinet, the surveillance contract."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from engine.steps import Case, Outcome, PlannedCase, Record, Refused, step
from handlers.application import not_accredited
from handlers.client_file import (
    APPLICANT,
    day,
    director,
    head_of_body,
    name_of,
    paper,
    refuse,
    shown,
    standards,
    to_applicant,
    to_role,
    works_row,
)
from handlers.cycle import control_days, opened
from handlers.ends import works_closed
from handlers.held import client_record, displaced, entry_of, free_number, number_record
from handlers.planned import plan_prefix
from handlers.receipt import HANDED_OVER, handed_over
from handlers.signatures import signed_roles
from rules.certificates import issue_denied
from rules.programme import cycle_dates

_CYCLE = {
    "surveillance_1": "Первый контроль до",
    "surveillance_2": "Второй контроль до",
    "reminder": "Напоминание",
    "latest_letter": "Последнее письмо до",
    "recertification": "Ресертификация до",
}
"""Dates of the cycle as its journal names them."""


@step(writes=("certificate_draft.addresses",), requirements=("C-103",))
def draft(case: Case) -> Outcome:
    """Gather the addresses that the certificate names, one site a line. Source: C L182 (C-103)."""
    sites = "\n".join(f"{row['name']}: {row['address']}" for row in case["application.sites"])
    return Outcome(data={"certificate_draft": {"addresses": sites}})


@step(
    writes=("certificate.number", "certificate.issued_on", "certificate.valid_until"),
    makes=("certificate",),
    requirements=("C-004", "C-103"),
)
def compose(case: Case) -> Outcome:
    """Give the certificate its number and draw it up for its two signatures.

    Reads:   certificate (form), decision; reading cert.signers
    Writes:  certificate.number, issued_on, valid_until; the number's row of the journal `certificate_numbers`
    Source:  C L182 (C-103)
    """
    number = free_number(case)
    values = {
        **case["certificate"],
        "number": number,
        "issued_on": case.today.isoformat(),
        "valid_until": case["decision.valid_until"],
    }
    fields = {
        "Номер": number,
        "Держатель": case["application.name"],
        "Область": values["scope"],
        "Площадки": values["addresses"].splitlines(),
        "Выдан": shown(values["issued_on"]),
        "Действует до": shown(values["valid_until"]),
    }
    signers = (f"{name_of(case, case['decider_order.person'])}, эксперт-аудитор", head_of_body(case))
    wanted = [f"role:{each}" for each in case.terms.reading("cert.signers")]
    document = paper(case, "certificate", f"Сертификат соответствия {number}", fields, signers, must_sign=wanted)
    return Outcome(data={"certificate": values}, documents=(document,), records=(number_record(case, number),))


@step(
    writes=("certificate.entered_on", "cycle.surveillance_1"),
    refuses=("SIGNATURE_MISSING", "DECISION_OUTDATED"),
    requirements=("C-001", "C-004", "C-006", "C-103", "C-104"),
)
def issue(case: Case) -> Outcome:
    """Issue the twice signed certificate, register it, and lay out the dates of its cycle.

    Reads:   certificate (form, and what `compose` added), the signatures under it, decision; reading cert.signers
    Writes:  certificate.entered_on  ISO date; cycle  ISO dates of surveillances, letters and recertification;
             rows of the journals `certificates`, `certified_clients` and `cycle`, where what was valid for the same
             scope is cancelled and its works are closed; the case `certificate_cycle`
    Refuses: SIGNATURE_MISSING  one of the two electronic signatures is missing
             DECISION_OUTDATED  until everybody signed, the term passed that was decided, or the accreditation ended
    Source:  C L182-183 (C-103, C-104), L15-19 (C-006)
    """
    _demand_signatures(case)
    _demand_decision(case)
    values = {**case["certificate"], "entered_on": case.today.isoformat()}
    number = values["number"]
    decided_on, frequency = day(case["decision.decided_on"]), case.terms.reading("surv.frequency")
    dates = cycle_dates(decided_on, day(values["valid_until"]), frequency=frequency)
    cycle = {
        "surveillance_1": dates.surveillance_1.isoformat(),
        "surveillance_2": dates.surveillance_2.isoformat(),
        "reminder": dates.reminder.isoformat(),
        "latest_letter": dates.latest_letter.isoformat(),
        "recertification": dates.recertification.isoformat(),
    }
    waiting = opened(case, number=number, decided_on=decided_on, valid_until=day(values["valid_until"]))
    row = _row(case, values)
    former = displaced(case, entry_of({**row, "_key": number}))
    ended = [works_closed(case, one.key, f"Сертификат {one.key} заменён на {number}.") for one in former]
    records = (
        *former,
        *(row for each in ended for row in each.records),
        Record(journal="certificates", key=number, fields=row),
        client_record(number, case["application"]),
        Record(
            journal="cycle",
            key=number,
            fields={"Дело": case.number, **{_CYCLE[name]: text for name, text in cycle.items()}, **control_days(case)},
        ),
        works_row(case, "Сертификат выдан", Сертификат=number),
    )
    return Outcome(
        data={"certificate": values, "cycle": cycle},
        records=records,
        cases=(waiting,),
        cancels=[key for each in ended for key in each.cancels],
        closes=[case for each in ended for case in each.closes],
    )


def _demand_signatures(case: Case) -> None:
    signers = [str(each) for each in case.terms.reading("cert.signers")]
    refuse(case, issue_denied(signed_roles(case, "certificate"), signers))


def _demand_decision(case: Case) -> None:
    """Refuse to issue what could not be decided today: a certificate that is over, or beyond the accreditation."""
    lapsed = not_accredited(case)
    if lapsed is not None:
        raise Refused("DECISION_OUTDATED", lapsed.template, **lapsed.facts)
    if case.today > day(case["decision.valid_until"]):
        raise Refused("DECISION_OUTDATED", "Срок действия, который назвало решение, уже прошёл. Решите заново.")


def _row(case: Case, values: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "Дело": case.number,
        "Держатель": case["application.name"],
        "БИН": case["application.bin"],
        "Область": values["scope"],
        "Стандарты": standards(case),
        "Коды IAF": case["application.codes"],
        "Адреса": values["addresses"],
        "Выдан": values["issued_on"],
        "Действует до": values["valid_until"],
        "Статус": "VALID",
        **more,
    }


@step(writes=HANDED_OVER, requirements=("C-104", "C-106", "C-109"))
def record_delivery(case: Case) -> Outcome:
    """Note the entry in the state register and the delivery to the cabinet, and watch for the surveillance contract.

    A contract that is not signed nine months after the issue counts as a refusal of surveillance: a question about the
    certificate's status is planned for that day, and the signature takes it off the plan.
    Writes:  handed_over  what the holder is to confirm the receipt of
    Source:  C L183, L185, L188 (C-104, C-106, C-109), L231; term surv.contract_limit
    """
    delivery = case["certificate_delivery"]
    values = case["certificate"]
    fields = _row(case, values, **{"Реестр ИС": delivery["register_entry"], "Кабинет": delivery["cabinet_on"]})
    control = case.get("cycle.surveillance_1")
    body = (
        f"Поздравляем: сертификат соответствия {values['number']} выдан, доступен в вашем личном кабинете ИС и "
        f"действует до {shown(values['valid_until'])}."
    )
    if control:
        body += f" Первый инспекционный контроль — не позднее {shown(control)}: пришлём договор и согласуем дни."
    letter = to_applicant(
        case, "certificate_delivered", f"Сертификат {values['number']}", body, encloses=("certificate",)
    )
    return Outcome(
        data=handed_over(f"сертификат {values['number']}", str(values["issued_on"])),
        records=(Record(journal="certificates", key=values["number"], fields=fields),),
        letters=(letter,),
        plans=(_without_contract(case),),
    )


def _contract_key(case: Case) -> str:
    return f"{plan_prefix(case['certificate.number'])}{case['decision.decided_on']}/contract"


def _without_contract(case: Case) -> PlannedCase:
    values, application = case["certificate"], case["application"]
    limit = case.terms.due("surv.contract_limit", day(values["issued_on"])).day
    known = {name: application[name] for name in ("bin", "account", "standards", "codes") if application.get(name)}
    data = {
        "certificate": values["number"],
        "holder": application["name"],
        "email": application["email"],
        "valid_until": values["valid_until"],
        "initiator": "body",
        "action": "SUSPEND",
        "basis": f"Договор на инспекционный контроль не подписан по {shown(limit)}: это отказ от контроля.",
        "grounds": ["obstructed_surveillance"],
        "source_case": case.number,
        "scope": values["scope"],
        **known,
    }
    opens_on = limit + timedelta(days=1)
    return PlannedCase(key=_contract_key(case), process="certificate_status", data=data, opens_on=opens_on)


@step(requirements=("C-109",))
def remind_contract(case: Case) -> Outcome:
    """Remind leader and head that there is no surveillance contract thirty days after the issue (C L188, C-109)."""
    subject = f"Нет договора на инспекционный контроль: {case['certificate.number']}"
    body = "Прошло 30 дней после выдачи сертификата, проекта договора нет. Подготовьте его."
    letters = to_role(case, "head", "surveillance_contract_reminder", subject, body)
    return Outcome(letters=letters)


@step(makes=("surveillance_contract",), requirements=("C-109",))
def draw_contract(case: Case) -> Outcome:
    """Draw up the surveillance contract for the holder to sign. Reads: surveillance_contract (form). C L188 (C-109)."""
    contract = case["surveillance_contract"]
    fields = {
        "Сертификат": case["certificate.number"],
        "Передан на подпись": shown(contract["handed_on"]),
        "Внеплановый контроль и его оплата": "Оговорены" if contract["unplanned_clause"] else "Не оговорены",
        "Предоплата": "Предусмотрена" if contract.get("prepayment") else "Не предусмотрена",
    }
    title = f"Договор {contract['number']} на инспекционный контроль"
    signers = (f"{case['application.name']}, держатель сертификата", director(case))
    document = paper(case, "surveillance_contract", title, fields, signers, must_sign=(APPLICANT,))
    return Outcome(documents=(document,))


@step(requirements=("C-109",))
def record_contract(case: Case) -> Outcome:
    """Enter the surveillance contract in its journal, signed or declined.

    An unsigned contract leaves the certificate valid; nine months after the issue it counts as refusal of surveillance.
    Source:  C L188 (C-109); C L215 (a contract without the clause on unplanned control is marked)
    """
    contract, answer = case["surveillance_contract"], case["surveillance_signature"]
    signed = answer["outcome"] == "sign"
    fields = {
        "Дело": case.number,
        "Держатель": case["application.name"],
        "Сертификат": case["certificate.number"],
        "Передан": contract["handed_on"],
        "Статус": "SIGNED" if signed else "DECLINED",
        "Дата": answer["answered_on"],
        "Подписал": answer.get("signed_by", ""),
        "Внеплановый контроль": "оговорён" if contract["unplanned_clause"] else "НЕ ОГОВОРЁН",
    }
    row = Record(journal="surveillance_contracts", key=contract["number"], fields=fields)
    return Outcome(records=(row,), cancels=[_contract_key(case)] if signed else ())
