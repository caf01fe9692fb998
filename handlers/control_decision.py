"""The decision after a control, on the form of Appendix 24: what the result offers, who decides, what follows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.steps import Case, Outcome, Record, Refused, guard, step
from handlers.client_file import DECIDER, day, paper, refuse, shown, to_applicant
from handlers.decider import appointed, refuse_involved
from handlers.findings import reckoning
from handlers.held import own
from handlers.holder import (
    CONTROL_NAMES,
    GROUND_NAMES,
    certificate_row,
    control_record,
    demand_grounds,
    due_denied,
    exclusions_denied,
    one_month,
    status_case,
    suspension_limit,
)
from handlers.signatures import demand_signatures
from rules.findings import CONCLUSION_NAMES, Conclusion
from rules.surveillance import (
    OUTCOME_NAMES,
    SurveillanceResult,
    offered_outcomes,
    outcome_denied,
    suspend_or_withdraw,
)
from rules.surveillance import Outcome as Fate


@guard(refuses=("DATE_WRONG",), requirements=("C-129",))
def planned(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a plan that ends before it is made, or is dated in the future. Source: C L235 (C-129)."""
    if not values["answered_on"] <= min(values["done_on"], case.today.isoformat()):
        raise Refused("DATE_WRONG", "Даты плана и окончания действий идут не по порядку.", field="done_on")


def _result(case: Case) -> SurveillanceResult:
    return SurveillanceResult(
        reckoning=reckoning(case),
        corrected_in_time=case.get("ca_status.result") in (None, "VERIFIED"),
        earlier_actions_effective=bool(case["control_results.effective"]),
    )


def _month_is_up(case: Case) -> bool:
    """Whether corrective actions are due and take longer than the month: late, or planned so, or not planned.

    By the actual time, actions whose plan is longer are judged by the day: the month may not have passed yet.
    Source: C L235 (C-129); reading suspension.choice
    """
    if case.get("ca_status.result") == "LATE":
        return True
    if reckoning(case).conclusion is not Conclusion.NOT_CONFORMING:
        return False
    if case.terms.reading("suspension.choice") == "by_actual_time":
        verified = case.get("ca_status.verified_on")
        return suspend_or_withdraw(_closed_on(case), day(verified) if verified else case.today) is Fate.WITHDRAW
    done_on = case.get("actions_plan.done_on")
    return not done_on or suspend_or_withdraw(_closed_on(case), day(done_on)) is Fate.WITHDRAW


def _closed_on(case: Case) -> date:
    return day(case["closing_meeting.held_on"])


@step(
    writes=("control_offer.outcomes", "control_offer.proposed", "control_offer.text"),
    requirements=("C-125", "C-126", "C-128", "C-129"),
)
def appoint(case: Case) -> Outcome:
    """Let the appointed auditor join as decider, and say what the result of the control allows.

    Reads:   decider_order (form), grading, ca_status, control_results, actions_plan
    Writes:  control_offer  {"outcomes": those offered, "proposed": one of them, "text": why}
    Source:  C L220-225, L234-235 (C-125 to C-129); reading suspension.choice
    """
    result = _result(case)
    offered = offered_outcomes(result)
    gravest = Fate.WITHDRAW if _month_is_up(case) else Fate.SUSPEND
    proposed = Fate.CONFIRM if Fate.CONFIRM in offered else gravest
    facts = [
        f"Вывод: {CONCLUSION_NAMES[result.reckoning.conclusion]}.",
        "Действия выполнены в срок." if result.corrected_in_time else "Действия в срок не выполнены.",
        "Прежние действия результативны." if result.earlier_actions_effective else "Прежние действия не результативны.",
        f"Возможно: {', '.join(OUTCOME_NAMES[each] for each in offered)}. Предлагается: {OUTCOME_NAMES[proposed]}.",
    ]
    offer = {"outcomes": [each.value for each in offered], "proposed": proposed.value, "text": "\n".join(facts)}
    return appointed(case, {"control_offer": offer})


@guard(
    refuses=(
        "UNSIGNED_DOCUMENT",
        "NOT_INDEPENDENT",
        "OUTCOME_NOT_ALLOWED",
        "GROUND_MISSING",
        "REISSUE_UNDER_WAY",
        "MONTH_EXCEEDED",
        "DUE_TOO_LATE",
        "EXCLUSIONS_MISSING",
        "EXCLUSIONS_WRONG",
    ),
    requirements=("C-125", "C-126", "C-127", "C-128", "C-129", "C-156", "C-157"),
)
def check(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a decision that the result does not offer, or of somebody who took part.

    Refuses: OUTCOME_NOT_ALLOWED  confirming over open ends; anything but the gravest over a negative act
             MONTH_EXCEEDED       a suspension although the actions take longer than a month
             GROUND_MISSING       a suspension or withdrawal without a coded ground
             REISSUE_UNDER_WAY    a suspension for a reorganisation whose re-issue was asked for in time
             DUE_TOO_LATE         causes that may stay longer than the month (six months without nonconformities)
             EXCLUSIONS_MISSING, EXCLUSIONS_WRONG  a reduction that names nothing of the scope, or all of it
    Source:  C L220-225, L229-235, L270-274 (C-125 to C-129, C-156, C-157)
    """
    demand_signatures(case)
    refuse_involved(case)
    fate = Fate(values["outcome"])
    refuse(case, outcome_denied(fate, offered_outcomes(_result(case))), field="outcome")
    if fate in (Fate.SUSPEND, Fate.WITHDRAW):
        demand_grounds(case, case["surveillance.certificate"], values["outcome"], values["grounds"])
    if fate is Fate.SUSPEND:
        _demand_month(case, values)
    if fate is Fate.REDUCE:
        exclusions_denied(case.get("application.scope", ""), values["excluded"], field="excluded")


def _demand_month(case: Case, values: Mapping[str, Any]) -> None:
    if _month_is_up(case):
        raise Refused(
            "MONTH_EXCEEDED", "Действия занимают больше месяца: приостановить нельзя, отменяют.", field="outcome"
        )
    is_open = reckoning(case).conclusion is Conclusion.NOT_CONFORMING
    latest = one_month(case, _closed_on(case)) if is_open else suspension_limit(case, case.today)
    due_denied(case, values["due_on"], latest)


@step(
    writes=("control_decision.decided_on", "control_decision.decided_by"),
    requirements=("C-110", "C-125", "C-126", "C-133"),
)
def record(case: Case) -> Outcome:
    """Draw up the decision on the form of Appendix 24 and enter it in the journal of surveillance.

    Writes:  control_decision.decided_on  ISO date; control_decision.decided_by  login
    Source:  C L225 (C-126)
    """
    values = case["control_decision"]
    name = OUTCOME_NAMES[Fate(values["outcome"])]
    fields: dict[str, Any] = {
        "Решение": name,
        "Дата": shown(case.today),
        "Сертификат": case["surveillance.certificate"],
        "Контроль": CONTROL_NAMES[case["surveillance.kind"]],
        "Результат": case["control_offer.text"].splitlines(),
        "Основания": [GROUND_NAMES[each] for each in values.get("grounds", ())],
        "Выводы": values["reasons"],
        "Исключить из области": [row["item"] for row in values.get("excluded", ())],
        "Добавить к области": case.get("control_trigger.added_scope", "—"),
        "Загрузка в ИС": values["is_receipt"],
    }
    signer = f"{case.actor.name}, эксперт-аудитор, не участвовавший в контроле"
    document = paper(case, "control_decision", f"Решение (Приложение 24): {name}", fields, (signer,), own=DECIDER)
    decided = {**values, "decided_on": case.today.isoformat(), "decided_by": case.actor.login}
    row = control_record(case, "DECIDED", Решение=name, Решил=case.actor.name)
    return Outcome(data={"control_decision": decided}, documents=(document,), records=(row,))


@step(requirements=("C-110", "C-125", "C-126"))
def confirm(case: Case) -> Outcome:
    """Tell the holder that the certificate stays in force, and note it in both journals. Source: C L220 (C-125)."""
    number, decided = case["surveillance.certificate"], case["control_decision.decided_on"]
    body = f"По итогам контроля действие сертификата {number} подтверждено решением от {shown(decided)}."
    letter = to_applicant(
        case, "certificate_confirmed", f"Сертификат {number} подтверждён", body, encloses=("control_decision",)
    )
    records = [control_record(case, "CONFIRMED", **{"Решение от": decided})]
    known = certificate_row(case, number)
    if known is not None:
        records.append(Record(journal="certificates", key=number, fields={**own(known), "Подтверждён": decided}))
    return Outcome(letters=(letter,), records=records)


@step(requirements=("C-128", "C-132", "C-133", "C-156"))
def open_status(case: Case) -> Outcome:
    """Open the case on the status of the certificate with what was decided here.

    Reads:   control_decision, else refusal_decision, else overdue_decision (forms)
    Source:  C L220, L234-238, L270 (C-128 to C-133, C-156)
    """
    control = case.get("control_decision.decided_on")
    if control:
        values, initiator, by = case["control_decision"], "surveillance", case["control_decision.decided_by"]
        basis, decided = f"Решение по итогам контроля. {values['reasons']}", control
    elif case.get("refusal_stand.result") == "DECIDED":
        values, initiator, by = case["refusal_decision"], "refusal", case["refusal_stand.decided_by"]
        basis, decided = f"Отказ от планового контроля. {values['reasons']}", case["refusal_stand.decided_on"]
    else:
        values, initiator, by = case["overdue_decision"], "refusal", case.actor.login
        basis, decided = f"Контроль не проведён в срок. {values['reason']}", case.today.isoformat()
    return status_case(
        case,
        {
            "initiator": initiator,
            "action": values["outcome"],
            "basis": basis,
            "decided_on": decided,
            "decided_by": by,
            "decider": by if control else None,
            "grounds": values.get("grounds"),
            "due_on": values.get("due_on"),
            "excluded": values.get("excluded"),
        },
    )
