"""A decided status goes out: into the state system and the register, to the holder, into the file, to a new start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.steps import Case, NewCase, Outcome, Record, Refused, guard, step
from handlers.client_file import day, name_of, shown, to_applicant
from handlers.ends import works_closed
from handlers.held import own
from handlers.holder import certificate_row
from handlers.receipt import HANDED_OVER, handed_over
from handlers.status import STATE, TITLES
from rules.certificates import retention_end

STATUSES = {"SUSPEND": "SUSPENDED", "WITHDRAW": "WITHDRAWN"}


def entered_at(values: Mapping[str, Any]) -> str:
    """Return the moment of an entry in the state system, in the body's own time, as ISO text."""
    return f"{values['entered_on']}T{values['entered_time']}"


def held_row(case: Case) -> dict[str, Any]:
    """Return the register's row of the certificate; one from before the system is described by the start form."""
    values = case["status_start"]
    known = own(certificate_row(case, values["certificate"]) or {})
    return known or {
        "Дело": values.get("source_case", case.number),
        "Держатель": values["holder"],
        "БИН": values.get("bin", ""),
        "Область": values.get("scope", ""),
        "Стандарты": values.get("standards", []),
        "Коды IAF": values.get("codes", []),
        "Выдан": values.get("issued_on", ""),
        "Действует до": values["valid_until"],
        "Статус": "VALID",
    }


@guard(refuses=("DATE_WRONG",), requirements=("C-135", "C-136"))
def uploaded(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse an entry from before the decision or from the future. Source: C L239-241 (C-135, C-136)."""
    now = case.now.strftime("%Y-%m-%dT%H:%M")
    if not case["certificate_state.decided_on"] <= values["entered_on"] or entered_at(values) > now:
        raise Refused("DATE_WRONG", "Запись в ИС: не раньше решения и не позже этой минуты.", field="entered_on")


@step(writes=(*STATE, *HANDED_OVER), requirements=("C-133", "C-135", "C-136", "C-159"))
def enter(case: Case) -> Outcome:
    """Change the status in the register, with both moments: of the decision and of the entry.

    Reads:   status_upload (form), certificate_state; reading withdrawal.effective
    Writes:  certificate_state.effective_at  local ISO moment of the entry; handed_over  what the receipt is of;
             journal `certificates`; a withdrawal closes the open and planned works of the cycle. A reduction changes no
             status: the new certificate does.
    Source:  C L239-241 (C-135, C-136); C L277 (C-159)
    """
    values, state = case["status_upload"], case["certificate_state"]
    number, moment = case["status_start.certificate"], entered_at(values)
    row = held_row(case)
    status = STATUSES.get(state["action"], row["Статус"])
    fields = {
        **row,
        "Статус": status,
        "Прежний статус": row["Статус"],
        "Решение": TITLES[state["action"]],
        "Решение от": state["decided_on"],
        "Решил": name_of(case, state["decided_by"]),
        "Дело о статусе": case.number,
        "Внесено в ИС": moment,
        "В силе с": _in_force(case, state, moment),
        "Реестр ИС": values["is_receipt"],
    }
    record = Record(journal="certificates", key=number, fields=fields)
    decision = f"решение от {shown(state['decided_on'])} ({TITLES[state['action']]}, {number})"
    data = {
        "certificate_state": {**state, "effective_at": moment},
        **handed_over(decision, str(state["decided_on"])),
    }
    if state["action"] != "WITHDRAW":
        return Outcome(data=data, records=(record,))
    ended = works_closed(case, number, f"Сертификат {number} отменён решением от {shown(state['decided_on'])}.")
    return replace(ended, data=data, records=(record, *ended.records))


def _in_force(case: Case, state: Mapping[str, Any], entered: str) -> str:
    """From when a decision is in force: a withdrawal from its entry (reading), everything else from its day."""
    by_entry = state["action"] == "WITHDRAW" and case.terms.reading("withdrawal.effective") == "is_entry"
    return entered if by_entry else str(state["decided_on"])


@guard(refuses=("DATE_WRONG",), requirements=("C-134",))
def sent(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a sending from before the decision or from the future. Source: C L239 (C-134)."""
    if not case["certificate_state.decided_on"] <= values["sent_on"] <= case.today.isoformat():
        raise Refused("DATE_WRONG", "День вручения или отправки: со дня решения по сегодня.", field="sent_on")


@step(requirements=("C-134",))
def oblige(case: Case) -> Outcome:
    """Record that from the receipt on the holder must stop referring to certification in advertising.

    A reduction obliges as far as the excluded services go. Source: C L239 (C-134); reading advertising.stop
    """
    state, values = case["certificate_state"], case["receipt"]
    since = values["received_on"] if case.terms.reading("advertising.stop") == "receipt" else state["decided_on"]
    reach = "исключённых услуг" if state["action"] == "REDUCE" else "системы менеджмента"
    text = f"Прекратить рекламу со ссылкой на сертификацию {reach}"
    number = case["status_start.certificate"]
    row = {
        "Сертификат": number,
        "Держатель": case["application.name"],
        "Обязанность": text,
        "С": since,
        "Решение получено": values["received_on"],
        "Получил": values["received_by"],
        "Подтверждение": case["receipt_proof.text"],
    }
    body = (
        f"Решение ({TITLES[state['action']]}, {number}) получено {shown(values['received_on'])}, экземпляр прилагаем. "
        f"{text} с {shown(since)}."
    )
    if state["action"] == "SUSPEND":
        body += f" Причины устраните не позже {shown(case['suspension.due_on'])}."
    kind = f"status_{state['action'].lower()}"
    letter = to_applicant(case, kind, f"Решение о сертификате {number}", body, encloses=(kind,))
    return Outcome(
        records=(Record(journal="obligations", key=f"{number}:{case.number}:{state['decided_on']}", fields=row),),
        letters=(letter,),
    )


@step(requirements=("C-137",))
def file(case: Case) -> Outcome:
    """Record where the decision is kept and until when: never less than the original term of the certificate.

    Reads:   status_file (form); reading retention
    Source:  C L242 (C-137); ISO/IEC 17021-1 9.9.4
    """
    ends = day(case["status_start.valid_until"])
    until = retention_end(ends, ends) if case.terms.reading("retention") == "cycle_plus_one" else ends
    values, state = case["status_file"], case["certificate_state"]
    row = {
        "Сертификат": case["status_start.certificate"],
        "Документ": f"Решение: {TITLES[state['action']]}, {shown(state['decided_on'])}",
        "Место": "ARCHIVE" if state["action"] == "WITHDRAW" else "BODY",
        "Индекс": values["index"],
        "Листов": values["sheets"],
        "Хранить до": until.isoformat(),
    }
    return Outcome(
        records=(
            Record(journal="files", key=f"{case.number}:{state['decided_on']}:{TITLES[state['action']]}", fields=row),
        )
    )


@step(requirements=("C-138",))
def reapply(case: Case) -> Outcome:
    """Open a new certification with the new application and nothing else: no finding, duration or stage goes over.

    Source: C L243 (C-138)
    """
    return Outcome(cases=(NewCase(process="certification", data=case["application"]),))
