"""Unplanned control: what gave rise to it, whether it matters, a team that cannot be contested, a notice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.steps import Case, Outcome, Participant, Record, Refused, guard, step
from handlers.client_file import LEADER, members, name_of, paper, refuse, shown, team_titles, to_applicant, to_role
from handlers.control import CONTROL_PATHS, SHEET_PATHS, sheet
from handlers.holder import certificate_row, control_record, details, is_ended
from handlers.team import form
from rules.impartiality import tie_denied
from rules.surveillance import UNPLANNED_TRIGGERS, replacement_of_team

TRIGGERS = {
    **dict(
        zip(
            UNPLANNED_TRIGGERS,
            ("недоброкачественная продукция или услуга", "отрицательная государственная проверка", "изменения"),
            strict=True,
        )
    ),
    "same_kind_extension": "расширение области услугой того же вида",
}


@guard(refuses=("NOT_IN_FORCE", "ADDED_SCOPE_MISSING"), requirements=("C-119",))
def startable(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a trigger about a certificate that is withdrawn, and an extension that adds nothing (C-119)."""
    row = certificate_row(case, values["certificate"])
    if is_ended(row):
        raise Refused("NOT_IN_FORCE", "Сертификат отменён: контролировать нечего.", field="certificate")
    if values["trigger"] == "same_kind_extension" and not str(values.get("added_scope", "")).strip():
        raise Refused("ADDED_SCOPE_MISSING", "Назовите, что добавляется к области.", field="added_scope")


@step(writes=(*CONTROL_PATHS, *SHEET_PATHS), requirements=("C-085", "C-089", "C-119", "C-122"))
def take_over(case: Case) -> Outcome:
    """Lay out what is known of the certificate and of the trigger; every site may be concerned.

    Reads:   control_trigger (form); journals `certificates`, `surveillances`, `protocols`
    Writes:  application, sampling (all sites), surveillance, control_sheet; journal `triggers`
    Source:  C L214, L217 (C-119, C-122)
    """
    values = case["control_trigger"]
    application = details(case, values, is_new=True)
    names = [site["name"] for site in application["sites"]]
    known = certificate_row(case, values["certificate"])
    control = {
        "certificate": values["certificate"],
        "key": f"{values['certificate']}/{case.number}",
        "kind": "unplanned",
        "is_planned": False,
        "decided_on": values.get("decided_on") or (known or {}).get("Выдан", ""),
        "valid_until": values["valid_until"],
        "integration": values.get("integration", ""),
    }
    text = f"{TRIGGERS[values['trigger']]}: {values['facts']} ({values['source']}, {shown(values['received_on'])})"
    account = application.get("account")
    return Outcome(
        data={
            "application": application,
            "surveillance": control,
            "sampling": {"selected": names, "statuses": [{"site": name, "status": "AUDITED"} for name in names]},
            "control_sheet": {**sheet(case, values, application, kind="unplanned"), "trigger": text},
        },
        records=(_trigger(case, "RECORDED", values),),
        participants=(Participant(group="applicant", login=account),) if account else (),
    )


def _trigger(case: Case, status: str, values: Mapping[str, Any], **more: Any) -> Record:
    fields = {
        "Сертификат": values["certificate"],
        "Повод": TRIGGERS[values["trigger"]],
        "Источник": values["source"],
        "Поступил": values["received_on"],
        "Статус": status,
        **more,
    }
    return Record(journal="triggers", key=case.number, fields=fields)


@step(requirements=("C-119",))
def close(case: Case) -> Outcome:
    """Close a trigger that does not matter, with the reason. Source: C L214 (C-119)."""
    return Outcome(records=(_trigger(case, "IRRELEVANT", case["control_trigger"], Причина=case["triage.reason"]),))


@step(writes=(*SHEET_PATHS, "control_contract.warning"), requirements=("C-119", "C-120", "C-122"))
def begin(case: Case) -> Outcome:
    """Enter the control with its trigger, and see whether the contract provides for it and its payment.

    Reads:   triage (form), journal `surveillance_contracts`
    Writes:  control_sheet.trigger_objects  what to look at because of the trigger; control_contract.warning
    Source:  C L214-217 (C-119, C-120, C-122)
    """
    objects: Sequence[Mapping[str, str]] = case["triage.objects"]
    contract = _contract(case)
    warning = "Внеплановый контроль и его оплата оговорены договором." if contract else _UNCOVERED
    records = (
        _trigger(case, "CONTROL", case["control_trigger"], Причина=case["triage.reason"], Контроль=case.number),
        control_record(case, "OPEN", Повод=case["control_sheet.trigger"], Договор=warning),
    )
    subject = f"Внеплановый контроль не оговорён: {case['surveillance.certificate']}"
    letters = () if contract else tuple(to_role(case, "lawyer", "contract_clause_missing", subject, warning))
    return Outcome(
        data={
            "control_sheet": {**case["control_sheet"], "trigger_objects": [dict(row) for row in objects]},
            "control_contract": {"warning": warning},
        },
        records=records,
        letters=letters,
    )


_UNCOVERED = "Договор не оговаривает внеплановый контроль и его оплату: согласуйте дополнение."


def _contract(case: Case) -> bool:
    rows = case.register("journals/surveillance_contracts", Сертификат=case["surveillance.certificate"])
    return any(row.get("Внеплановый контроль") == "оговорён" and row.get("Статус") == "SIGNED" for row in rows)


@step(writes=("team_sheet.text",), requirements=("C-111", "C-121"))
def inform_team(case: Case) -> Outcome:
    """Let the team join the case and tell the holder who comes, for information. Source: C L216 (C-121)."""
    formed = form(case)
    body = (
        f"Внеплановый контроль проведут: {'; '.join(team_titles(case))}. При внеплановом контроле состав группы не "
        "согласовывается, но о связях её членов с вами сообщите нам."
    )
    letter = to_applicant(case, "team_information", "Группа внепланового контроля", body)
    return Outcome(
        data=formed.data,
        documents=[replace(each, signers=(), must_sign=()) for each in formed.documents],
        letters=(letter,),
        participants=formed.participants,
        replaces=formed.replaces,
    )


@step(refuses=("LINKED_TO_PARTY",), requirements=("C-121",))
def close_request(case: Case) -> Outcome:
    """Look at everybody's ties once more, record the request as not applicable and answer it.

    Refuses: LINKED_TO_PARTY  a member is tied to the holder: the team is chosen anew
    Source:  C L216 (C-121)
    """
    lookback = str(case.terms.reading("conflict.lookback"))
    for login, _ in members(case):
        ties = case.registers("tie")
        refuse(case, tie_denied(ties, login, {case.get("application.bin", "")}, case.today, lookback=lookback))
    request = case["team_request"]
    status = replacement_of_team(is_planned=False)
    row = {
        "Сертификат": case["surveillance.certificate"],
        "Кого просят заменить": name_of(case, request["member"]),
        "Почему": request["reason"],
        "Получено": request["answered_on"],
        "Статус": status,
        "Связи проверены": case.today.isoformat(),
    }
    body = "При внеплановом контроле состав группы не оспаривается. Связи её членов с вами проверены ещё раз: их нет."
    letter = to_applicant(case, "replacement_not_applicable", "Просьба о замене члена группы", body)
    return Outcome(
        records=(Record(journal="team_requests", key=f"{case.number}:{request['member']}", fields=row),),
        letters=(letter,),
    )


@step(
    writes=(*SHEET_PATHS, "control_dates.outcome", "control_dates.date_from", "control_dates.date_to"),
    requirements=("C-120", "C-121", "C-123"),
)
def notify(case: Case) -> Outcome:
    """Tell the holder of the control, its cause and its dates; nobody asks for agreement.

    Reads:   unplanned_notice (form); reading unplanned.notice
    Source:  C L215-218 (C-120, C-121, C-123)
    """
    notice = case["unplanned_notice"]
    days = f"{shown(notice['date_from'])} – {shown(notice['date_to'])}"
    fields = {
        "Исходящий номер": notice["number"],
        "Отправлено": shown(notice["sent_on"]),
        "Повод": case["control_sheet.trigger"],
        "Даты": days,
        "Группа": team_titles(case),
        "Оплата": notice["payer"],
        "Договор": case["control_contract.warning"],
    }
    document = paper(
        case, "unplanned_notice", "Извещение о внеплановом контроле", fields, team_titles(case, "leader"), own=LEADER
    )
    body = (
        f"Внеплановый контроль сертификата {case['surveillance.certificate']} пройдёт {days}. Просим подготовить "
        "записи и сопровождающих."
    )
    letter = to_applicant(case, "unplanned_notice", "Внеплановый контроль", body, encloses=("unplanned_notice",))
    agreed = {"outcome": "agree", "date_from": notice["date_from"], "date_to": notice["date_to"]}
    return Outcome(
        data={"control_dates": agreed, "control_sheet": {**case["control_sheet"], "notice": body}},
        documents=(document,),
        letters=(letter,) if case.terms.reading("unplanned.notice") else (),
    )
