"""Commissions on complaints and on appeals: who may sit in them, what the parties say, when they begin.

Source: A 5.1, 5.5, 6.7.1-6.7.2, 6.10.4-6.10.7 (A-007, A-014, A-015, A-055, A-056, A-081 to A-084).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.steps import Case, Document, Outcome, Participant, Record, guard, step
from handlers.client_file import acting_director, day, name_of, refuse, shown, to_role
from handlers.complaint_report import report_fields
from handlers.item import names, paper, signed_now, to_people, to_sender
from handlers.received import APPELLANT, BODY, matter_of
from rules.commission import Commission, Consent, commission_denied, consent_denied, person_denied

VIEW_NAMES = {
    Consent.AGREED: "с составом согласны",
    Consent.OBJECTED: "возражают",
    Consent.SILENT: "в срок не ответили",
}
LINKED = ("LINKED_TO_SUBJECT", "NOT_INDEPENDENT", "LINKED_TO_PARTY")
FAULTS = (
    "TOO_FEW_MEMBERS",
    "OFFICE_MISSING",
    "SECRETARY_IS_MEMBER",
    "CHAIR_IS_MEMBER",
    "CHAIR_IS_DEPUTY",
    "MEMBER_TWICE",
)


@guard(refuses=LINKED, requirements=("A-056",))
def may_order(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse an order that names anybody linked to the subject of a complaint, the head of the body included.

    Refuses: LINKED_TO_SUBJECT, NOT_INDEPENDENT, LINKED_TO_PARTY
    Source:  A 6.7.2 (A-056); ISO/IEC 17065 7.13.5
    """
    _refuse_linked(case, _ordered(values))


@guard(refuses=LINKED, requirements=("A-007", "A-055", "A-056"))
def may_sign_order(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse to sign an order whose commission has become linked to the subject since it was drafted.

    Refuses: LINKED_TO_SUBJECT, NOT_INDEPENDENT, LINKED_TO_PARTY
    Source:  A 5.1, 6.7.1, 6.7.2 (A-007, A-055, A-056)
    """
    if values["decision"] == "SIGN":
        _refuse_linked(case, _ordered(case["complaint_order"]))


@step(requirements=("A-007", "A-055", "A-062"))
def appoint(case: Case) -> Outcome:
    """Put the commission on a complaint into office; its chair becomes responsible for the reply.

    Source: A 6.7.1, 6.7.8 (A-055, A-062)
    """
    order = case["complaint_order"]
    people = _ordered(order)
    number = str(case["complaint_order_signature.number"])
    fields = {"Номер": number, "Проект подготовил": "инженер по качеству", "Задача": order["task"]}
    groups = [("commission_chair", order["chair"]), ("responsible", order["chair"])]
    groups += [("commission_secretary", order["secretary"]), *(("commission_member", each) for each in people)]
    return Outcome(
        documents=[_order(case, number, str(order["chair"]), str(order["secretary"]), people, fields)],
        records=[_journal(case, number, people)],
        participants=[Participant(group=group, login=str(login)) for group, login in groups],
        replaces=("commission_chair", "responsible", "commission_secretary", "commission_member"),
    )


@step(
    writes=("commission_signers", "complaint_report_signature"),
    requirements=("A-058", "A-059"),
    makes=("complaint_report",),
)
def open_signing(case: Case) -> Outcome:
    """Put the report on paper and lay it before every member; signatures under an earlier draft no longer count.

    Writes:  commission_signers, the members' logins; complaint_report_signature, empty
    Source:  A 6.7.4, 6.7.5 (A-058, A-059)
    """
    signers = list(case.members("commission_member"))
    titles = tuple(f"{name_of(case, login)}, член комиссии" for login in signers)
    report = paper(
        case, "complaint_report", "Отчёт комиссии по жалобе", report_fields(case), signers=titles, must_sign=signers
    )
    return Outcome(data={"commission_signers": signers, "complaint_report_signature": []}, documents=[report])


@step(writes=("commission_signers",), requirements=("A-058",))
def remind_signers(case: Case) -> Outcome:
    """Open the signing again for those who have not signed in time, and tell them and the chair.

    Writes:  commission_signers, the logins whose signature is missing
    Source:  A 6.7.4 (A-058)
    """
    signed = {str(row["by"]) for row in case.get("complaint_report_signature", [])}
    missing = [login for login in case.members("commission_member") if login not in signed]
    last = shown(case.terms.due("commission.sign", case.today).day)
    body = f"Отчёт по {case.number} ждёт подписи: {', '.join(names(case, missing))}. Подпишите его не позднее {last}."
    to = list(dict.fromkeys((*missing, *case.members("commission_chair"))))
    letters = to_people(case, to, "report_unsigned", f"Отчёт по {case.number} не подписан", body)
    return Outcome(data={"commission_signers": missing}, letters=letters)


@guard(refuses=(*LINKED, *FAULTS), requirements=("A-014", "A-015", "A-065", "A-081", "A-082", "A-084"))
def may_propose(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a commission on an appeal that is too small, holds an office twice, or is linked to a party.

    Refuses: TOO_FEW_MEMBERS and the other faults of composition; LINKED_TO_PARTY with the link shown
    Source:  A 5.5, 6.7.9, 6.10.4, 6.10.5, 6.10.7 (A-015, A-065, A-081, A-082, A-084)
    """
    _refuse_faults(case, _proposed(case, values))


@step(writes=("appellant_view", "body_view", "views_asked.on"), requirements=("A-083",))
def ask_views(case: Case) -> Outcome:
    """Tell both parties the proposed composition; what they said of an earlier one no longer counts.

    Writes:  appellant_view and body_view, empty; views_asked.on (today)
    Source:  A 6.10.6 (A-083)
    """
    proposed = _proposed(case, case["commission_proposal"])
    last = case.terms.due("composition", case.today).day
    people = ", ".join(names(case, proposed.people))
    body = (
        f"Предложена комиссия: {people}. Возражение с причиной возможно до {shown(last)}; молчание означает согласие."
    )
    subject = f"Состав комиссии по апелляции {case.number}"
    return Outcome(
        data={"appellant_view": {}, "body_view": {}, "views_asked": {"on": case.today.isoformat()}},
        letters=[
            *to_sender(case, "composition_proposed", subject, body, due=last),
            *to_role(case, "head", "composition_proposed", subject, body),
        ],
    )


@step(writes=("composition.objection", "composition.appellant", "composition.body"), requirements=("A-083",))
def settle_views(case: Case) -> Outcome:
    """Write down what each party said of the composition: AGREED, OBJECTED or SILENT.

    Writes:  composition.objection, whether any party objects
    Source:  A 6.10.6 (A-083)
    """
    views = _views(case)
    objection = Consent.OBJECTED in views.values()
    data = {"objection": objection, "appellant": views[APPELLANT].value, "body": views[BODY].value}
    fields = {"Апелляция": case.number, **{party: view.value for party, view in views.items()}}
    return Outcome(
        data={"composition": data}, records=[Record(journal="composition_views", key=case.number, fields=fields)]
    )


@guard(refuses=(*LINKED, *FAULTS, "CONSENT_AWAITED", "OBJECTION_UNDECIDED"), requirements=("A-007", "A-081", "A-083"))
def may_approve(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse to approve a faulty commission, or one over an objection that nobody has decided.

    Refuses: as may_propose; OBJECTION_UNDECIDED
    Source:  A 5.1, 6.10.4, 6.10.6 (A-007, A-081, A-083)
    """
    if values["decision"] != "APPROVE":
        return
    _refuse_faults(case, _proposed(case, case["commission_proposal"]))
    decided = (APPELLANT, BODY) if case.get("view_decision.decision") == "KEEP" else ()
    refuse(case, consent_denied(_views(case), decided, term_is_over=True), field="decision")


@step(
    writes=("voters", "panel.chair", "panel.deputy_chair", "panel.members", "panel.secretary", "panel.approved_on"),
    requirements=("A-014", "A-081", "A-083", "A-084"),
)
def activate(case: Case) -> Outcome:
    """Put the approved commission into office: order, journal, access; the deputy may act for an absent chair.

    Writes:  voters, the logins of the voting members; panel.*
    Source:  A 5.5, 6.10.4, 6.10.7 (A-014, A-081, A-084)
    """
    panel = _proposed(case, case["commission_proposal"])
    number = str(case["commission_approval.number"])
    due = case.terms.due("commission", day(case["registration.registered_on"])).day
    fields = {
        "Номер": number,
        "Предложил": f"секретарь {name_of(case, panel.secretary)}",
        "Независимость": case["commission_proposal.independence"],
        "Мнения сторон": [f"{party}: {VIEW_NAMES[view]}" for party, view in _views(case).items()],
        "В срок": "да" if case.today <= due else f"нет, последний день {shown(due)}",
    }
    groups = [("commission_chair", panel.chair), ("commission_chair", panel.deputy_chair)]
    groups += [("commission_member", each) for each in panel.members]
    data = {
        "chair": panel.chair,
        "deputy_chair": panel.deputy_chair,
        "members": list(panel.members),
        "secretary": panel.secretary,
        "approved_on": case.today.isoformat(),
    }
    body = (
        f"Вы назначены в комиссию по апелляции {case.number}. Пожалуйста, дайте в системе обязательство о "
        "конфиденциальности."
    )
    return Outcome(
        data={"voters": list(panel.members), "panel": data},
        documents=[_order(case, number, panel.chair, panel.secretary, panel.members, fields)],
        records=[_journal(case, number, panel.people)],
        letters=to_people(case, panel.people, "commission_appointed", f"Комиссия {case.number}", body),
        participants=[Participant(group=group, login=login) for group, login in groups if login],
        replaces=("commission_chair", "commission_member"),
    )


def panel_of(case: Case) -> Commission:
    """Return the commission in office; raises KeyError before it is approved."""
    panel = case["panel"]
    return Commission(
        chair=panel["chair"],
        deputy_chair=panel["deputy_chair"],
        members=tuple(panel["members"]),
        secretary=panel["secretary"],
    )


def _ordered(values: Mapping[str, Any]) -> list[str]:
    people = [values["chair"], values["secretary"], *(row["person"] for row in values["members"])]
    return list(dict.fromkeys(str(login) for login in people))


def _proposed(case: Case, values: Mapping[str, Any]) -> Commission:
    return Commission(
        chair=str(values["chair"]),
        deputy_chair=str(values.get("deputy_chair", "")),
        members=tuple(str(row["person"]) for row in values["members"]),
        secretary=next(iter(case.members("commission_secretary")), ""),
    )


def _refuse_linked(case: Case, people: Iterable[str]) -> None:
    ties = case.registers("tie")
    lookback = str(case.terms.reading("conflict.lookback"))
    for login in people:
        refuse(case, person_denied(login, matter_of(case), ties, case.today, lookback=lookback), field="members")


def _refuse_faults(case: Case, proposed: Commission) -> None:
    faults = commission_denied(
        proposed,
        matter_of(case),
        case.registers("tie"),
        case.today,
        lookback=str(case.terms.reading("conflict.lookback")),
        voters_min=int(case.terms.reading("voters_min")),
    )
    for fault in faults:
        refuse(case, fault, field="members")


def _views(case: Case) -> dict[str, Consent]:
    said = {"AGREE": Consent.AGREED, "OBJECT": Consent.OBJECTED}
    forms = {APPELLANT: "appellant_view", BODY: "body_view"}
    silence = Consent.OBJECTED if case.terms.reading("composition.silence") == "objection" else Consent.SILENT
    return {party: said.get(str(case.get(f"{form}.view")), silence) for party, form in forms.items()}


def _order(
    case: Case, number: str, chair: str, secretary: str, people: Iterable[str], fields: Mapping[str, Any]
) -> Document:
    said = {
        "Председатель": name_of(case, chair),
        "Секретарь": name_of(case, secretary),
        "Члены комиссии": names(case, [login for login in people if login not in (chair, secretary)]),
    }
    title = f"Приказ о комиссии № {number}"
    return paper(case, "commission_order", title, {**said, **fields}, **signed_now(case, acting_director(case)))


def _journal(case: Case, number: str, people: Iterable[str]) -> Record:
    logins = list(people)
    fields = {"Дело": case.number, "Состав": names(case, logins), "Учётные записи": logins, "С": case.today.isoformat()}
    return Record(journal="commissions", key=number, fields=fields)
