"""What follows the protocol of an appeal: objections, final or contested or heard anew, costs, hand-over.

Source: A 5.5, 6.9.4, 6.10.19, 6.10.20, 6.11 (A-019, A-071, A-092, A-093).
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from engine.steps import Case, Letter, Outcome, Record, Refused, guard, step
from handlers.appeal_result import TELLS, told
from handlers.client_file import day, money, name_of, shown
from handlers.item import journal_row, paper, signed_now, to_parties
from handlers.received import APPELLANT, BODY
from rules.costs import charged
from rules.voting import Result
from rules.windows import Adoption, adoption

OBJECTIONS = {APPELLANT: "appellant_objection", BODY: "body_objection"}
REOPEN_GROUNDS = {
    "NEW_FACTS": "новые факты, которых комиссия не знала",
    "BREACH": "нарушение порядка рассмотрения",
}


@step(writes=("objections.any", "objections.parties", "objections.all_accept"), requirements=("A-092",))
def settle_objections(case: Case) -> Outcome:
    """State whether a party objects; who kept silent for two weeks does not.

    Reads:   appellant_objection.*, body_objection.* (absent after silence)
    Writes:  objections.any; objections.parties, those that object; objections.all_accept, both have said so
    Source:  A 6.10.19 (A-092)
    """
    views = {party: str(case.get(f"{form}.view", "SILENT")) for party, form in OBJECTIONS.items()}
    parties = [party for party, view in views.items() if view == "OBJECT"]
    known = {
        "any": bool(parties),
        "parties": parties,
        "all_accept": all(view == "ACCEPT" for view in views.values()),
    }
    return Outcome(data={"objections": known})


@step(writes=("verdict.status", "outcome.status"), requirements=("A-092",), tells=TELLS)
def finalise(case: Case) -> Outcome:
    """Make the decision final when the two weeks are over without an objection, or both parties accept it before.

    Writes:  verdict.status, outcome.status FINAL
    Tells:   appeal_result, to the case whose decision was appealed against
    Source:  A 6.10.19 (A-092)
    """
    if case["objections.all_accept"]:
        status, why = Adoption.FINAL.value, "Обе стороны согласны с решением комиссии, оно считается принятым."
    else:
        status = adoption(day(case["protocol_delivery.objections_until"]), None, case.today).value
        why = "Возражений не поступило, решение комиссии считается принятым."
    return _settled(case, status, to_parties(case, "decision_final", f"Решение по {case.number} принято", why))


@guard(refuses=("REOPENED_BEFORE",), requirements=("A-092",))
def may_review(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse to hear an appeal a third time: after one new hearing only a court is left.

    Refuses: REOPENED_BEFORE
    Source:  A 6.10.19, 6.10.20 (A-092)
    """
    if values["decision"] == "REOPEN" and case.get("reopened.on"):
        raise Refused(
            "REOPENED_BEFORE",
            "Апелляцию уже рассматривали повторно {on}. Теперь спор решает суд.",
            field="decision",
            on=shown(case["reopened.on"]),
        )


@step(writes=("outcome.status", "reopened.on", "reopened.ground"), requirements=("A-092",))
def reopen(case: Case) -> Outcome:
    """Return the appeal to the commission: the decision objected to does not stand, and both parties learn why.

    Writes:  outcome.status REOPENED; reopened.on (today), reopened.ground NEW_FACTS or BREACH
    Source:  A 6.9.5, 6.10.19 (A-092): a decision contested by new facts or for a breach of the order is no decision
    """
    review = case["objection_review"]
    ground = REOPEN_GROUNDS[str(review["ground"])]
    body = (
        f"Поступило возражение. Комиссия рассмотрит апелляцию ещё раз, основание: {ground}. {review['reason']} "
        "О дне рассмотрения мы сообщим."
    )
    return Outcome(
        data={
            "outcome": {"status": "REOPENED"},
            "reopened": {"on": case.today.isoformat(), "ground": str(review["ground"])},
        },
        letters=to_parties(case, "appeal_reopened", f"Апелляция {case.number} рассматривается снова", body),
        records=[journal_row(case, "REOPENED", Основание=ground)],
    )


@step(writes=("verdict.status", "outcome.status"), requirements=("A-071", "A-092"), tells=TELLS)
def contest(case: Case) -> Outcome:
    """Mark the decision as contested and name the court with the last day.

    Reads:   objections.parties, objection_review.reason
    Writes:  verdict.status, outcome.status CONTESTED
    Tells:   appeal_result, which a court may still change
    Source:  A 6.10.19, 6.10.20 (A-071, A-092)
    """
    last = day(case["protocol_delivery.objections_until"])
    dates = [str(case.get(f"{OBJECTIONS[party]}.received_on", "")) for party in case["objections.parties"]]
    objected = min((day(each) for each in dates if each), default=last)
    status = adoption(last, objected, case.today).value
    court = shown(case["protocol_delivery.court_until"])
    who = ", ".join(str(party) for party in case["objections.parties"])
    body = (
        f"Возразила сторона: {who}. Комиссия оставила решение в силе: {case['objection_review.reason']} "
        f"Спор решает {case.terms.reading('court.name')}; последний день обращения {court}."
    )
    return _settled(case, status, to_parties(case, "decision_contested", f"Решение по {case.number} оспорено", body))


@step(writes=("costs.appellant", "costs.body", "costs.unassigned"), requirements=("A-093",))
def assign_costs(case: Case) -> Outcome:
    """Assign the costs of commission and experts to the losing party; own expenses are not shared.

    Writes:  costs.appellant, costs.body, costs.unassigned, in appeal_costs.currency
    Source:  A 6.11 (A-093); profile costs.partly_upheld
    """
    costs = case["appeal_costs"]
    charge = charged(
        Result(case["verdict.result"]),
        Fraction(str(costs["commission_pay"])),
        Fraction(str(costs["experts_pay"])),
        is_final=case["verdict.status"] == Adoption.FINAL.value,
        partly=case.terms.reading("costs.partly_upheld"),
    )
    secretary = f"{case.actor.name}, секретарь комиссии"
    data = {"appellant": float(charge.appellant), "body": float(charge.body), "unassigned": float(charge.unassigned)}
    fields = {
        APPELLANT: money(data["appellant"], costs["currency"]),
        BODY: money(data["body"], costs["currency"]),
        "Не отнесено ни на кого": money(data["unassigned"], costs["currency"]),
        "Основание": costs["basis"],
        "Собственные расходы": "Каждая сторона несёт сама",
    }
    body = (
        f"Расходы комиссии распределены так: апеллянт — {fields[APPELLANT]}, орган по сертификации — {fields[BODY]}. "
        f"Основание: {costs['basis']}. Свои собственные расходы каждая сторона несёт сама."
    )
    return Outcome(
        data={"costs": data},
        documents=[paper(case, "costs_assignment", "Распределение расходов", fields, **signed_now(case, secretary))],
        letters=to_parties(case, "costs", f"Расходы по апелляции {case.number}", body, encloses=("costs_assignment",)),
    )


@step(requirements=("A-019",))
def hand_over(case: Case) -> Outcome:
    """Record that the materials were handed to the director. Source: A 5.5 (A-019)."""
    given = case["appeal_handover"]
    fields = {
        "Обращение": case.number,
        "Передал": name_of(case, case.actor.login),
        "Кому": [name_of(case, str(given["recipient"]))],
        "Когда": given["handed_on"],
        "Что": [given["list"]],
        "Листов": given["sheets"],
    }
    return Outcome(records=[Record(journal="handovers", key=f"{case.number}/директор", fields=fields)])


def _settled(case: Case, status: str, letters: list[Letter]) -> Outcome:
    number, held_on = case["appeal_protocol.number"], shown(case["hearing_record.held_on"])
    tells = told(
        case,
        str(case["verdict.result"]).lower(),
        status,
        protocol=f"Протокол № {number} от {held_on}, дело {case.number}",
        reasons=str(case["appeal_decision.operative_part"]),
    )
    return Outcome(
        data={"verdict": {**case["verdict"], "status": status}, "outcome": {"status": status}},
        letters=letters,
        records=[journal_row(case, status)],
        tells=tells,
    )
