"""The hearing of an appeal and its decision: notice, parties heard, materials studied, the month kept.

Source: A 5.5, 6.9.5, 6.10.9-6.10.14 (A-016, A-072, A-074, A-076, A-087, A-088, A-090).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.steps import Case, Letter, Outcome, Record, Refused, guard, step
from handlers.admission import notice_ahead
from handlers.client_file import day, name_of, refuse, shown
from handlers.commission import panel_of
from handlers.item import RESULT_NAMES, journal_row, paper, signed_now, to_parties, to_people
from handlers.received import APPELLANT, BODY
from rules.commission import presiding
from rules.hearing import invitation_denied, opening_denied, unheard_denied
from rules.voting import quorum_of

NOTICE_FORMS = {APPELLANT: "appellant_notice", BODY: "body_notice"}
NOTICE_ANSWERS = {
    "CONFIRMED": "уведомление подтверждено",
    "WAIVED": "согласие на срок меньше пяти дней",
    "OTHER_DAY": "просьба о другом дне",
    "SILENT": "ответа нет",
}
HEARD_FIELDS = {APPELLANT: "appellant_heard", BODY: "body_heard"}


@guard(refuses=("LATE_INVITATION", "IN_THE_PAST"), requirements=("A-072",))
def may_schedule(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a date that gives the parties less than five days, unless they shall be asked to waive them.

    Refuses: IN_THE_PAST      also for today: the parties answer before the day of the session
             LATE_INVITATION  less than five days ahead, and nobody says that the parties are asked to agree
    Source:  A 6.9.5, 6.10.10 (A-072)
    """
    held_on = day(values["session_on"])
    if held_on <= case.today:
        raise Refused("IN_THE_PAST", "Назначьте день не раньше завтрашнего.", field="session_on")
    asked = bool(values.get("short_notice"))
    refused = invitation_denied(held_on, case.today, ahead=notice_ahead(case), waived_by_all=asked)
    refuse(case, refused, field="session_on")


@step(
    writes=("session.held_on", "session.invited_on", "appellant_notice", "body_notice"),
    requirements=("A-016", "A-072"),
)
def invite(case: Case) -> Outcome:
    """Invite both parties and the members with date, place and agenda; what they answered before no longer counts.

    Writes:  session.held_on, session.invited_on (today); appellant_notice and body_notice, empty
    Source:  A 5.5, 6.10.10 (A-016, A-072)
    """
    notice = case["session_notice"]
    agenda = [str(row["item"]) for row in notice["agenda"]]
    where = ", ".join(part for part in (notice.get("session_at"), notice.get("place")) if part) or "путём переписки"
    secretary = f"{case.actor.name}, секретарь комиссии"
    what = f"Апелляция {case.number} рассматривается {shown(notice['session_on'])}, {where}."
    body = f"{what} Повестка: {'; '.join(agenda)}."
    subject = f"Рассмотрение апелляции {case.number}"
    if notice.get("short_notice"):
        body += " До этого дня меньше пяти дней: рассмотрение состоится, только если обе стороны на это согласны."
    session = {"held_on": notice["session_on"], "invited_on": case.today.isoformat()}
    fields = {"Дата": notice["session_on"], "Место": where, "Повестка": agenda, "Приглашены": [APPELLANT, BODY]}
    return Outcome(
        data={"session": session, "appellant_notice": {}, "body_notice": {}},
        documents=[paper(case, "hearing_invitation", "Приглашение и повестка", fields, **signed_now(case, secretary))],
        letters=_to_all(case, "hearing_invitation", subject, body, encloses=("hearing_invitation",)),
    )


@step(writes=("session.waived", "session.may_go_on", "session.other_day"), requirements=("A-072", "A-074"))
def settle_notice(case: Case) -> Outcome:
    """State whether the session may be held: five days were given, or both parties agreed to less; record who did.

    Reads:   session.*, appellant_notice.answer, body_notice.answer (absent when the party kept silent)
    Writes:  session.waived by both; session.may_go_on; session.other_day, the parties that asked for another day
    Source:  A 6.9.5, 6.10.10 (A-072)
    """
    answers = {party: str(case.get(f"{form}.answer", "SILENT")) for party, form in NOTICE_FORMS.items()}
    waived = all(answer == "WAIVED" for answer in answers.values())
    session = case["session"]
    held_on, invited = day(session["held_on"]), day(session["invited_on"])
    short = invitation_denied(held_on, invited, ahead=notice_ahead(case), waived_by_all=waived)
    other_day = [party for party, answer in answers.items() if answer == "OTHER_DAY"]
    known = {**session, "waived": waived, "may_go_on": short is None, "other_day": other_day}
    fields = {
        "Апелляция": case.number,
        "Дата рассмотрения": session["held_on"],
        "Приглашены": session["invited_on"],
        **{party: NOTICE_ANSWERS[answer] for party, answer in answers.items()},
    }
    body = f"Рассмотрение апелляции {case.number} {shown(held_on)} не состоится: согласия обеих сторон нет."
    subject = f"Рассмотрение апелляции {case.number} переносится"
    return Outcome(
        data={"session": known},
        records=[Record(journal="hearing_notices", key=f"{case.number}/{session['held_on']}", fields=fields)],
        letters=_to_all(case, "hearing_moved", subject, body) if short else (),
    )


@guard(
    refuses=(
        "TOO_EARLY",
        "LATE_INVITATION",
        "CONFIDENTIALITY_MISSING",
        "MATERIALS_NOT_DELIVERED",
        "NOT_HEARD",
        "NO_QUORUM",
        "CHAIR_ABSENT",
    ),
    requirements=("A-020", "A-072", "A-074", "A-086", "A-088"),
)
def may_record(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a hearing before its day, or without notice, quorum, undertakings, materials, or the parties' chance.

    Refuses: TOO_EARLY, LATE_INVITATION, CONFIDENTIALITY_MISSING, MATERIALS_NOT_DELIVERED, NOT_HEARD
             NO_QUORUM, CHAIR_ABSENT  with fewer voters than must decide, or with nobody to preside: postpone it
    Source:  A 5.6, 6.9.5, 6.10.8, 6.10.10-6.10.12 (A-020, A-072, A-074, A-086, A-088); profile quorum
    """
    if values["outcome"] != "HELD":
        return
    held_on, planned = day(values["held_on"]), day(case["session.held_on"])
    if case.today < planned or held_on < planned:
        raise Refused("TOO_EARLY", "Рассмотрение назначено на {planned}.", field="held_on", planned=shown(planned))
    invited = day(case["session.invited_on"])
    waived = bool(case.get("session.waived"))
    _refuse_without_quorum(case, [str(row["person"]) for row in values["present"]])
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
        documents=[paper(case, "appeal_decision", "Решение апелляционной комиссии", fields, **signed_now(case, chair))],
        records=[journal_row(case, "UNDER_CONSIDERATION", Решение=RESULT_NAMES[str(decision["result"])])],
    )


def _refuse_without_quorum(case: Case, present: list[str]) -> None:
    """Refuse a session that could not decide; who presides is the chair, else the deputy appointed beforehand."""
    panel = panel_of(case)
    voters = [login for login in panel.members if login in present]
    rule, least = str(case.terms.reading("quorum")), int(case.terms.reading("voters_min"))
    needed = quorum_of(rule, least=least, members=len(panel.members))
    if len(voters) < needed:
        raise Refused(
            "NO_QUORUM",
            "Участвует голосующих: {count}, нужно {needed}. Отметьте, что рассмотрение откладывается.",
            field="present",
            count=len(voters),
            needed=needed,
        )
    if presiding(panel, chair_is_present=panel.chair in present) not in present:
        raise Refused(
            "CHAIR_ABSENT",
            "Нет ни председателя, ни назначенного заранее заместителя. Отметьте, что рассмотрение откладывается.",
            field="present",
        )


def _to_all(case: Case, kind: str, subject: str, body: str, *, encloses: Sequence[str] = ()) -> list[Letter]:
    return [
        *to_parties(case, kind, subject, body, encloses=encloses),
        *to_people(case, panel_of(case).people, kind, subject, body, encloses=encloses),
    ]


def _offered(values: Mapping[str, Any]) -> list[str]:
    return [party for party, field in HEARD_FIELDS.items() if values.get(field)]
