"""What every control must establish, and what it does to earlier protocols: effectiveness, results, coverage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.steps import Case, Outcome, Record, Refused, guard, step
from handlers.audit_time import evidence, initial_time
from handlers.client_file import LEADER, OFFICER, is_integrated, paper, standards, team_titles, to_applicant
from handlers.held import own
from handlers.holder import CONTROL_DAYS, control_record
from rules.audit_split import Shares, cycle_time
from rules.verdict import NotPossible

POINTS = {
    "closure": "Устранение прежних несоответствий",
    "goals": "Достижение целей и результативность",
    "customers": "Потребители и улучшения",
    "audits": "Внутренние аудиты и оценка системы",
    "ems_legal": "Экология: правовые требования",
    "ems_policy": "Экология: политика и соблюдение",
    "ems_penalties_note": "Экология: оценка штрафных санкций",
}
_EMS = {"ems_legal": "правовые требования", "ems_policy": "политика", "ems_penalties": "штрафные санкции"}
_INTEGRATION = {"none": "не интегрированы", "partial": "частичная", "full": "полная", "": "не указана"}


@guard(
    refuses=("EMS_UNANSWERED", "INTEGRATION_MISSING", "EFFECTIVENESS_MISSING", "NOTIFICATION_MISSING"),
    requirements=("C-085", "C-089", "C-112", "C-113", "C-114"),
)
def check(case: Case, values: Mapping[str, Any]) -> None:
    """Demand a conclusion on each point, on each earlier action and on each earlier notification.

    Refuses: EMS_UNANSWERED         an environmental system without its three answers
             INTEGRATION_MISSING    several systems without their degree of integration
             EFFECTIVENESS_MISSING  an earlier nonconformity is not judged
             NOTIFICATION_MISSING   an earlier notification has no result
    Source:  C L163, L167, L194-201 (C-085, C-089, C-112 to C-114)
    """
    unanswered = [name for key, name in _EMS.items() if not values.get(key)]
    if "ISO 14001" in standards(case) and unanswered:
        raise Refused(
            "EMS_UNANSWERED", "Экология без ответа: {points}.", field="ems_legal", points=", ".join(unanswered)
        )
    if is_integrated(case) and not values.get("integration"):
        raise Refused("INTEGRATION_MISSING", "Укажите степень интегрированности систем.", field="integration")
    _demand_all(case, "nonconformities", values.get("effectiveness", ()), "effectiveness", "EFFECTIVENESS_MISSING")
    _demand_all(case, "notifications", values.get("notifications", ()), "notifications", "NOTIFICATION_MISSING")


def _demand_all(case: Case, kind: str, given: Sequence[Mapping[str, Any]], field: str, code: str) -> None:
    said = {(row["case"], row["number"]) for row in given}
    left = [row["number"] for row in case[f"control_sheet.{kind}"] if (row["case"], row["number"]) not in said]
    if left:
        raise Refused(code, "Нет вывода по: {numbers}.", field=field, numbers=", ".join(left))


@step(
    writes=tuple(
        f"control_results.{name}" for name in ("section5", "effective", "integration_changed", "integration_text")
    ),
    requirements=("C-085", "C-089", "C-112", "C-113", "C-114", "C-116"),
)
def record(case: Case) -> Outcome:
    """Mark earlier protocols in item 4, prepare section 5 of the act, and enter what was looked at.

    Reads:   control_points (form), surveillance
    Writes:  control_results  {"section5": text, "effective": all earlier actions are, "integration_changed": bool,
             "integration_text"}; journals `protocols` (item 4 effective, result of a notification) and `coverage`
    Source:  C L163, L167, L194-203 (C-085, C-089, C-112 to C-116)
    """
    values = case["control_points"]
    judged, notified = values.get("effectiveness", ()), values.get("notifications", ())
    was, now = case["surveillance.integration"], values.get("integration", "")
    changed = is_integrated(case) and bool(was) and was != now
    section5 = "; ".join(f"{row['number']}: {row['result']}" for row in notified)
    results = {
        "section5": section5,
        "effective": all(row["effective"] for row in judged),
        "integration_changed": changed,
        "integration_text": f"Была {_INTEGRATION[was]}, стала {_INTEGRATION[now]}." if changed else "Не изменилась.",
    }
    fields: dict[str, Any] = {title: values[key] for key, title in POINTS.items() if values.get(key)}
    fields |= {
        "Прежние действия": [
            {"Номер": row["number"], "Результативны": "Да" if row["effective"] else "Нет", "Основание": row["note"]}
            for row in judged
        ],
        "Уведомления": [{"Номер": row["number"], "Результат": row["result"]} for row in notified],
        "Степень интегрированности": results["integration_text"] if is_integrated(case) else "Не применимо",
    }
    document = paper(
        case, "control_points", "Выводы по пунктам контроля", fields, team_titles(case, "leader"), own=LEADER
    )
    records = [
        *(_protocol(case, row, {"П. 4 результативно": "да" if row["effective"] else "нет"}) for row in judged),
        *(_protocol(case, row, {"Результат уведомления": row["result"]}) for row in notified),
        _coverage(case, values),
    ]
    return Outcome(data={"control_results": results}, documents=(document,), records=records)


def _protocol(case: Case, row: Mapping[str, Any], marks: Mapping[str, str]) -> Record:
    key = f"{row['case']}:{row['number']}"
    known = next((each for each in case.registers("journals/protocols") if each["_key"] == key), None)
    fields = own(known or {}) or {"Дело": row["case"], "Номер": row["number"], "Значимость": "", "Описание": ""}
    by = team_titles(case, "leader")[0]
    return Record(
        journal="protocols",
        key=key,
        fields={**fields, **marks, "Оценено контролем": case.number, "Оценил": by, "Оценено": case.today.isoformat()},
    )


def _coverage(case: Case, values: Mapping[str, Any]) -> Record:
    control = case["surveillance"]
    fields = {
        "Сертификат": control["certificate"],
        "Цикл": control["decided_on"],
        "Дело": case.number,
        "Элементы": list(values["elements"]),
        "Подразделения": sorted({*case["sampling.selected"], *(row["unit"] for row in values["units"])}),
    }
    return Record(journal="coverage", key=f"{control['certificate']}:{case.number}", fields=fields)


@step(requirements=("C-114",))
def recalculated(case: Case) -> Outcome:
    """Calculate the coming audits anew after integration has changed, and enter their days in the journal of cycles.

    Reads:   duration_aspects (form); application.standards, the tables of IAF MD 5
    Writes:  document duration_recalculation with everything that explains it; journal `cycle`  the days of a control
             and of the recertification. Beyond the tables the head sets the time when the next audit is planned.
    Source:  C L201 (C-114); IAF MD 5, MD 11
    """
    values, number = case["duration_aspects"], case["surveillance.certificate"]
    fields: dict[str, Any] = {"Что изменилось": case["control_results.integration_text"]}
    records = [control_record(case, "RECALCULATED")]
    try:
        initial = initial_time(case, values)
    except NotPossible as error:
        fields["Расчёт"] = error.why.message
    else:
        cycle = cycle_time(initial.final, Shares.of_profile(case.terms.reading))
        days = {CONTROL_DAYS: float(cycle.surveillance), "Ресертификация, дней": float(cycle.recertification)}
        fields |= {**evidence(values, initial), **days}
        known = next((own(row) for row in case.register("journals/cycle", _key=number)), {})
        records.append(Record(journal="cycle", key=number, fields={**known, **days}))
    document = paper(
        case,
        "duration_recalculation",
        "Перерасчёт продолжительности",
        fields,
        (f"{case.actor.name}, ответственный исполнитель",),
        own=OFFICER,
    )
    body = "Степень интегрированности систем изменилась: продолжительность следующих аудитов пересчитана."
    letter = to_applicant(
        case, "duration_recalculation", "Перерасчёт продолжительности", body, encloses=("duration_recalculation",)
    )
    return Outcome(documents=(document,), letters=(letter,), records=records)
