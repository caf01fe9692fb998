"""The protocol of an appeal: written, signed by secretary, chair and parties, opened, delivered.

Source: A 5.5, 6.9.4, 6.9.5, 6.10.15-6.10.18, 6.10.20 (A-017, A-018, A-071, A-075, A-077, A-091).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.steps import Case, Document, Outcome, Record, Refused, guard, step
from handlers.client_file import day, name_of, shown
from handlers.commission import panel_of
from handlers.item import RESULT_NAMES, paper, signed_now, to_parties
from handlers.received import APPELLANT, BODY

SIGNATURES = {APPELLANT: "appellant_signature", BODY: "body_signature"}


@guard(refuses=("DELAY_REASON_MISSING",), requirements=("A-018",))
def may_write(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a protocol of a late decision that gives no reason for the delay.

    Refuses: DELAY_REASON_MISSING
    Source:  A 5.5 (A-018)
    """
    if not case["verdict.on_time"] and not values.get("delay_reason"):
        raise Refused("DELAY_REASON_MISSING", "Месяц превышен: укажите причину.", field="delay_reason")


@step(writes=("appellant_signature", "body_signature"), requirements=("A-017", "A-075", "A-077"), makes=("protocol",))
def draft_protocol(case: Case) -> Outcome:
    """Put the protocol on paper, signed by the secretary who wrote it; confidential annexes are papers of their own.

    The chair must sign it; what a party does is settled by `settle_signatures`, for a party may refuse.
    Writes: appellant_signature and body_signature, empty: what was said of an earlier protocol no longer counts
    Source: A 6.9.5, 6.10.15, 6.10.16 (A-017, A-075, A-077)
    """
    protocol = case["appeal_protocol"]
    panel = panel_of(case)
    fields = {
        **_shared(case),
        "Изученные материалы": [str(row["title"]) for row in case["hearing_record.studied"]],
        "Опрошены": [f"{row['name']} ({row['capacity']})" for row in case["hearing_record.questioned"]],
        "Наблюдатели": _observers(case),
    }
    signers = (
        f"{name_of(case, case.actor.login)}, секретарь комиссии",
        f"{name_of(case, panel.chair)}, председатель комиссии",
    )
    title = f"Протокол № {protocol['number']}"
    annexes = [row for row in protocol.get("annexes", []) if row.get("confidential")]
    return Outcome(
        data={"appellant_signature": {}, "body_signature": {}},
        documents=[
            paper(
                case,
                "protocol",
                title,
                fields,
                signers=signers,
                must_sign=(case.actor.login, "role:commission_chair"),
                signed_by_actor=True,
                confidential=True,
            ),
            *(_annex(case, row) for row in annexes),
        ],
    )


@step(
    writes=("party_signatures.appellant", "party_signatures.body", "party_signatures.all_signed"),
    requirements=("A-077",),
)
def settle_signatures(case: Case) -> Outcome:
    """State what each party did with the protocol: SIGNED, REFUSED, or SILENT when the days for it are over.

    Writes:  party_signatures.appellant, party_signatures.body, party_signatures.all_signed
    Source:  A 6.9.5, 6.10.15 (A-077)
    """
    said = {party: _did_sign(case, form) for party, form in SIGNATURES.items()}
    known = {
        "appellant": said[APPELLANT],
        "body": said[BODY],
        "all_signed": set(said.values()) == {"SIGNED"},
    }
    return Outcome(data={"party_signatures": known})


@guard(refuses=("WITNESS_CONCERNED", "NOT_TODAY"), requirements=("A-077",))
def may_witness(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a witness who sits in the commission or speaks for a party, and a day that has not come.

    Refuses: WITNESS_CONCERNED, NOT_TODAY
    Source:  A 6.10.15 (A-077)
    """
    if day(values["refused_on"]) > case.today:
        raise Refused("NOT_TODAY", "Этот день ещё не наступил.", field="refused_on")
    panel = panel_of(case)
    concerned = (*panel.people, panel.secretary, *case.members("party"))
    names_of = {name_of(case, login).casefold() for login in concerned if login}
    for row in values["witnesses"]:
        if str(row["name"]).strip().casefold() in names_of:
            raise Refused(
                "WITNESS_CONCERNED",
                "{person} участвует в споре. Свидетель не член комиссии и не сторона.",
                field="witnesses",
                person=row["name"],
            )


@step(requirements=("A-077",), makes=("signature_refusal",))
def issue_refusal(case: Case) -> Outcome:
    """Put on paper who did not sign the protocol, why, and before which witnesses.

    Source: A 6.9.5, 6.10.15 (A-077)
    """
    noted = case["signature_refusal"]
    fields = {
        "Протокол": f"№ {case['appeal_protocol.number']}",
        "Когда": shown(noted["refused_on"]),
        "Не подписали": [
            _about_signature(case, party) for party, form in SIGNATURES.items() if _did_sign(case, form) != "SIGNED"
        ],
        "Обстоятельства": noted["circumstances"],
        "Свидетели": [f"{row['name']}, {row['office']}" for row in noted["witnesses"]],
    }
    signer = f"{name_of(case, case.actor.login)}, секретарь комиссии"
    refusal = paper(case, "signature_refusal", "Акт об отказе от подписи протокола", fields, **signed_now(case, signer))
    return Outcome(documents=[refusal])


@step(requirements=("A-075", "A-077", "A-091"), makes=("protocol_public",))
def publish_protocol(case: Case) -> Outcome:
    """Issue the public version of the signed protocol, without what is confidential.

    Source: A 6.9.5, 6.10.15-6.10.18 (A-075, A-077, A-091)
    """
    annexes = case["appeal_protocol"].get("annexes", [])
    open_annexes = {str(row["title"]): row["text"] for row in annexes if not row.get("confidential")}
    fields = {
        **_shared(case),
        **open_annexes,
        "Подписи": [
            "Председатель и секретарь комиссии: подписано",
            *(_about_signature(case, party) for party in SIGNATURES),
        ],
    }
    return Outcome(documents=[paper(case, "protocol_public", "Протокол, открытый вариант", fields)])


@step(
    writes=(
        "protocol_delivery.received_on",
        "protocol_delivery.court_until",
        "protocol_delivery.objections_until",
        "appellant_objection",
        "body_objection",
    ),
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
        data={"protocol_delivery": known, "appellant_objection": {}, "body_objection": {}},
        letters=to_parties(
            case, "appeal_reply", f"Решение по апелляции {case.number}", body, encloses=("appeal_decision",)
        ),
        records=[Record(journal="deliveries", key=f"{case.number}/протокол", fields=record)],
    )


def _shared(case: Case) -> dict[str, Any]:
    protocol = case["appeal_protocol"]
    return {
        "Номер": protocol["number"],
        "Дата": case["hearing_record.held_on"],
        "Содержание": protocol["course"],
        "Решение": RESULT_NAMES[str(case["verdict.result"])],
        "Резолютивная часть": case["appeal_decision.operative_part"],
    }


def _observers(case: Case) -> list[str]:
    said = (
        case.get("hearing_record.observers"),
        case.get("appellant_notice.observers"),
        case.get("body_notice.observers"),
    )
    return list(dict.fromkeys(str(each) for each in said if each)) or ["не было"]


def _did_sign(case: Case, form: str) -> str:
    said = case.get(f"{form}.signature")
    if said is None:
        return "SILENT"
    return "REFUSED" if said == "REFUSED" else "SIGNED"


def _about_signature(case: Case, party: str) -> str:
    form = SIGNATURES[party]
    match _did_sign(case, form):
        case "SIGNED":
            remarks = case.get(f"{form}.remarks")
            return f"{party}: подписано с замечаниями: {remarks}" if remarks else f"{party}: подписано"
        case "REFUSED":
            return f"{party}: отказ от подписи, причина: {case[f'{form}.reason']}"
        case _:
            return f"{party}: протокол в срок не подписан, причина не названа"


def _annex(case: Case, row: Mapping[str, Any]) -> Document:
    title = f"Закрытое приложение: {row['title']}"
    return paper(case, "protocol_annex", title, {"Содержание": row["text"]}, confidential=True)
