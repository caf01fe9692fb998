"""After a refusal: the notice, its handing over, the month to appeal, and how the journal row becomes final.

What was refused (a certificate, an extension, a re-issue) stands in the key `refused` (handlers/refused.py), which the
step that records the decision writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.steps import Case, NewCase, Outcome, Participant, Refused, guard, step
from handlers.client_file import (
    LEADER,
    day,
    head_of_body,
    members,
    paper,
    shown,
    standards,
    team_titles,
    to_applicant,
    to_role,
    works_row,
)
from handlers.receipt import HANDED_OVER, handed_over

_PARTS = {
    "leader": "руководитель группы",
    "auditor": "аудит",
    "expert": "техническая экспертиза",
    "trainee": "стажёр в группе",
}


def _named(case: Case) -> str:
    return f"Отказ {case['refused.what']} от {shown(case['refused.decided_on'])}"


def _notice_days(case: Case) -> tuple[date, date]:
    """The last day to hand the refusal over, by calendar and by working days."""
    decided = day(case["refused.decided_on"])
    return (
        case.terms.due("refusal.notice", decided).day,
        case.terms.due("refusal.notice_working", decided).day,
    )


@step(
    makes=("refusal_notice",),
    writes=("refusal_status.status", "refusal_status.notice_due", "refusal_status.notice_due_working", *HANDED_OVER),
    requirements=("C-098", "C-099", "C-105"),
)
def notify(case: Case) -> Outcome:
    """Write the notice of refusal with reasons, repeat audit and appeal, and the row that may still be contested.

    Reads:   refused; reading refusal.notice_days
    Writes:  refusal_status  {"status": "APPEALABLE", both last days of delivery}; handed_over  what the receipt is of
    Source:  C L176 (C-098, C-099), L184 (C-105), L187 (C-108)
    """
    calendar, working = _notice_days(case)
    chosen = {"calendar": calendar, "working": working}.get(
        str(case.terms.reading("refusal.notice_days")), min(calendar, working)
    )
    what, reasons, again = (case["refused." + key] for key in ("what", "reasons", "again"))
    appeal = "Апелляцию можно подать в течение месяца со дня получения этого решения."
    document = paper(
        case,
        "refusal_notice",
        f"Извещение об отказе {what}",
        {
            "Причины": reasons,
            "Что дальше": again,
            "Апелляция": appeal,
            "Вручить до": shown(chosen),
        },
        team_titles(case, "leader") or (head_of_body(case),),
        must_sign=(LEADER,) if case.get("team.leader") else (),
    )
    body = f"Отказано {what}. Причины: {'; '.join(reasons)}. {again} {appeal}"
    letter = to_applicant(
        case, "refusal_notice", f"Отказ {what}", body, due=chosen, encloses=("refusal_notice", "decision_refusal")
    )
    status = {
        "status": "APPEALABLE",
        "notice_due": calendar.isoformat(),
        "notice_due_working": working.isoformat(),
    }
    row = works_row(case, "Отказ может быть обжалован", Статус="APPEALABLE")
    decided_on = str(case["refused.decided_on"])
    received = handed_over(f"решение об отказе {what} от {shown(decided_on)}", decided_on)
    return Outcome(
        data={"refusal_status": status, **received}, documents=(document,), letters=(letter,), records=(row,)
    )


@guard(refuses=("DATE_WRONG",), requirements=("C-099",))
def sent(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse to have handed over or sent the refusal before it was decided, or in the future (C-099)."""
    if not case["refused.decided_on"] <= values["sent_on"] <= case.today.isoformat():
        raise Refused("DATE_WRONG", "Решение вручают не раньше его даты и не позже сегодня.", field="sent_on")


@step(requirements=("C-099",))
def escalate(case: Case) -> Outcome:
    """Tell head and director that the refusal was not handed over in three days. Source: C L176 (C-099)."""
    subject = f"Отказ не вручён в срок: дело {case.number}"
    body = f"Решение об отказе от {shown(case['refused.decided_on'])} не вручено заявителю. Вручите его."
    letters = [
        letter for role in ("head", "director") for letter in to_role(case, role, "refusal_overdue", subject, body)
    ]
    return Outcome(letters=letters)


@step(
    writes=("refusal_status.status", "refusal_status.appeal_until", "refusal_status.text"),
    requirements=("C-105", "C-108"),
)
def open_window(case: Case) -> Outcome:
    """Say until when the refusal may be appealed.

    Reads:   receipt.received_on, receipt_proof; term appeal.window
    Writes:  refusal_status.appeal_until  ISO date of the last day; text, what the applicant may do
    Source:  C L184, L187 (C-105, C-108)
    """
    due = case.terms.due("appeal.window", day(case["receipt.received_on"]))
    text = (
        f"{_named(case)}, получен {shown(case['receipt.received_on'])} "
        f"(подтверждение: {case['receipt_proof.text']}). "
        f"Апелляцию можно подать по {shown(due.day)} включительно."
    )
    status = {**case["refusal_status"], "appeal_until": due.day.isoformat(), "text": text}
    row = works_row(case, "Идёт срок апелляции", **{"Статус": "APPEALABLE", "Апелляция до": status["appeal_until"]})
    return Outcome(data={"refusal_status": status}, records=(row,))


@step(
    writes=(
        "refusal_status.status",
        "decision_register.result",
        "decision_register.decider",
        "decision_register.status",
    ),
    requirements=("C-105",),
)
def finalise(case: Case) -> Outcome:
    """Make the refusal final: the window lapsed, the appeal was waived or dismissed. Source: C L184 (C-105)."""
    appealed = {"Апелляция": case["appeal_result.protocol"]} if case.get("appeal_result.protocol") else {}
    return Outcome(
        data={
            "refusal_status": {**case["refusal_status"], "status": "FINAL"},
            "decision_register": {**case["decision_register"], "status": "FINAL"},
        },
        records=(works_row(case, "Отказ окончателен", Статус="FINAL", **appealed),),
    )


@step(requirements=("C-108",))
def open_appeal(case: Case) -> Outcome:
    """Open a case of the appeal procedure with what the commission must know.

    Reads:   appeal_choice, receipt, refused, team; the new case gets the fields of the form `submission`
    Source:  C L187 (C-108)
    """
    choice = case["appeal_choice"]
    involved = [{"person": login, "part": _PARTS[role]} for login, role in members(case)]
    involved += [
        {"person": login, "part": "этап 1"}
        for login in case.members("stage1_executor")
        if login not in {row["person"] for row in involved}
    ]
    involved.append({"person": case["refused.by"], "part": "принял решение"})
    data: dict[str, Any] = {
        "received_on": choice["stated_on"],
        "kind": "WRITTEN",
        "channel": "COURIER",
        "sender_type": "CLIENT",
        "applicants": [
            {
                "entity": "ORGANISATION",
                "name": case["application.name"],
                "tax_number": case["application.bin"],
                "address": case["application.address"],
            }
        ],
        "email": case["application.email"],
        "subject": f"Апелляция на отказ {case['refused.what']} по {', '.join(standards(case))}",
        "summary": choice["subject"],
        "substance": choice["evidence"],
        "contested_decision": f"{_named(case)}, дело {case.number}",
        "decision_received_on": case["receipt.received_on"],
        "certification_case": case.number,
        "involved": involved,
    }
    if case.get("application.account"):
        data["account"] = case["application.account"]
    return Outcome(
        cases=(NewCase(process="appeal", data=data, profile=case.terms.profile),),
        records=(works_row(case, "Подана апелляция", Статус="APPEALABLE"),),
    )


@step(
    writes=(
        "refusal_status.status",
        "decision_register.result",
        "decision_register.decider",
        "decision_register.status",
    ),
    requirements=("C-093", "C-105"),
)
def cancel(case: Case) -> Outcome:
    """Set the refusal aside after an upheld appeal and bar who decided it from deciding anew.

    Reads:   appeal_result (told by the appeal, or a court's judgement), refused
    Writes:  refusal_status.status "CANCELLED"; groups first_decider and decider
    Source:  C L174, L184 (C-093, C-105); ISO/IEC 17021-1 9.7
    """
    deciders = dict.fromkeys((*case.members("decider"), str(case["refused.by"])))
    former = tuple(Participant(group="first_decider", login=login) for login in deciders)
    body = (
        f"{_named(case)} отменён: {case['appeal_result.protocol']}. "
        "Решение примет заново другой человек, который в прежнем не участвовал."
    )
    return Outcome(
        data={
            "refusal_status": {**case["refusal_status"], "status": "CANCELLED"},
            "decision_register": {**case["decision_register"], "status": "CANCELLED"},
        },
        letters=(to_applicant(case, "refusal_cancelled", "Отказ отменён, решаем заново", body),),
        records=(
            works_row(case, "Отказ отменён апелляцией", Статус="CANCELLED", Апелляция=case["appeal_result.protocol"]),
        ),
        participants=former,
        replaces=("decider",),
    )
