"""The hearing of an appeal and its decision: notice, parties heard, materials studied, the month kept.

Source: A 5.5, 6.9.5, 6.10.9-6.10.14 (A-016, A-072, A-074, A-076, A-087, A-088, A-090).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.steps import Case, Outcome, Refused, guard, step
from handlers.admission import notice_ahead
from handlers.client_file import day, name_of, refuse, shown, to_role
from handlers.commission import panel_of
from handlers.item import RESULT_NAMES, journal_row, paper, to_people, to_sender
from handlers.received import APPELLANT, BODY
from rules.hearing import invitation_denied, opening_denied, unheard_denied

HEARD_FIELDS = {APPELLANT: "appellant_heard", BODY: "body_heard"}


@guard(refuses=("LATE_INVITATION", "IN_THE_PAST"), requirements=("A-072",))
def may_schedule(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a date that gives the parties less than five days, unless both waive in writing.

    Refuses: LATE_INVITATION, IN_THE_PAST
    Source:  A 6.9.5, 6.10.10 (A-072)
    """
    held_on = day(values["session_on"])
    if held_on < case.today:
        raise Refused("IN_THE_PAST", "Этот день уже прошёл.", field="session_on")
    waived = bool(values.get("appellant_waiver")) and bool(values.get("body_waiver"))
    refused = invitation_denied(held_on, case.today, ahead=notice_ahead(case), waived_by_all=waived)
    refuse(case, refused, field="session_on")


@step(writes=("session.held_on", "session.invited_on", "session.waived"), requirements=("A-016", "A-072"))
def invite(case: Case) -> Outcome:
    """Invite both parties and the members with date, place and agenda.

    Writes:  session.held_on, session.invited_on (today), session.waived
    Source:  A 5.5, 6.10.10 (A-016, A-072)
    """
    notice = case["session_notice"]
    agenda = [str(row["item"]) for row in notice["agenda"]]
    where = f"{notice.get('session_at', '')} {notice.get('place', '')}".strip() or "путём переписки"
    what = f"Апелляция {case.number} рассматривается {shown(notice['session_on'])}, {where}."
    body = f"{what} Повестка: {'; '.join(agenda)}."
    subject = f"Рассмотрение апелляции {case.number}"
    waived = bool(notice.get("appellant_waiver")) and bool(notice.get("body_waiver"))
    session = {"held_on": notice["session_on"], "invited_on": case.today.isoformat(), "waived": waived}
    fields = {"Дата": notice["session_on"], "Место": where, "Повестка": agenda, "Приглашены": [APPELLANT, BODY]}
    return Outcome(
        data={"session": session},
        documents=[paper(case, "hearing_invitation", "Приглашение и повестка", fields)],
        letters=[
            *to_sender(case, "hearing_invitation", subject, body),
            *to_role(case, "head", "hearing_invitation", subject, body),
            *to_people(case, panel_of(case).people, "hearing_invitation", subject, body),
        ],
    )


@guard(
    refuses=("TOO_EARLY", "LATE_INVITATION", "CONFIDENTIALITY_MISSING", "MATERIALS_NOT_DELIVERED", "NOT_HEARD"),
    requirements=("A-020", "A-072", "A-074", "A-086", "A-088"),
)
def may_record(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a hearing before its day, or without notice, undertakings, materials, or the parties' chance to speak.

    Refuses: TOO_EARLY, LATE_INVITATION, CONFIDENTIALITY_MISSING, MATERIALS_NOT_DELIVERED, NOT_HEARD
    Source:  A 5.6, 6.9.5, 6.10.8, 6.10.10-6.10.12 (A-020, A-072, A-074, A-086, A-088)
    """
    held_on, planned = day(values["held_on"]), day(case["session.held_on"])
    if case.today < planned or held_on < planned:
        raise Refused("TOO_EARLY", "Рассмотрение назначено на {planned}.", field="held_on", planned=shown(planned))
    invited = day(case["session.invited_on"])
    waived = bool(case["session.waived"])
    refuse(case, invitation_denied(held_on, invited, ahead=notice_ahead(case), waived_by_all=waived), field="held_on")
    sworn = [str(row["by"]) for row in case.get("confidentiality_statement", [])]
    voters = [str(login) for login in case["voters"]]
    refuse(case, opening_denied(voters, case["materials_delivery.to"], sworn), field="present")
    refuse(case, unheard_denied(tuple(HEARD_FIELDS), _offered(values)), field="appellant_heard")


@guard(refuses=("RESULT_MISMATCH", "NOT_HEARD"), requirements=("A-074", "A-076", "A-088"))
def may_decide(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a decision that is not what was voted, or comes before each party could speak.

    Refuses: RESULT_MISMATCH, NOT_HEARD
    Source:  A 6.9.5, 6.10.11-6.10.13 (A-074, A-076, A-088)
    """
    voted = str(case["votes.outcome"])
    if values["result"] != voted:
        raise Refused(
            "RESULT_MISMATCH", "Комиссия проголосовала иначе: {voted}.", field="result", voted=RESULT_NAMES[voted]
        )
    refuse(case, unheard_denied(tuple(HEARD_FIELDS), _offered(case["hearing_record"])))


@step(writes=("verdict.result", "verdict.decided_on", "verdict.on_time"), requirements=("A-071", "A-076", "A-090"))
def issue_decision(case: Case) -> Outcome:
    """Issue the signed decision and state whether the month was kept.

    Writes:  verdict.result, verdict.decided_on (today), verdict.on_time
    Source:  A 6.9.5, 6.10.14, 6.10.20 (A-071, A-076, A-090)
    """
    decision = case["appeal_decision"]
    due = case.terms.due("decision", day(case["registration.registered_on"])).day
    verdict = {"result": decision["result"], "decided_on": case.today.isoformat(), "on_time": case.today <= due}
    chair = f"{name_of(case, panel_of(case).chair)}, председатель комиссии"
    votes = case["votes"]
    fields = {
        "Результат": RESULT_NAMES[str(decision["result"])],
        "Голоса": f"за {votes['upheld']}, частично {votes['partly_upheld']}, против {votes['dismissed']}",
        "Голос председателя": "решающий при равенстве" if votes["tie"] else "не подавался",
        "Правовое основание": decision["legal_basis"],
        "Мотивы": decision["reasoning"],
        "Резолютивная часть": decision["operative_part"],
        "Несогласие": f"{case.terms.reading('court.name')}: пятнадцать дней со дня вручения протокола",
    }
    return Outcome(
        data={"verdict": verdict},
        documents=[paper(case, "appeal_decision", "Решение апелляционной комиссии", fields, signers=(chair,))],
        records=[journal_row(case, "UNDER_CONSIDERATION", Решение=RESULT_NAMES[str(decision["result"])])],
    )


def _offered(values: Mapping[str, Any]) -> list[str]:
    return [party for party, field in HEARD_FIELDS.items() if values.get(field)]
