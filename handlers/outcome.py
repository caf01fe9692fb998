"""What follows an appeal decision: protocol, delivery, objections, court, costs, hand-over.

Source: A 5.5, 6.9.4, 6.9.5, 6.10.15-6.10.20, 6.11 (A-017 to A-019, A-071, A-075, A-077, A-091 to A-093).
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from engine.steps import Case, Document, Letter, Outcome, Record, Refused, guard, step
from handlers.appeal_result import TELLS, told
from handlers.client_file import day, money, name_of, shown, to_role
from handlers.commission import panel_of
from handlers.item import RESULT_NAMES, journal_row, paper, to_sender
from handlers.received import APPELLANT, BODY
from rules.costs import charged
from rules.voting import Result
from rules.windows import Adoption, adoption

SIGNATURES = {APPELLANT: "appellant_signature", BODY: "body_signature"}


@guard(refuses=("DELAY_REASON_MISSING",), requirements=("A-018",))
def may_write(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a protocol of a late decision that gives no reason for the delay.

    Refuses: DELAY_REASON_MISSING
    Source:  A 5.5 (A-018)
    """
    if not case["verdict.on_time"] and not values.get("delay_reason"):
        raise Refused("DELAY_REASON_MISSING", "Месяц превышен: укажите причину.", field="delay_reason")


@step(requirements=("A-075", "A-077", "A-091"))
def publish_protocol(case: Case) -> Outcome:
    """Issue the protocol for the parties, its public version, and the confidential annexes apart.

    Source: A 6.9.5, 6.10.15-6.10.18 (A-075, A-077, A-091)
    """
    protocol = case["appeal_protocol"]
    annexes = protocol.get("annexes", [])
    chair, secretary = (name_of(case, login) for login in (panel_of(case).chair, panel_of(case).secretary))
    shared = {
        "Номер": protocol["number"],
        "Дата": case["hearing_record.held_on"],
        "Содержание": protocol["course"],
        "Решение": RESULT_NAMES[str(case["verdict.result"])],
        "Резолютивная часть": case["appeal_decision.operative_part"],
    }
    private = {
        **shared,
        "Изученные материалы": [str(row["title"]) for row in case["hearing_record.studied"]],
        "Опрошены": [f"{row['name']} ({row['capacity']})" for row in case["hearing_record.questioned"]],
        "Подписи сторон": [_signature(case, party) for party in SIGNATURES],
    }
    signers = (f"{chair}, председатель комиссии", f"{secretary}, секретарь комиссии")
    open_annexes = {str(row["title"]): row["text"] for row in annexes if not row.get("confidential")}
    return Outcome(
        documents=[
            paper(case, "protocol", f"Протокол № {protocol['number']}", private, signers=signers, confidential=True),
            paper(case, "protocol_public", "Протокол, открытый вариант", {**shared, **open_annexes}, signers=signers),
            *(_annex(case, row) for row in annexes if row.get("confidential")),
        ]
    )


@step(
    writes=("protocol_delivery.received_on", "protocol_delivery.court_until", "protocol_delivery.objections_until"),
    requirements=("A-018", "A-071", "A-091"),
)
def notify(case: Case) -> Outcome:
    """Tell both parties the decision, the last day for objections and the last day for the court.

    Writes:  protocol_delivery.received_on, the later of the two deliveries, from which both terms run, unless the
             profile lets them run from the decision
    Source:  A 5.5, 6.9.4, 6.10.17-6.10.20 (A-018, A-071, A-091); profile objection.start
    """
    delivery = case["protocol_delivery"]
    received = max(day(delivery["appellant_on"]), day(delivery["body_on"]))
    from_decision = case.terms.reading("objection.start") == "decision"
    begun = day(case["verdict.decided_on"]) if from_decision else received
    objections = case.terms.due("objection", begun).day
    court = case.terms.due("court", begun).day
    known = {
        **delivery,
        "received_on": received.isoformat(),
        "objections_until": objections.isoformat(),
        "court_until": court.isoformat(),
    }
    late = f" Месяц превышен: {case['appeal_protocol.delay_reason']}" if not case["verdict.on_time"] else ""
    body = (
        f"Решение комиссии: {RESULT_NAMES[str(case['verdict.result'])]}.{late} "
        f"Возражения принимаются до {shown(objections)}. Несогласная сторона вправе обратиться: "
        f"{case.terms.reading('court.name')}, последний день {shown(court)}."
    )
    record = {"Апелляция": case.number, APPELLANT: delivery["appellant_on"], BODY: delivery["body_on"]}
    return Outcome(
        data={"protocol_delivery": known},
        letters=_both(case, "appeal_reply", f"Решение по апелляции {case.number}", body),
        records=[Record(journal="deliveries", key=f"{case.number}/протокол", fields=record)],
    )


@step(writes=("verdict.status", "outcome.status"), requirements=("A-092",), tells=TELLS)
def finalise(case: Case) -> Outcome:
    """Make the decision final when the two weeks are over without an objection.

    Writes:  verdict.status, outcome.status FINAL
    Tells:   appeal_result, to the case whose decision was appealed against
    Source:  A 6.10.19 (A-092)
    """
    status = adoption(day(case["protocol_delivery.objections_until"]), None, case.today).value
    body = "Возражений не поступило, решение комиссии считается принятым."
    return _settled(case, status, _both(case, "decision_final", f"Решение по {case.number} принято", body))


@step(writes=("verdict.status", "outcome.status"), requirements=("A-071", "A-092"), tells=TELLS)
def contest(case: Case) -> Outcome:
    """Mark the decision as contested and name the court with the last day.

    Reads:   appeal_objection.*
    Writes:  verdict.status, outcome.status CONTESTED
    Tells:   appeal_result, which a court may still change
    Source:  A 6.10.19, 6.10.20 (A-071, A-092)
    """
    objected = day(case["appeal_objection.received_on"])
    status = adoption(day(case["protocol_delivery.objections_until"]), objected, case.today).value
    court = shown(case["protocol_delivery.court_until"])
    body = f"Поступило возражение. Спор решает {case.terms.reading('court.name')}; последний день обращения {court}."
    return _settled(case, status, _both(case, "decision_contested", f"Решение по {case.number} оспорено", body))


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
        documents=[paper(case, "costs_assignment", "Распределение расходов", fields)],
        letters=_both(case, "costs", f"Расходы по апелляции {case.number}", body),
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
    result = RESULT_NAMES[str(case["verdict.result"])]
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
        records=[journal_row(case, status, Решение=result, Оспорено=case.get("submission.contested_decision", ""))],
        tells=tells,
    )


def _both(case: Case, kind: str, subject: str, body: str) -> list[Letter]:
    return [*to_sender(case, kind, subject, body), *to_role(case, "head", kind, subject, body)]


def _signature(case: Case, party: str) -> str:
    said = case[SIGNATURES[party]]
    if said["signature"] == "SIGNED":
        return f"{party}: подписано"
    return f"{party}: отказ от подписи, причина: {said['reason']}; свидетель {said['witness']}"


def _annex(case: Case, row: Mapping[str, Any]) -> Document:
    title = f"Закрытое приложение: {row['title']}"
    return paper(case, "protocol_annex", title, {"Содержание": row["text"]}, confidential=True)
