"""The time of an audit: who may calculate it, the calculation by the tables, its approval and its paper.

The audits of a running cycle take a share of what an initial audit of the organisation would take today.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from engine.steps import Case, Outcome, Refused, guard, step
from handlers.application import need_of
from handlers.client_file import (
    APPLICANT,
    HEAD,
    SITE_STATUSES,
    answers,
    head_of_body,
    organisation,
    paper,
    refuse,
    standards,
    to_applicant,
)
from handlers.sampling import visit_of
from rules.audit_split import Shares, cycle_time, time_of
from rules.audit_table import System, exact, system_of
from rules.audit_time import Adjustment, AuditTime, Demand, Limits, allocation_denied, audit_time
from rules.competence import evaluation_denied
from rules.integration import integration_reduction
from rules.sampling import Visit
from rules.verdict import NotPossible

BY_HAND = "MANUAL_AUDIT_TIME"
NAMES = {
    System.QUALITY: "Менеджмент качества",
    System.ENVIRONMENT: "Экологический менеджмент",
    System.HEALTH_AND_SAFETY: "Охрана труда",
}
"""How people who approve a calculation know the systems."""
AUDITS = {"surveillance": "инспекционный контроль, треть", "recertification": "ресертификация, две трети"}


def _calculate(case: Case, values: Mapping[str, Any]) -> AuditTime:
    """Return the time of the audit that this case is about; raises NotPossible."""
    return time_of(visit_of(case), initial_time(case, values), Shares.of_profile(case.terms.reading))


def initial_time(case: Case, values: Mapping[str, Any]) -> AuditTime:
    """Return what an initial audit of the organisation takes, as it is now; raises NotPossible."""
    complexity = {
        System.QUALITY: "",
        System.ENVIRONMENT: values.get("ems_complexity", ""),
        System.HEALTH_AND_SAFETY: values.get("ohs_complexity", ""),
    }
    systems = [system_of(standard) for standard in standards(case)]
    personnel = int(values["effective_personnel"])
    integration = integration_reduction(values["integration_level"], values["team_capability"])
    return audit_time(
        {system: case.registers(f"tables/{system}_initial") for system in systems},
        [Demand(system=system, personnel=personnel, complexity=complexity[system]) for system in systems],
        [Adjustment(reason=row["reason"], percent=exact(row["percent"])) for row in values.get("adjustments", [])],
        integration_percent=integration,
        limits=Limits.of_profile(case.terms.reading),
    )


@guard(
    refuses=("COMPETENCE_MISSING", "NO_COMPLEXITY", "PERSONNEL_INVALID", "REASON_MISSING", "INTEGRATION_INVALID"),
    requirements=("C-021", "C-026"),
)
def evaluated(case: Case, values: Mapping[str, Any]) -> None:
    """Let only an evaluated executor or the head calculate, from facts that the tables can take.

    A number beyond the tables is let through: the head then sets the time.
    Source: C L37, L52-60 (C-021, C-026)
    """
    refuse(
        case,
        evaluation_denied(case.registers("competence"), case.actor.login, "calculation", need_of(case), case.today),
    )
    try:
        _calculate(case, values)
    except NotPossible as error:
        if error.why.code != BY_HAND:
            refuse(case, error.why, field="effective_personnel")


@step(
    writes=(
        "audit_time.visit",
        "audit_time.initial",
        "audit_time.total",
        "audit_time.minimum",
        "audit_time.onsite",
        "audit_time.stage1",
        "audit_time.stage2",
        "audit_time.surveillance",
        "audit_time.recertification",
        "audit_time.base",
        "audit_time.integration_percent",
        "audit_time.edition",
        "audit_time.systems",
        "audit_time.warnings",
        "audit_time.summary",
    ),
    refuses=(BY_HAND,),
    requirements=("C-026", "C-027"),
)
def compute(case: Case) -> Outcome:
    """Calculate the audit time with everything that explains it.

    Reads:   duration_aspects (form), application.standards, the tables of IAF MD 5; of a recertification it makes two
             thirds of the initial time of the organisation as it is now, of a surveillance one third
    Writes:  audit_time  visit; days as numbers: initial, total, minimum (C-027), onsite (least), the stages and later
             audits, base (sum of table values); systems as rows; edition; warnings as sentences
    Refuses: MANUAL_AUDIT_TIME  the tables end below the number of people
    Source:  C L52-61 (C-026, C-027); IAF MD 5, MD 11
    """
    visit, shares = visit_of(case), Shares.of_profile(case.terms.reading)
    try:
        initial = initial_time(case, case["duration_aspects"])
    except NotPossible as error:
        facts: dict[str, Any] = dict(error.why.facts)
        raise Refused(error.why.code, error.why.template, **facts) from error
    time, cycle = time_of(visit, initial, shares), cycle_time(initial.final, shares)
    stages = cycle if visit is Visit.INITIAL else cycle_time(time.final, shares)
    systems = [
        {
            "system": each.system.value,
            "table": each.band.table,
            "band": f"{each.band.minimum}–{each.band.maximum}",
            "table_days": _number(each.band.days),
            "percent": _number(each.percent),
            "days": _number(each.days),
        }
        for each in time.systems
    ]
    result = {
        "visit": visit.value,
        "initial": _number(initial.final),
        "total": _number(time.final),
        "minimum": _number(time.final),
        "onsite": _number(time.onsite_min),
        "stage1": _number(stages.stage1),
        "stage2": _number(stages.stage2),
        "surveillance": _number(cycle.surveillance),
        "recertification": _number(cycle.recertification),
        "base": _number(time.base),
        "integration_percent": _number(time.integration_percent),
        "edition": time.edition,
        "systems": systems,
        "warnings": [warning.message for warning in time.warnings],
    }
    return Outcome(data={"audit_time": result | {"summary": _summary(result)}})


def _summary(result: Mapping[str, Any]) -> str:
    """The calculation in a few lines, for the people who approve it."""
    lines = [
        f"{NAMES[System(row['system'])]}, строка таблицы {row['band']}: {_said(row['table_days'])} дн., "
        f"с поправками {_said(row['percent'])} % — {_said(row['days'])} дн."
        for row in result["systems"]
    ]
    lines.append(f"Снижение за интеграцию: {_said(result['integration_percent'])} %.")
    if result["visit"] != Visit.INITIAL.value:
        lines.append(
            f"Первичный аудит такой организации занял бы {_said(result['initial'])} дн.; "
            f"{AUDITS[result['visit']]} — {_said(result['total'])} дн., на площадках не меньше "
            f"{_said(result['onsite'])} дн."
        )
        return "\n".join([*lines, *result["warnings"]])
    lines.append(
        f"Всего {_said(result['total'])} дн.: этап 1 — {_said(result['stage1'])}, этап 2 — {_said(result['stage2'])}; "
        f"на площадках не меньше {_said(result['onsite'])} дн."
    )
    return "\n".join([*lines, *result["warnings"]])


def _share(case: Case) -> dict[str, Any]:
    """What the paper of a later audit says beside that of an initial one."""
    visit = case.get("audit_time.visit", Visit.INITIAL.value)
    if visit == Visit.INITIAL.value:
        return {}
    return {"Первичный аудит такой организации, дней": case["audit_time.initial"], "Доля": AUDITS[visit]}


def _said(number: float) -> str:
    return f"{number:g}".replace(".", ",")


def _number(value: Fraction) -> float | int:
    return int(value) if value.denominator == 1 else float(value)


def evidence(values: Mapping[str, Any], initial: AuditTime) -> dict[str, Any]:
    """Return what explains a calculation, as a paper shows it: table, band and percent of each system, every reason."""
    return {
        "Издание таблиц": initial.edition,
        "Эффективная численность": f"{values['effective_personnel']}: {values['personnel_basis']}",
        "По стандартам": [
            {
                "Система": NAMES[each.system],
                "Численность по таблице": f"{each.band.minimum}–{each.band.maximum}",
                "По таблице, дней": _said(_number(each.band.days)),
                "С поправками, дней": _said(_number(each.days)),
            }
            for each in initial.systems
        ],
        "Поправки": [f"{row['reason']}: {_said(row['percent'])} %" for row in values.get("adjustments", [])],
        "Снижение за интеграцию, %": _number(initial.integration_percent),
        "Первичный аудит такой организации, дней": _number(initial.final),
    }


@guard(refuses=("TIME_BELOW_MINIMUM",), requirements=("C-027",))
def approve(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse less than the calculated time, or a time set by hand, without the head's reason. Source: C L61 (C-027)."""
    if values["outcome"] != "approve":
        return
    reason = str(values.get("override_reason", ""))
    try:
        time = _calculate(case, case["duration_aspects"])
    except NotPossible:
        if not reason:
            raise Refused(
                "TIME_BELOW_MINIMUM",
                "Таблица неприменима, время установлено вручную. Напишите обоснование.",
                field="override_reason",
            ) from None
        return
    by_head = case.actor.has_role("head")
    refuse(
        case,
        allocation_denied(exact(values["total"]), time, reason=reason, by_head=by_head),
        field="override_reason",
    )


@step(writes=("calculation_sheet.text",), makes=("audit_calculation",), requirements=("C-025", "C-026", "C-028"))
def issue(case: Case) -> Outcome:
    """Draw up the calculation of time and sampling and send it to the applicant for agreement.

    Reads:   duration_aspects, duration_approval, sampling_factors (forms), audit_time, sampling
    Writes:  calculation_sheet.text  what the applicant agrees to, in a sentence
    Source:  C L62 (C-028)
    """
    aspects = case["duration_aspects"]
    approved = case["duration_approval"]
    document = paper(
        case,
        "audit_calculation",
        "Расчёт продолжительности аудита и выборки площадок",
        {
            "Издание таблиц": case.get("audit_time.edition", "Время установлено руководителем"),
            "Эффективная численность": f"{aspects['effective_personnel']}: {aspects['personnel_basis']}",
            "По стандартам": [
                {
                    "Система": NAMES[System(row["system"])],
                    "Численность по таблице": row["band"],
                    "По таблице, дней": row["table_days"],
                    "Поправки, %": row["percent"],
                    "С поправками, дней": row["days"],
                }
                for row in case.get("audit_time.systems", [])
            ],
            "Аспекты": answers(case, "duration_aspects.aspects", "Аспект", "Как учтён"),
            "Поправки": [f"{row['reason']}: {_said(row['percent'])} %" for row in aspects.get("adjustments", [])],
            "Снижение за интеграцию, %": case.get("audit_time.integration_percent", 0),
            **_share(case),
            "Расчётное время, дней": case.get("audit_time.total", 0),
            "Часов в дне аудита": case.terms.reading("md5.hours_per_day"),
            "Утверждено, дней": approved["total"],
            "Обоснование отступления": approved.get("override_reason", ""),
            "Предупреждения": case.get("audit_time.warnings", []),
            "Выборка": case["sampling.reason"],
            "Площадки": [
                {"Площадка": row["site"], "Статус": SITE_STATUSES[row["status"]]} for row in case["sampling.statuses"]
            ],
            "Факторы выборки": answers(case, "sampling_factors.factors", "Фактор", "Как учтён"),
        },
        (head_of_body(case), organisation(case)),
        own=HEAD,
        must_sign=(APPLICANT,),
    )
    text = (
        f"Время аудита: {approved['total']} дн. {case['sampling.reason']} "
        f"Проверяются: {', '.join(case['sampling.selected'])}."
    )
    letter = to_applicant(
        case,
        "calculation_agreement",
        "Расчёт продолжительности аудита",
        f"Направляем расчёт продолжительности аудита. {text} Просим согласовать его в информационной системе или "
        "написать, с чем вы не согласны: договор заключается после согласования.",
        encloses=("audit_calculation",),
    )
    return Outcome(data={"calculation_sheet": {"text": text}}, documents=(document,), letters=(letter,))
