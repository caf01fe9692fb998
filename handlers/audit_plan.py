"""The plan of stage 2: every site of the sample, people of the team alone, four kinds of signature."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.steps import Case, Document, Outcome, Refused, guard, step
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
    to_role,
    with_role,
)
from rules.durations import last_day


@guard(
    refuses=("SITE_NOT_PLANNED", "SITE_STATUS_MISSING", "NOT_IN_TEAM", "TRAINEE_ALONE", "DATES_OUTSIDE_ORDER"),
    requirements=("C-024", "C-050"),
)
def check(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a plan that leaves out a site, names a stranger, or leaves the dates of the order.

    Refuses: SITE_NOT_PLANNED     a site of the sample has no work in the plan
             SITE_STATUS_MISSING  a site of the application has no status, or is left out without a reason
             NOT_IN_TEAM          somebody who is not in the team, or whose part is on hold
             TRAINEE_ALONE        a trainee is the only one at a site
             DATES_OUTSIDE_ORDER  a day before the first or after the last of the audit
    Source:  C L38, L110, L115 (C-024, C-046, C-050)
    """
    _demand_sites(case, values)
    _demand_people(case, values)
    outside = [row["day"] for row in values["items"] if not values["date_from"] <= row["day"] <= values["date_to"]]
    if outside or values["date_from"] < case["team.date_from"]:
        raise Refused("DATES_OUTSIDE_ORDER", "Дни плана выходят за сроки аудита. Исправьте дни.", field="items")


def _demand_sites(case: Case, values: Mapping[str, Any]) -> None:
    planned = {row["site"] for row in values["items"]}
    missing = [site for site in case["sampling.selected"] if site not in planned]
    if missing:
        raise Refused(
            "SITE_NOT_PLANNED",
            "В плане нет работ на площадках: {sites}. Добавьте их.",
            field="items",
            sites=", ".join(missing),
        )
    told = {
        row["site"]
        for row in values["sites"]
        if row["status"] != "SAMPLED_OUT_WITH_REASON" or str(row.get("reason", "")).strip()
    }
    silent = [row["name"] for row in case["application.sites"] if row["name"] not in told]
    if silent:
        raise Refused(
            "SITE_STATUS_MISSING",
            "Нет статуса или причины для площадок: {sites}.",
            field="sites",
            sites=", ".join(silent),
        )


def _demand_people(case: Case, values: Mapping[str, Any]) -> None:
    team = dict(members(case))
    for row in values["items"]:
        login = row["auditor"]
        if login not in team or login in case.members("on_hold"):
            raise Refused("NOT_IN_TEAM", "{name} не участвует в этом аудите.", field="items", name=name_of(case, login))
    for site in {row["site"] for row in values["items"]}:
        if all(team[row["auditor"]] == "trainee" for row in values["items"] if row["site"] == site):
            raise Refused(
                "TRAINEE_ALONE",
                "На площадке «{site}» только стажёр. Добавьте эксперта-аудитора.",
                field="items",
                site=site,
            )


@step(
    writes=("plan_sheet.text", "plan_signers", "team_members", "checklist_authors", "observers", "act_signers"),
    makes=("audit_plan",),
    requirements=("C-004", "C-050", "C-051", "C-052", "C-074"),
)
def send(case: Case) -> Outcome:
    """Draw up the plan, send it to the client and say who of the team does and signs what.

    Reads:   plan (form), stage1.concluded_on; reading stage1.validity
    Writes:  plan_sheet.text    what the client agrees to, a line for each day's work
             plan_signers       logins of the technical experts (trainees do not sign the plan)
             team_members       everybody in the team: declarations
             checklist_authors  auditors and experts
             observers          everybody in the team: observations
             act_signers        experts and trainees, who sign act and report beside the leader
    Source:  C L115-117, L125, L150 (C-050 to C-052, C-057, C-074)
    """
    everybody = [login for login, _ in members(case)]
    letter = to_applicant(
        case,
        "plan_agreement",
        "Проект плана аудита",
        f"Направляем проект плана аудита с {shown(case['plan.date_from'])} по {shown(case['plan.date_to'])}. "
        "Проверьте, "
        "подходят ли вам дни, площадки и процессы, и подтвердите план в информационной системе или напишите, что "
        "изменить.",
        encloses=("audit_plan",),
    )
    stale = _stale_stage_one(case)
    stale = _stale_stage_one(case)
    lines = [*([stale] if stale else []), *_works(case)]
    return Outcome(
        data={
            "plan_sheet": {"text": "\n".join(lines)},
            "plan_signers": with_role(case, "expert"),
            "team_members": everybody,
            "checklist_authors": with_role(case, "leader", "auditor", "expert"),
            "observers": everybody,
            "act_signers": with_role(case, "expert", "trainee"),
        },
        documents=(_plan(case),),
        letters=(letter, *(to_role(case, "head", "stage_one_stale", "Этап 1 устарел", stale) if stale else ())),
    )


def _works(case: Case) -> list[str]:
    return [
        f"{shown(row['day'])}, {row['site']}: {row['process']} ({name_of(case, row['auditor'])})"
        for row in sorted(case["plan.items"], key=lambda row: day(row["day"]))
    ]


def _stale_stage_one(case: Case) -> str:
    """Say that stage 1 is older than the body allows before stage 2; a warning, for the source sets no limit.

    Source: C L93 (C-040); ISO/IEC 17021-1 9.3.1.2.4; reading stage1.validity
    """
    concluded = case.get("stage1.concluded_on")
    if not concluded:
        return ""
    last = last_day(day(concluded), str(case.terms.reading("stage1.validity")))
    if day(case["plan.date_from"]) <= last:
        return ""
    return (
        f"Заключению этапа 1 от {shown(concluded)} к началу этапа 2 больше срока: {shown(last)}. "
        "Проверьте, действительны ли ещё его выводы."
    )


def _plan(case: Case) -> Document:
    """Return the plan for its four kinds of signers; the leader who draws it up signs it by that."""
    plan = case["plan"]
    work = [
        {
            "День": shown(row["day"]),
            "Площадка": row["site"],
            "Процесс": row["process"],
            "Проверяет": name_of(case, row["auditor"]),
        }
        for row in sorted(plan["items"], key=lambda row: day(row["day"]))
    ]
    return paper(
        case,
        "audit_plan",
        "План аудита системы менеджмента",
        {
            "Цели": plan["objectives"],
            "Критерии": plan["criteria"],
            "Площадки": [
                {"Площадка": row["site"], "Статус": SITE_STATUSES[row["status"]], "Причина": row.get("reason", "")}
                for row in plan["sites"]
            ],
            "Работы": work,
        },
        [head_of_body(case), organisation(case), *team_titles(case, "leader", "expert")],
        own=LEADER,
        must_sign=(APPLICANT, *with_role(case, "expert"), HEAD),
    )


@step(writes=("meeting.participants",), requirements=("C-004", "C-052", "C-053"))
def issue(case: Case) -> Outcome:
    """Give the client a copy of the plan that everybody has signed, and lay out who meets.

    Reads:   plan_confirmation, plan_approval (forms)
    Writes:  meeting.participants  rows {"name", "position"} of client and team, for the minutes of both meetings
    Source:  C L116-118 (C-051 to C-053)
    """
    body = (
        f"Направляем экземпляр утверждённого плана аудита. Он передан вам {shown(case['plan_approval.delivered_on'])}."
    )
    letter = to_applicant(case, "plan_copy", "План аудита", body, encloses=("audit_plan",))
    client = {"name": case["plan_confirmation.signed_by"], "position": "представитель организации"}
    team = [{"name": name_of(case, login), "position": ROLE_NAMES[role]} for login, role in members(case)]
    return Outcome(data={"meeting": {"participants": [client, *team]}}, letters=(letter,))
