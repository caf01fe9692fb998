"""The decision on certification: an independent decider by order, one criterion, three years at most."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.steps import Case, Document, Outcome, Refused, guard, step
from handlers.application import not_accredited
from handlers.client_file import DECIDER, day, paper, refuse, shown, standards, works_row
from handlers.corrective_actions import open_numbers
from handlers.decider import appointed, refuse_involved, refuse_unfit
from handlers.refused import REFUSED, refused
from handlers.signatures import demand_signatures
from rules.certificates import full_expiry, recertified_expiry
from rules.corrective import needs_repeat_stage2
from rules.decision import (
    CaseFile,
    Reason,
    grant_denied,
    reasons_denied,
    validity_denied,
)
from rules.findings import Conclusion
from rules.one_valid import LIVE, services
from rules.renewal import window_closed
from rules.verdict import Denied, denied


@guard(refuses=("NOT_INDEPENDENT", "COMPETENCE_MISSING"), requirements=("C-093", "C-102"))
def appointable(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a decider who took part in the audit, decided this case before, or is not evaluated for all of it.

    Source:  C L174-175, L179 (C-093, C-102)
    """
    refuse_unfit(case, values["person"], kept_out="first_decider")


@step(writes=("decision_draft.reasons", "decision_draft.valid_until"), requirements=("C-093", "C-100", "C-102"))
def appoint(case: Case) -> Outcome:
    """Let the appointed auditor join the case as its decider, by the director's order.

    Reads:   decider_order (form)
    Writes:  decision_draft.reasons  a row for each standard, since nothing but its fulfilment is a reason (C-100)
             decision_draft.valid_until  the longest term that a decision of today may grant
    Source:  C L177-179 (C-100, C-102)
    """
    draft = {
        "reasons": [{"standard": standard} for standard in standards(case)],
        "valid_until": _longest(case).isoformat(),
    }
    return appointed(case, {"decision_draft": draft})


def _longest(case: Case) -> date:
    if case.get("renewal.eve"):
        basis = case.terms.reading("recert.expiry_basis")
        return recertified_expiry(day(case["held.expires_on"]), case.today, basis=basis)
    longest, reading = str(case.terms.reading("cert.max")), case.terms.reading("cert.expiry")
    return full_expiry(case.today, longest=longest, reading=reading)


@guard(
    refuses=(
        "UNSIGNED_DOCUMENT",
        "NOT_INDEPENDENT",
        "NOT_CONFORMING",
        "NOT_VERIFIED",
        "REPEAT_STAGE2",
        "CRITERION_NOT_ALLOWED",
        "REASON_MISSING",
        "REASONS_CONTRADICT",
        "VALIDITY_TOO_LONG",
        "VALIDITY_TOO_SHORT",
        "NEW_PROCESS_ONLY",
        "EXPIRY_TOO_LATE",
        "CERTIFICATE_CLASH",
        "OUT_OF_SCOPE",
    ),
    requirements=("C-001", "C-093", "C-095", "C-097", "C-100", "C-146", "C-149"),
)
def check(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a decision that the file does not carry.

    Refuses: NOT_CONFORMING, NOT_VERIFIED  a grant over open nonconformities
             REPEAT_STAGE2                 a significant one was verified too late (ISO/IEC 17021-1 9.5.3.2)
             REASONS_CONTRADICT and others  reasons are clauses of the case's standards, and carry the outcome
             VALIDITY_TOO_LONG             more than three years from today
             EXPIRY_TOO_LATE               a recertified certificate beyond the end of its next cycle
             NEW_PROCESS_ONLY              the six months after the expiry are over
             CERTIFICATE_CLASH             the holder has a valid certificate for a service of the same standard
             OUT_OF_SCOPE                  a grant for what the body is not accredited for today
    Source:  C L174-177 (C-093, C-095, C-097, C-100), L254-256 (C-146, C-149); readings cert.max, major.policy,
             recert.expiry_basis
    """
    demand_signatures(case)
    refuse_involved(case, kept_out="first_decider")
    reasons = [
        Reason(standard=row["standard"], clause=row["clause"], is_fulfilled=row["fulfilled"])
        for row in values["reasons"]
    ]
    if values["outcome"] == "grant":
        file = CaseFile(conclusion=Conclusion(case["act.conclusion"]), open_numbers=open_numbers(case))
        refuse(case, grant_denied(file), field="outcome")
        _refuse_stale_closure(case)
        refuse(case, not_accredited(case), field="outcome")
        refuse(case, _validity_denied(case, day(values["valid_until"])), field="valid_until")
        _refuse_overlap(case)
    refuse(case, reasons_denied(values["outcome"], reasons, standards(case)), field="reasons")


def _refuse_overlap(case: Case) -> None:
    """Refuse a second certificate for what the holder has certified already, where the body does not replace it.

    Source: ISO/IEC 17021-1 8.2; C L243, L248: a certificate is issued in place of another; reading cert.overlap
    """
    if case.get("renewal.eve") or case.terms.reading("cert.overlap") == "replace":
        return
    application = case["application"]
    for row in case.registers("journals/certificates"):
        same = row.get("БИН") == application["bin"] and set(row.get("Стандарты", ())) & set(standards(case))
        shared = services(str(row.get("Область", ""))) & services(str(application.get("scope", "")))
        if same and shared and row["Статус"] in LIVE and case.today <= day(row["Действует до"]):
            raise Refused(
                "CERTIFICATE_CLASH",
                "По этой области у держателя действует сертификат {number}: нужна ресертификация, а не новая работа.",
                field="outcome",
                number=row["_key"],
            )


def _validity_denied(case: Case, valid_until: date) -> Denied | None:
    """Refuse a term beyond three years from today, or for a held certificate beyond its next cycle (C-095, C-146)."""
    if not case.get("renewal.eve"):
        return validity_denied(case.today, valid_until, longest=str(case.terms.reading("cert.max")))
    held = day(case["held.expires_on"])
    window = str(case.terms.due("restore.window", held).duration)
    too_late = window_closed(held, case.today, window=window)
    if too_late is not None:
        return too_late
    latest = recertified_expiry(held, case.today, basis=case.terms.reading("recert.expiry_basis"))
    if held < valid_until <= latest:
        return None
    return denied("EXPIRY_TOO_LATE", "Срок после ресертификации: позже прежнего и не позже {latest}.", latest=latest)


def _refuse_stale_closure(case: Case) -> None:
    """Refuse a grant when a significant nonconformity was verified later than six months after stage 2."""
    verified, last_day = case.get("ca_status.verified_on"), case.get("stage2.last_day")
    if not verified or not last_day:
        return
    within = str(case.terms.due("major.restage2_after", day(last_day)).duration)
    if needs_repeat_stage2(day(last_day), case.get("grading.significant", 0) > 0, day(verified), within=within):
        raise Refused(
            "REPEAT_STAGE2",
            "Значительное несоответствие проверено позже шести месяцев после этапа 2: нужен повторный этап 2.",
            field="outcome",
        )


@step(
    writes=("decision.decided_on", "decision_register.result", "decision_register.decider", "decision_register.status",
            *REFUSED),
    requirements=("C-004", "C-095", "C-096", "C-100", "C-101"),
)  # fmt: skip
def record(case: Case) -> Outcome:
    """Draw up the decision and enter result and decider in the journal of works.

    Reads:   decision (form)
    Writes:  decision.decided_on  ISO date; decision_register  {"result", "decider": name, "status"}; refused
    Source:  C L175-178 (C-095 to C-101)
    """
    values = case["decision"]
    granted = values["outcome"] == "grant"
    result = "Выдать сертификат" if granted else "Отказать в выдаче сертификата"
    register = {"result": result, "decider": case.actor.name, "status": "GRANTED" if granted else "APPEALABLE"}
    row = works_row(
        case,
        "Решение принято",
        **{"Решение по результатам": result, "Принял решение": case.actor.name, "Статус": register["status"]},
    )
    return Outcome(
        data={"decision": {**values, "decided_on": case.today.isoformat()}, "decision_register": register}
        | ({} if granted else _refusal(case)),
        documents=(_document(case, result, granted=granted),),
        records=(row,),
    )


def _refusal(case: Case) -> dict[str, Any]:
    reasons = [
        f"{row['standard']}, {row['clause']}: {row.get('note', 'не выполнено')}"
        for row in case["decision.reasons"]
        if not row["fulfilled"]
    ]
    again = "Повторный аудит возможен на договорной основе по новой заявке."
    return refused(case, "в выдаче сертификата", reasons, again)


def _document(case: Case, result: str, *, granted: bool) -> Document:
    values = case["decision"]
    fields: dict[str, Any] = {
        "Решение": result,
        "Дата": shown(case.today),
        "Основания": [
            {
                "Пункт": f"{row['standard']}, {row['clause']}",
                "Выполнено": "Да" if row["fulfilled"] else "Нет",
                "Вывод": str(row.get("note", "")),
            }
            for row in values["reasons"]
        ],
        "Назначен приказом": f"{case['decider_order.number']} от {shown(case['decider_order.dated'])}",
        "Загрузка в ИС": values["is_receipt"],
    }
    if granted:
        fields["Сертификат действует до"] = shown(values["valid_until"])
    kind = "decision_grant" if granted else "decision_refusal"
    return paper(
        case, kind, f"Решение: {result.lower()}", fields, (f"{case.actor.name}, эксперт-аудитор",), own=DECIDER
    )
