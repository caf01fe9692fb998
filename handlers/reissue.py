"""Re-issue of a certificate: three reasons, one month, and the head's decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.steps import Case, NewCase, Outcome, Participant, Record, Refused, guard, step
from handlers.application import need_of, not_accredited
from handlers.client_file import HEAD, day, head_of_body, paper, refuse, shown, to_applicant, to_role, works_row
from handlers.held import REFUSALS, demand_held
from handlers.refused import REFUSED, refused
from rules.decision import decider_denied, independence_denied
from rules.replacement import reissue_denied

REASONS = {"legal_form": "правовая форма", "location": "место нахождения", "name": "название"}


@guard(refuses=(*REFUSALS, "REISSUE_REASON", "CHANGE_LATER"), requirements=("C-139",))
def requested(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a request for another reason than the three, or about a certificate that is not in force.

    Refuses: REISSUE_REASON  the answer lists the reasons that are possible
             CHANGE_LATER    the change would be later than the request
    Source:  C L246 (C-139)
    """
    refuse(case, reissue_denied(values["reason"]), field="reason")
    if values["changed_on"] > values["submitted_on"]:
        raise Refused("CHANGE_LATER", "Изменение позже заявления. Проверьте даты.", field="changed_on")
    demand_held(case, values)


@step(
    writes=("reissue_check.late", "reissue_check.last_day", "reissue_check.text"),
    requirements=("C-139", "C-140"),
)
def assess(case: Case) -> Outcome:
    """Say whether request and documents came within a month of the change, and tell the head when they did not.

    Reads:   reissue, succession (forms); term reissue.window; reading suspension.reorganisation
    Writes:  reissue_check  late, the last day in time, and the situation as the head reads it; journal `reissues`;
             by the reading `suspend` the question of a suspension after every reorganisation
    Source:  C L246 (C-140): late means that the head decides, not that the request is lost
    """
    changed = case["reissue.changed_on"]
    due = case.terms.due("reissue.window", day(changed))
    came = max(str(case["reissue.submitted_on"]), str(case["succession.submitted_on"]))
    late = came > due.day.isoformat()
    text = (
        f"Изменилось: {REASONS[case['reissue.reason']]}, {shown(changed)}. {case['reissue.what']} "
        f"Последний день: {shown(due.day)}, всё поступило {shown(came)}: {'ПОЗЖЕ СРОКА' if late else 'в срок'}."
    )
    letters = to_role(case, "head", "reissue_late", "Переоформление: срок пропущен", text) if late else []
    row = works_row(case, "Переоформление: срок пропущен" if late else "Переоформление: документы получены")
    check = {"late": late, "last_day": due.day.isoformat(), "text": text}
    suspends = case.terms.reading("suspension.reorganisation") == "suspend"
    return Outcome(
        data={"reissue_check": check},
        letters=letters,
        records=(row, _journal(case, "LATE" if late else "IN_TIME", due.day.isoformat())),
        cases=_suspension(case) if suspends else (),
    )


def _journal(case: Case, status: str, last_day: str) -> Record:
    fields = {
        "Сертификат": case["held.number"],
        "Держатель": case["held.holder"],
        "Изменилось": REASONS[case["reissue.reason"]],
        "Когда": case["reissue.changed_on"],
        "Последний день": last_day,
        "Статус": status,
    }
    return Record(journal="reissues", key=case.number, fields=fields)


def _suspension(case: Case) -> tuple[NewCase, ...]:
    """Return the question whether a reorganised holder's certificate is suspended; a move or a new name asks none."""
    if case["reissue.reason"] != "legal_form":
        return ()
    application = case["application"]
    known = {
        name: application[name] for name in ("bin", "account", "standards", "codes", "scope") if name in application
    }
    data = {
        "certificate": case["held.number"],
        "holder": application["name"],
        "email": application["email"],
        "valid_until": case["held.expires_on"],
        "initiator": "body",
        "action": "SUSPEND",
        "basis": f"Организация реорганизована {shown(case['reissue.changed_on'])}, сертификат не переоформлен.",
        "grounds": ["reorganisation"],
        "source_case": case.number,
        **known,
    }
    return (NewCase(process="certificate_status", data=data),)


@step(writes=("application.is_number", "application.registered_on"), requirements=("C-141",))
def create(case: Case) -> Outcome:
    """Take the number of the application that the head made in the information system. Source: C L246 (C-141)."""
    made = case["reissue_application"]
    application = {**case["application"], "is_number": made["is_number"], "registered_on": made["created_on"]}
    return Outcome(
        data={"application": application},
        records=(works_row(case, "Заявка на переоформление оформлена в ИС", Заявка=made["is_number"]),),
    )


@guard(
    refuses=(
        *(
            "NOT_THE_HEAD",
            "NOT_INDEPENDENT",
            "LATE_NOT_DECIDED",
            "EXPIRY_CHANGED",
            "EXPIRY_PASSED",
            "COMPETENCE_MISSING",
        ),
        "OUT_OF_SCOPE",
    ),
    requirements=("C-001", "C-140", "C-141", "C-142"),
)
def decidable(case: Case, values: Mapping[str, Any]) -> None:
    """Let only the head decide, late requests only with a reason, and never for a longer term.

    Refuses: NOT_THE_HEAD        somebody else, whoever stands in for the head
             NOT_INDEPENDENT     who refused it before, when an appeal has set that refusal aside
             LATE_NOT_DECIDED    the month has passed and the head does not say why the request is heard
             EXPIRY_CHANGED      the new certificate would outlive the former
             EXPIRY_PASSED       it would have ended before today
             OUT_OF_SCOPE        the body is not accredited for it today
             COMPETENCE_MISSING  who is to sign beside the head has no evaluation for decisions
    Source:  C L246-249 (C-140 to C-142)
    """
    former = case.members("first_decider")
    if not former and not case.actor.has_role("head"):
        raise Refused("NOT_THE_HEAD", "Решение о переоформлении принимает только руководитель органа.")
    refuse(case, independence_denied(case.actor.login, {}, first_deciders=former))
    if values["outcome"] != "reissue":
        return
    if case["reissue_check.late"] and not str(values.get("late_reason", "")).strip():
        raise Refused(
            "LATE_NOT_DECIDED",
            "Срок {day} пропущен. Обоснуйте, почему заявление рассматривается, или откажите.",
            field="late_reason",
            day=shown(case["reissue_check.last_day"]),
        )
    if values["expires_on"] > case["held.expires_on"]:
        raise Refused(
            "EXPIRY_CHANGED",
            "Новый сертификат действует не дольше прежнего: до {day}.",
            field="expires_on",
            day=shown(case["held.expires_on"]),
        )
    if values["expires_on"] < case.today.isoformat():
        raise Refused(
            "EXPIRY_PASSED",
            "Этот срок уже прошёл: сертификат закончился бы раньше, чем выдан. Укажите день не раньше сегодняшнего.",
            field="expires_on",
        )
    refuse(case, not_accredited(case), field="outcome")
    competence = case.registers("competence")
    refuse(case, decider_denied(competence, values["signer"], need_of(case), case.today, groups={}), field="signer")


@step(
    writes=(
        "change.kind",
        "change.decided_on",
        "change.expires_on",
        "application.name",
        "application.address",
        "application.sites",
        "decision_register.result",
        "decision_register.decider",
        "decision_register.status",
        *REFUSED,
    ),
    requirements=("C-140", "C-141", "C-142"),
)
def decide(case: Case) -> Outcome:
    """Draw up the head's decision, take over the new facts of the holder, and let the second signer join.

    Reads:   reissue_decision (form)
    Writes:  change       {"kind": "reissue", "decided_on", "expires_on"} when the certificate is re-issued; a late
             reorganisation that is refused opens the question of a suspension (reading suspension.reorganisation)
             application  name, address and sites as they are now
             refused, decision_register  when it is not
    Source:  C L246-249 (C-140 to C-142)
    """
    values = case["reissue_decision"]
    is_reissued = values["outcome"] == "reissue"
    is_again = bool(case.members("first_decider"))  # an appeal was upheld, and the head may not decide any more
    result = "Переоформить сертификат" if is_reissued else "Отказать в переоформлении"
    document = paper(
        case,
        "reissue_decision",
        f"Решение: {result.lower()}",
        {
            "Сертификат": case["held.text"],
            "Обстоятельства": case["reissue_check.text"],
            "Решение": result,
            "Дата": shown(case.today),
            "Почему рассмотрено после срока": values.get("late_reason", "Срок соблюдён"),
            "Обоснование": values["reasons"],
            "Загрузка в ИС": values["is_receipt"],
        },
        (f"{case.actor.name}, принял решение",) if is_again else (head_of_body(case),),
        own=case.actor.login if is_again else HEAD,
    )
    letter = to_applicant(
        case,
        "reissue_decision",
        result,
        f"Принято решение: {result.lower()}. Основание: {values['reasons']}",
        encloses=("reissue_decision",),
    )
    row = works_row(case, result, **{"Решение по результатам": result, "Принял решение": case.actor.name})
    if not is_reissued:
        register = {"result": result, "decider": case.actor.name, "status": "APPEALABLE"}
        again = "Прежний сертификат действует. Заявление можно подать снова, когда причины отказа устранены."
        no = refused(case, "в переоформлении сертификата", [values["reasons"]], again)
        by_reading = case.terms.reading("suspension.reorganisation") == "reissue_if_in_time"
        asks = by_reading and case["reissue_check.late"]
        return Outcome(
            data={"decision_register": register, **no},
            documents=(document,),
            records=(row,),
            cases=_suspension(case) if asks else (),
        )
    change = {"kind": "reissue", "decided_on": case.today.isoformat(), "expires_on": values["expires_on"]}
    return Outcome(
        data={"change": change, "application": {**case["application"], **_new_facts(values)}},
        documents=(document,),
        letters=(letter,),
        records=(row,),
        participants=(Participant(group="decider", login=values["signer"]),),
        replaces=("decider",),
    )


def _new_facts(values: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": values["new_name"], "address": values["new_address"], "sites": values["new_sites"]}
