"""The plan of stage 2: sites, people, dates, signers."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.audit_plan import check, issue, send
from tests.handlers.certification_case import a_case, code_of

TEAM = {
    "leader": "auditor1",
    "members": [{"person": "expert1", "role": "expert"}, {"person": "trainee1", "role": "trainee"}],
    "date_from": "2026-03-16",
    "date_to": "2026-03-18",
}
DATA = {"team": TEAM, "sampling": {"selected": ["Завод"]}}
WORK = {"day": "2026-03-16", "site": "Завод", "process": "Закупки", "auditor": "auditor1"}
PLAN = {
    "objectives": "Оценить соответствие",
    "criteria": "ISO 9001",
    "date_from": "2026-03-16",
    "date_to": "2026-03-18",
    "sites": [{"site": "Завод", "status": "AUDITED"}],
    "items": [WORK],
}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"items": [WORK | {"site": "Склад"}]}, "SITE_NOT_PLANNED"),
        ({"sites": [{"site": "Завод", "status": "SAMPLED_OUT_WITH_REASON"}]}, "SITE_STATUS_MISSING"),
        ({"items": [WORK | {"auditor": "auditor4"}]}, "NOT_IN_TEAM"),
        ({"items": [WORK | {"auditor": "trainee1"}]}, "TRAINEE_ALONE"),
        ({"items": [WORK, WORK | {"auditor": "trainee1"}]}, None),
        ({"items": [WORK | {"day": "2026-03-19"}]}, "DATES_OUTSIDE_ORDER"),
        ({"date_from": "2026-03-13"}, "DATES_OUTSIDE_ORDER"),
    ],
)
def test_a_plan_covers_its_sites_with_people_of_the_team_in_the_ordered_days(
    changes: dict[str, Any], code: str | None
) -> None:
    assert code_of(check, a_case(DATA), PLAN | changes) == code


def test_somebody_on_hold_is_not_planned() -> None:
    case = a_case(DATA, groups={"on_hold": ["auditor1"]})

    assert code_of(check, case, PLAN) == "NOT_IN_TEAM"


def test_experts_sign_the_plan_and_trainees_do_not() -> None:
    lists = send(a_case(DATA | {"plan": PLAN})).data

    assert lists["plan_sheet"]["text"] == "16.03.2026, Завод: Закупки (Асель Тулегенова)"
    assert lists["plan_signers"] == ["expert1"]
    assert lists["act_signers"] == ["expert1", "trainee1"]
    assert lists["checklist_authors"] == ["auditor1", "expert1"]
    assert lists["team_members"] == lists["observers"] == ["auditor1", "expert1", "trainee1"]


def test_the_plan_waits_for_its_four_kinds_of_signers() -> None:
    (plan,) = send(a_case(DATA | {"plan": PLAN})).documents

    assert plan.signers == (
        "Гульнара Касымова, руководитель органа",
        "ТОО «Кентау-Бетон», заявитель",
        "Асель Тулегенова, руководитель группы",
        "Канат Дюсенов, технический эксперт",
    )
    assert plan.must_sign == ("role:team_leader", "role:applicant", "expert1", "role:head")
    assert plan.signed_by_actor


def test_the_client_gets_a_copy_of_the_approved_plan_and_is_asked_to_the_meetings() -> None:
    confirmed = {"signed_by": "Б. Оспанов", "is_receipt": "ИС-П-9", "confirmed_on": "2026-03-10"}
    data = DATA | {"plan": PLAN, "plan_confirmation": confirmed, "plan_approval": {"delivered_on": "2026-03-11"}}

    outcome = issue(a_case(data))

    assert outcome.documents == ()
    assert outcome.data["meeting"]["participants"][0]["name"] == "Б. Оспанов"
    assert [letter.kind for letter in outcome.letters] == ["plan_copy"]
