"""The status of a certificate: who asks for what, on which grounds, who decides, and the decision that is drawn up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.steps import Case, Document, Outcome, Participant, Record, Refused, guard, step
from handlers.client_file import HEAD, day, head_of_body, name_of, paper, refuse, shown, to_applicant
from handlers.holder import (
    DETAIL_PATHS,
    GROUND_NAMES,
    certificate_row,
    demand_grounds,
    details,
    due_denied,
    eve,
    exclusions_denied,
    is_ended,
    suspension_limit,
)
from rules.surveillance import OUTCOME_NAMES, after_missed_lift, outcome_denied
from rules.surveillance import Outcome as Fate

STATE = tuple(
    f"certificate_state.{name}"
    for name in (
        *("action", "question", "excluded", "text", "place", "decided_on", "decided_by", "grounds", "basis"),
        *("due_on", "has_decider", "effective_at", "issued_on", "scope"),
    )
)
TITLES = {"SUSPEND": "приостановление", "WITHDRAW": "отмена", "REDUCE": "сокращение области"}
INITIATORS = {
    "surveillance": "орган по итогам контроля",
    "refusal": "орган: контроль не состоялся",
    "holder": "держатель сертификата",
    "body": "орган по иным сведениям",
}


@guard(
    refuses=("NOT_IN_FORCE", "EXCLUSIONS_MISSING", "EXCLUSIONS_WRONG", "LETTER_MISSING", "DECISION_INCOMPLETE"),
    requirements=("C-127", "C-156", "C-157"),
)
def startable(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a question about a withdrawn certificate, and a holder's reduction without letter or exclusions.

    Refuses: NOT_IN_FORCE         the register says withdrawn or cancelled
             LETTER_MISSING, EXCLUSIONS_MISSING, EXCLUSIONS_WRONG  the holder does not say what to exclude (C-157)
             DECISION_INCOMPLETE  "already decided" without day, person, or grounds
    Source:  C L229-233, L270-273 (C-127, C-156, C-157)
    """
    row = certificate_row(case, values["certificate"])
    if is_ended(row):
        raise Refused("NOT_IN_FORCE", "Сертификат уже отменён.", field="certificate")
    if values["action"] == "REDUCE":
        if values["initiator"] == "holder" and not values.get("letter"):
            raise Refused("LETTER_MISSING", "Держатель просит о сокращении письмом: укажите его.", field="letter")
        scope = values.get("scope") or (row or {}).get("Область", "")
        if values["initiator"] == "holder" or values.get("excluded"):
            exclusions_denied(scope, values.get("excluded", ()), field="excluded")
    if values.get("decided") and not (values.get("decided_on") and values.get("decided_by")):
        raise Refused("DECISION_INCOMPLETE", "Укажите, кто и когда решил.", field="decided_on")


@step(writes=(*STATE, *DETAIL_PATHS), requirements=("C-127", "C-133", "C-156"))
def receive(case: Case) -> Outcome:
    """Take over the question: certificate, holder, those who may not decide, and the decision if there is one.

    Reads:   status_start (form), journal `certificates`
    Writes:  application  holder and scope; certificate_state  what is asked or was decided; participants audit_team,
             team_leader and decider of the control; journal `status_questions`
    Source:  C L220, L238, L270 (C-133, C-156)
    """
    values = case["status_start"]
    row = certificate_row(case, values["certificate"]) or {}
    application = details(case, values)
    application.setdefault("scope", row.get("Область", ""))
    state = {
        "action": values["action"],
        "question": f"{TITLES[values['action']].capitalize()}: {values['certificate']}, {values['holder']}. "
        f"Начал {INITIATORS[values['initiator']]}. {values['basis']}",
        "basis": values["basis"],
        "excluded": list(values.get("excluded", ())),
        "grounds": list(values.get("grounds", ())),
        "due_on": values.get("due_on", ""),
        "decided_on": values.get("decided_on", ""),
        "decided_by": values.get("decided_by", ""),
        "has_decider": bool(values.get("decider")),
        "scope": application["scope"],
    }
    joined = [Participant(group="audit_team", login=member["person"]) for member in values.get("team", ())]
    if values.get("decider"):
        joined.append(Participant(group="decider", login=values["decider"]))
    if application.get("account"):
        joined.append(Participant(group="applicant", login=application["account"]))
    question = {
        "Сертификат": values["certificate"],
        "Держатель": values["holder"],
        "Вопрос": TITLES[values["action"]],
        "Начал": INITIATORS[values["initiator"]],
    }
    record = Record(journal="status_questions", key=case.number, fields=question)
    data = {"application": application, "certificate_state": state}
    return Outcome(data=data, participants=joined, records=(record,))


_DECISION = ("GROUND_MISSING", "REISSUE_UNDER_WAY", "DUE_TOO_LATE", "EXCLUSIONS_MISSING", "EXCLUSIONS_WRONG")


def _demand(case: Case, values: Mapping[str, Any]) -> None:
    if values["outcome"] == "SUSPEND":
        demand_grounds(case, case["status_start.certificate"], values["outcome"], values["grounds"])
        due_denied(case, values["due_on"], suspension_limit(case, case.today))
    if values["outcome"] == "REDUCE":
        exclusions_denied(case["certificate_state.scope"], values["excluded"], field="excluded")


@guard(refuses=_DECISION, requirements=("C-127", "C-130", "C-156", "C-157"))
def decidable(case: Case, values: Mapping[str, Any]) -> None:
    """Demand grounds and a day of a suspension, exclusions of a reduction. Source: C L229-236, L273 (C-127, C-157)."""
    _demand(case, values)


@guard(refuses=("OUTCOME_NOT_ALLOWED", *_DECISION), requirements=("C-130",))
def after_suspension(case: Case, values: Mapping[str, Any]) -> None:
    """Offer withdrawal and reduction alone when the causes were not removed in time. Source: C L236 (C-130)."""
    offered = after_missed_lift()
    if values["outcome"] == "LEAVE":
        raise Refused(
            "OUTCOME_NOT_ALLOWED",
            "Возможно только: {outcomes}.",
            field="outcome",
            outcomes=", ".join(OUTCOME_NAMES[each] for each in offered),
        )
    refuse(case, outcome_denied(Fate(values["outcome"]), offered), field="outcome")
    _demand(case, values)


@step(requirements=("C-133",))
def leave(case: Case) -> Outcome:
    """Tell the holder that the status stays, and why. Reads: status_decision (form)."""
    number = case["status_start.certificate"]
    body = f"Вопрос о статусе сертификата {number} рассмотрен, статус не меняется. {case['status_decision.reasons']}"
    document = paper(
        case, "status_kept", "Решение: статус не меняется", {"Обоснование": body}, (head_of_body(case),), own=HEAD
    )
    return Outcome(
        documents=(document,),
        letters=(to_applicant(case, "status_kept", f"Сертификат {number}", body, encloses=("status_kept",)),),
    )


@step(
    writes=(*STATE, "suspension.decided_on", "suspension.due_on", "suspension.eve"),
    makes=("status_suspend", "status_withdraw", "status_reduce"),
    requirements=("C-127", "C-133", "C-156", "C-158"),
)
def draw_up(case: Case) -> Outcome:
    """Draw up the decision on suspension, withdrawal or reduction.

    Reads:   status_decision (form) if the head decided here, else what the control or the refusal decided
    Writes:  certificate_state  the decision as it stands; suspension  {"decided_on", "due_on", "eve"} ISO dates
    Source:  C L238, L274 (C-133, C-158)
    """
    state = _decided(case)
    data: dict[str, Any] = {"certificate_state": state}
    if state["action"] == "SUSPEND":
        latest = suspension_limit(case, day(state["decided_on"]))
        due_on = min(day(state["due_on"]), latest) if state["due_on"] else latest
        data["suspension"] = {"decided_on": state["decided_on"], "due_on": due_on.isoformat(), "eve": eve(due_on)}
        state["due_on"] = due_on.isoformat()
    return Outcome(data=data, documents=(_document(case, state),))


def _decided(case: Case) -> dict[str, Any]:
    """The decision that is in force: the head's own, made in this case, comes after what the start brought."""
    state, own_decision = dict(case["certificate_state"]), case.get("status_decision")
    if own_decision:
        state |= {
            "action": own_decision["outcome"],
            "basis": own_decision["reasons"],
            "grounds": list(own_decision.get("grounds", ())),
            "due_on": own_decision.get("due_on", ""),
            "excluded": list(own_decision.get("excluded", ())),
            "decided_on": case.today.isoformat(),
            "decided_by": case.actor.login,
        }
    state["has_decider"] = bool(case.members("decider"))
    state["text"] = (
        f"{TITLES[state['action']].capitalize()}: {case['status_start.certificate']}, решение от "
        f"{shown(state['decided_on'])}, {name_of(case, state['decided_by'])}. {state['basis']}"
    )
    state["place"] = "Архив" if state["action"] == "WITHDRAW" else "Орган по сертификации"
    return state


def _document(case: Case, state: Mapping[str, Any]) -> Document:
    fields: dict[str, Any] = {
        "Решение": TITLES[state["action"]],
        "Сертификат": case["status_start.certificate"],
        "Дата решения": shown(state["decided_on"]),
        "Инициатор": INITIATORS[case["status_start.initiator"]],
        "Основания": [GROUND_NAMES[each] for each in state["grounds"]],
        "Обстоятельства": state["basis"],
        "Причины устранить не позже": shown(state["due_on"]) if state["due_on"] else "Не применимо",
        "Исключается из области": [row["item"] for row in state["excluded"]],
        "Экземпляры": ["Орган по сертификации", "Держатель сертификата"],
    }
    head = head_of_body(case)
    decided_by = name_of(case, state["decided_by"])
    signers = (head,) if head.startswith(f"{decided_by},") else (f"{decided_by}, эксперт-аудитор", head)
    title = f"Решение: {TITLES[state['action']]} сертификата {case['status_start.certificate']}"
    return paper(case, f"status_{state['action'].lower()}", title, fields, signers, own=HEAD)
