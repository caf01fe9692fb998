"""Programme and plan of a control: what it looks at, agreed by the holder and approved by the head."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.steps import Case, Document, Outcome, Refused, guard, step
from handlers.audit_plan import check as check_plan
from handlers.client_file import (
    APPLICANT,
    HEAD,
    LEADER,
    ROLE_NAMES,
    SITE_STATUSES,
    day,
    head_of_body,
    members,
    name_of,
    organisation,
    paper,
    shown,
    team_titles,
    to_applicant,
    with_role,
)
from handlers.control import SHEET_PATHS
from rules.audit_table import exact

OBJECTS = {
    "audits_review": "результаты внутренних аудитов и анализа руководства",
    "complaints": "жалобы и рекламации",
    "improvement": "планы улучшения",
    "changes": "изменения",
    "certificate_use": "использование сертификата",
    "corrective_actions": "корректирующие действия",
    "effectiveness": "записи о результативности",
    "mark": "применение знака",
}
"""The eight objects of a planned control (C-118)."""


@guard(refuses=("OBJECTS_MISSING", "TRIGGER_OBJECT_MISSING"), requirements=("C-118", "C-122"))
def programme(case: Case, values: Mapping[str, Any]) -> None:
    """Demand all eight objects of a planned control, and of an unplanned one what its cause points at.

    Source:  C L205-213, L217 (C-118, C-122)
    """
    if not case["surveillance.is_planned"]:
        if not values.get("trigger_objects"):
            raise Refused(
                "TRIGGER_OBJECT_MISSING", "Назовите хотя бы один объект, связанный с поводом.", field="trigger_objects"
            )
        return
    missing = [name for key, name in OBJECTS.items() if key not in values.get("objects", ())]
    if missing:
        raise Refused("OBJECTS_MISSING", "В программе нет: {objects}.", field="objects", objects=", ".join(missing))


@guard(
    refuses=(
        *("SITE_NOT_PLANNED", "SITE_STATUS_MISSING", "NOT_IN_TEAM", "TRAINEE_ALONE", "DATES_OUTSIDE_ORDER"),
        *("DATES_NOT_AGREED", "TIME_TOO_SHORT"),
    ),
    requirements=("C-118", "C-123", "C-124"),
)
def check(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a plan as for an audit, and one outside the dates that were told or agreed. Source: C L218 (C-123)."""
    check_plan(case, values)
    begins, ends = case["control_dates.date_from"], case["control_dates.date_to"]
    if values["date_from"] < begins or values["date_to"] > ends:
        raise Refused(
            "DATES_NOT_AGREED",
            "План выходит за даты {begins} – {ends}.",
            field="date_from",
            begins=shown(begins),
            ends=shown(ends),
        )
    _demand_time(case, values)


def _demand_time(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a plan in which auditors have fewer days at the sites than the calculated time asks for.

    A day of one auditor is an audit day; experts and trainees do not count. Source: IAF MD 5 (a third of the initial
    time a year; four fifths of it at the sites); readings md5.surveillance_ratio, md5.onsite_min_ratio
    """
    days = case.get("surveillance.days")
    if not days:
        return
    counted = set(with_role(case, "leader", "auditor"))
    planned = len({(row["day"], row["auditor"]) for row in values["items"] if row["auditor"] in counted})
    least = exact(days) * exact(case.terms.reading("md5.onsite_min_ratio"))
    if planned < least:
        raise Refused(
            "TIME_TOO_SHORT",
            "Время контроля {days} дн., на площадках не меньше {least} дн.; в плане дней эксперта-аудитора {planned}.",
            field="items",
            days=f"{days:g}".replace(".", ","),
            least=f"{float(least):g}".replace(".", ","),
            planned=planned,
        )


@step(
    writes=(*SHEET_PATHS, "team_members", "checklist_authors", "observers", "act_signers"),
    makes=("control_programme", "control_plan"),
    requirements=("C-116", "C-118", "C-122", "C-123", "C-124"),
)
def send(case: Case) -> Outcome:
    """Draw up programme and plan and send them to the holder, after the notice, and ask for escorts.

    Writes:  control_sheet.text  what holder and head read; team_members, checklist_authors, observers, act_signers
             logins for the fieldwork, as for an audit
    Source:  C L218-219 (C-123, C-124)
    """
    plan = case["control_plan"]
    days = case.get("surveillance.days")
    time = [f"Время контроля: {days:g} дн.".replace(".", ",", 1)] if days else []
    lines = [*time, "Объекты:", *(f"– {each}" for each in _objects(case)), "Работы:"]
    lines += [
        f"– {shown(row['day'])}, {row['site']}: {row['process']} ({name_of(case, row['auditor'])})"
        for row in sorted(plan["items"], key=lambda row: day(row["day"]))
    ]
    everybody = [login for login, _ in members(case)]
    body = (
        f"Направляем проекты программы и плана контроля с {shown(plan['date_from'])} по {shown(plan['date_to'])}. "
        "Просим согласовать их и назначить сопровождающих."
    )
    return Outcome(
        data={
            "control_sheet": {**case["control_sheet"], "text": "\n".join(lines)},
            "team_members": everybody,
            "checklist_authors": with_role(case, "leader", "auditor", "expert"),
            "observers": everybody,
            "act_signers": with_role(case, "expert", "trainee"),
        },
        documents=_papers(case),
        letters=(
            to_applicant(
                case,
                "control_plan_agreement",
                "Проект программы и плана контроля",
                body,
                encloses=("control_programme", "control_plan"),
            ),
        ),
    )


def _objects(case: Case) -> list[str]:
    values = case["control_programme"]
    return [OBJECTS[each] for each in values.get("objects", ())] + [
        f"{row['object']} (повод: {row['why']})" for row in values.get("trigger_objects", ())
    ]


def _papers(case: Case) -> tuple[Document, Document]:
    """Return programme and plan for their three signers; the leader who draws them up signs them by that."""
    programme_values, plan = case["control_programme"], case["control_plan"]
    signers = [head_of_body(case), organisation(case), *team_titles(case, "leader")]
    programme_paper = paper(
        case,
        "control_programme",
        "Программа инспекционного контроля",
        {
            "Цели": programme_values["goals"],
            "Объекты": _objects(case),
            "Элементы системы": list(programme_values["elements"]),
            "Подразделения": [row["unit"] for row in programme_values["units"]],
        },
        signers,
        own=LEADER,
        must_sign=(APPLICANT, HEAD),
    )
    fields: dict[str, Any] = {
        "Сроки": f"{shown(plan['date_from'])} – {shown(plan['date_to'])}",
        "Площадки": [
            {"Площадка": row["site"], "Статус": SITE_STATUSES[row["status"]], "Причина": row.get("reason", "")}
            for row in plan["sites"]
        ],
        "Работы": [
            {
                "День": shown(row["day"]),
                "Площадка": row["site"],
                "Процесс": row["process"],
                "Проверяет": name_of(case, row["auditor"]),
            }
            for row in plan["items"]
        ],
        "Сопровождающие": "Назначает организация",
    }
    plan_paper = paper(
        case,
        "control_plan",
        "План инспекционного контроля",
        fields,
        signers,
        own=LEADER,
        must_sign=(APPLICANT, HEAD),
    )
    return programme_paper, plan_paper


@step(writes=("meeting.participants",), requirements=("C-116", "C-118", "C-122", "C-124"))
def issue(case: Case) -> Outcome:
    """Give the holder a copy of programme and plan, signed by both sides, and lay out who meets.

    Writes:  meeting.participants  rows {"name", "position"} for the minutes of both meetings, escorts included
    Source:  C L219 (C-124)
    """
    agreed = case["control_agreement"]
    body = (
        "Направляем ваш экземпляр утверждённых программы и плана контроля. Пожалуйста, предупредите подразделения и "
        "сопровождающих."
    )
    letter = to_applicant(
        case, "control_plan_copy", "Программа и план контроля", body, encloses=("control_programme", "control_plan")
    )
    client = {"name": agreed["signed_by"], "position": "представитель организации"}
    escorts = [{"name": row["name"], "position": row["position"]} for row in agreed.get("escorts", ())]
    team = [{"name": name_of(case, login), "position": ROLE_NAMES[role]} for login, role in members(case)]
    return Outcome(data={"meeting": {"participants": [client, *escorts, *team]}}, letters=(letter,))
