"""Getting a control ready: what is known, notice and dates, prepayment, the last day, and who may begin."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from engine.steps import Case, Outcome, Participant, Refused, guard, step
from handlers.client_file import LEADER, day, paper, refuse, shown, team_titles, to_applicant, to_role
from handlers.held import current
from handlers.holder import (
    CONTROL_DAYS,
    CONTROL_NAMES,
    DETAIL_PATHS,
    control_record,
    demand_grounds,
    details,
    due_denied,
    earlier_findings,
    eve,
    gaps,
    suspension_limit,
)
from handlers.sampling import plan_of, told
from rules.sampling import Visit
from rules.surveillance import fieldwork_denied

SHEET_PATHS = tuple(
    f"control_sheet.{name}"
    for name in ("gaps", "nonconformities", "notifications", "units", "notice", "trigger", "trigger_objects", "text")
)
CONTROL_PATHS = (
    *DETAIL_PATHS,
    *(f"sampling.{name}" for name in ("applied", "selected", "statuses", "reason", "count")),
    *(
        f"surveillance.{name}"
        for name in (
            *("certificate", "key", "kind", "is_planned", "decided_on", "valid_until", "limit_on", "integration"),
            *("eve_of_limit", "eve_of_alarm", "overdue_text", "days"),
        )
    ),
)
_ALARM = timedelta(days=30)


def sheet(case: Case, values: Mapping[str, Any], application: Mapping[str, Any], *, kind: str) -> dict[str, Any]:
    """Return what is laid out for the people of a control: earlier findings by kind, units, what nobody looked at."""
    earlier = earlier_findings(case, values["certificate"], values.get("earlier", ()))
    units = [site["name"] for site in application["sites"]]
    rows = {"nonconformity": [], "notification": []}  # type: dict[str, list[dict[str, str]]]
    for row in earlier:
        rows[row["kind"]].append({"case": row["case"], "number": row["number"]})
    decided_on = str(values.get("decided_on", ""))
    return {
        "gaps": ", ".join(gaps(case, values["certificate"], decided_on, units)) if kind != "unplanned" else "",
        "nonconformities": rows["nonconformity"],
        "notifications": rows["notification"],
        "units": [{"unit": unit} for unit in units],
    }


@step(
    writes=(*CONTROL_PATHS, *SHEET_PATHS), requirements=("C-085", "C-089", "C-110", "C-112", "C-115", "C-116", "C-118")
)
def take_over(case: Case) -> Outcome:
    """Lay out for a planned control what the cycle knows of its certificate.

    Reads:   surveillance_start (form); journals `surveillances`, `protocols`, `coverage`, `cycle`
    Writes:  application  holder, scope, sites; sampling  sites of this control; surveillance  its last day, alarms and
             days (a third of the initial time);
             control_sheet  earlier nonconformities and notifications, units, what nobody looked at yet
    Source:  C L37-38 (IAF MD 1: another sample each year), L163, L167, L203 (C-085, C-089, C-115, C-116)
    """
    values = case["surveillance_start"]
    limit, row = day(values["limit_on"]), current(case, values["certificate"])
    control = {
        "certificate": str(row["_key"]) if row else values["certificate"],
        "key": f"{values['certificate']}/{values['decided_on']}/{values['kind']}",
        "kind": values["kind"],
        "is_planned": True,
        "decided_on": values["decided_on"],
        "valid_until": values["valid_until"],
        "integration": values.get("integration", ""),
        "limit_on": limit.isoformat(),
        "eve_of_limit": eve(limit),
        "eve_of_alarm": eve(limit - _ALARM),
    }
    days = next((row.get(CONTROL_DAYS) for row in case.register("journals/cycle", _key=control["certificate"])), None)
    if days:
        control["days"] = days
    application = details(case, values)
    account = application.get("account")
    known = _with(case, application=application, surveillance=control)
    return Outcome(
        data={
            "application": application,
            "surveillance": control,
            "sampling": _sample(known, values),
            "control_sheet": sheet(case, values, application, kind=values["kind"]),
        },
        records=(control_record(known, "OPEN"),),
        participants=(Participant(group="applicant", login=account),) if account else (),
    )


def _with(case: Case, **more: Any) -> Case:
    """Return the case as it will be once the step is stored."""
    return Case(
        number=case.number,
        process=case.process,
        data={**case.data, **more},
        now=case.now,
        actor=case.actor,
        terms=case.terms,
        registers=case.registers,
    )


def _sample(case: Case, values: Mapping[str, Any]) -> dict[str, Any]:
    rows = case.register("journals/coverage", Сертификат=values["certificate"], Цикл=values["decided_on"])
    visited = {unit for row in rows for unit in row["Подразделения"]}
    return told(
        plan_of(case, Visit.SURVEILLANCE, {}, seed=f"{values['certificate']}/{values['kind']}", visited=visited)
    )


@step(writes=SHEET_PATHS, requirements=("C-123",))
def notify(case: Case) -> Outcome:
    """Tell the holder in writing of the coming control and propose dates. Source: C L218 (C-123)."""
    notice = case["control_notice"]
    days = f"{shown(notice['date_from'])} – {shown(notice['date_to'])}"
    title = CONTROL_NAMES[case["surveillance.kind"]]
    fields = {
        "Исходящий номер": notice["number"],
        "Отправлено": shown(notice["sent_on"]),
        "Сертификат": case["surveillance.certificate"],
        "Предлагаемые даты": days,
        "Группа": team_titles(case),
        "Сопровождающие": "Просим назначить",
    }
    document = paper(
        case, "control_notice", f"Извещение: {title.lower()}", fields, team_titles(case, "leader"), own=LEADER
    )
    body = (
        f"{title} сертификата {case['surveillance.certificate']}: предлагаем {days}. Просим согласовать даты или "
        "предложить другие."
    )
    letter = to_applicant(case, "control_notice", title, body, encloses=("control_notice",))
    return Outcome(
        data={"control_sheet": {**case["control_sheet"], "notice": body}}, documents=(document,), letters=(letter,)
    )


@guard(refuses=("DATES_WRONG", "DATE_AFTER_LIMIT"), requirements=("C-115", "C-123"))
def dates(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse dates out of order, before the notice, or after the last day. Source: C L203, L218 (C-115, C-123)."""
    if values["outcome"] == "refuse":
        return
    in_order = case["control_notice.sent_on"] <= values["date_from"] <= values["date_to"]
    if not in_order or values["answered_on"] < case["control_notice.sent_on"]:
        raise Refused("DATES_WRONG", "Даты идут не по порядку: извещение, ответ, начало, окончание.", field="date_from")
    limit = case["surveillance.limit_on"]
    if values["date_to"] > limit:
        raise Refused(
            "DATE_AFTER_LIMIT", "Контроль должен пройти не позже {limit}.", field="date_to", limit=shown(limit)
        )


@guard(refuses=("DATE_IN_FUTURE",), requirements=("C-117",))
def payment(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a payment that has not come yet. Source: C L204 (C-117)."""
    if values["on"] > case.today.isoformat():
        raise Refused("DATE_IN_FUTURE", "Дата поступления ещё не наступила.", field="on")


@step(requirements=("C-117",))
def escalate_payment(case: Case) -> Outcome:
    """Tell the head, thirty days before the last day, that the control is not paid. Source: C L204 (C-117)."""
    number, limit = case["surveillance.certificate"], shown(case["surveillance.limit_on"])
    subject = f"Контроль не оплачен: {number}"
    body = f"Предоплаты контроля сертификата {number} нет. Предельный день {limit}, дальше путь приостановления."
    holder = to_applicant(case, "payment_reminder", subject, f"{body} Оплатите счёт по договору.")
    return Outcome(letters=(*to_role(case, "head", "payment_escalation", subject, body), holder))


@step(refuses=("NOT_PREPAID", "PLAN_NOT_AGREED"), requirements=("C-117", "C-124"))
def admit(case: Case) -> Outcome:
    """Let the fieldwork begin only with the prepayment and both signatures under programme and plan.

    Source:  C L204, L219 (C-117, C-124)
    """
    is_signed = case.get("control_agreement.outcome") == "agree" and case.get("control_approval.outcome") == "approve"
    denial = fieldwork_denied(is_prepaid=case.get("prepayment.kind") == "paid", has_programme_signatures=is_signed)
    refuse(case, denial)
    return Outcome(records=(control_record(case, "ADMITTED", Оплата=case["prepayment.document"]),))


@step(writes=CONTROL_PATHS, requirements=("C-115", "C-117"))
def raise_overdue(case: Case) -> Outcome:
    """Raise OVERDUE: the last day of the control has passed. Source: C L203 (C-115)."""
    limit = shown(case["surveillance.limit_on"])
    paid = "Предоплата получена." if case.get("prepayment.kind") == "paid" else "Предоплаты нет."
    agreed = "Даты согласованы." if case.get("control_dates.outcome") == "agree" else "Даты не согласованы."
    text = f"Предельный день контроля {limit} прошёл. {paid} {agreed}"
    subject = f"Контроль просрочен: {case['surveillance.certificate']}"
    letters = [*to_role(case, "head", "overdue", subject, text), *to_role(case, "director", "overdue", subject, text)]
    return Outcome(
        data={"surveillance": {**case["surveillance"], "overdue_text": text}},
        letters=letters,
        records=(control_record(case, "OVERDUE", **{"Просрочен с": case.today.isoformat()}),),
    )


@guard(
    refuses=("GROUND_MISSING", "REISSUE_UNDER_WAY", "DUE_TOO_LATE", "LIMIT_WRONG"),
    requirements=("C-115", "C-117", "C-127"),
)
def overdue(case: Case, values: Mapping[str, Any]) -> None:
    """Demand coded grounds and a day within six months for a suspension, a coming day for going on.

    Source:  C L203, L229-233 (C-115, C-127); term suspension.max
    """
    if values["outcome"] == "CONTINUE":
        if not case.today < day(values["new_limit_on"]) < day(case["surveillance.valid_until"]):
            raise Refused(
                "LIMIT_WRONG",
                "Новый предельный день: после сегодняшнего и до конца сертификата.",
                field="new_limit_on",
            )
        return
    demand_grounds(case, case["surveillance.certificate"], values["outcome"], values["grounds"])
    if values["outcome"] == "SUSPEND":
        due_denied(case, values["due_on"], suspension_limit(case, case.today))


@step(writes=CONTROL_PATHS, requirements=("C-115",))
def set_limit(case: Case) -> Outcome:
    """Give the control another last day; the overdue one stays in the journal. Reads: overdue_decision (form)."""
    limit = day(case["overdue_decision.new_limit_on"])
    control = {
        **case["surveillance"],
        "limit_on": limit.isoformat(),
        "eve_of_limit": eve(limit),
        "eve_of_alarm": eve(limit - _ALARM),
    }
    reason = case["overdue_decision.reason"]
    record = control_record(case, "OPEN", **{"Новый предельный день": limit.isoformat(), "Причина": reason})
    return Outcome(data={"surveillance": control}, records=(record,))
