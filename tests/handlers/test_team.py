"""The team: competence, impartiality, contested members, the order."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.team import check, form, hold, keep, objection, order
from rules.competence import TEAM_FACTORS
from tests.handlers.certification_case import a_case, application, code_of

FACTORS = dict.fromkeys(TEAM_FACTORS, "Учтено")


def team(leader: str, *members: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return the values of the form for a leader and members."""
    dates = {"date_from": "2026-03-16", "date_to": "2026-03-18", "language": "русский"}
    return {"leader": leader, "members": list(members), "factors": FACTORS, "impartiality": "pass"} | dates | changes


def member(login: str, role: str = "auditor", **more: Any) -> dict[str, Any]:
    """Return a row of the form."""
    return {"person": login, "role": role, **more}


INSIDE = member("expert2", "expert")
OUTSIDE = member("expert1", "expert", external=True)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (team("auditor1"), None),
        (team("auditor1", member("auditor1")), "MEMBER_TWICE"),
        (team("auditor3"), "COMPETENCE_MISSING"),  # one auditor alone must know the client's field
        (team("auditor2"), "COMPETENCE_MISSING"),  # competent in none of the standards of the case
        (team("expert1"), "COMPETENCE_MISSING"),  # an expert leads nothing
        (team("auditor3", OUTSIDE | {"contract": "ДУ-2025/07"}), None),  # the expert brings the field
        (team("auditor3", OUTSIDE), "CONTRACT_MISSING"),
        (team("auditor3", OUTSIDE | {"contract": "ДУ-1999/01"}), "CONTRACT_MISSING"),
        (team("auditor1", INSIDE), "COMPETENCE_MISSING"),  # an expert of another field
        (team("auditor1", member("trainee1", "trainee")), None),
        (team("auditor1", factors=FACTORS | {"language": ""}), "FACTORS_MISSING"),
    ],
)
def test_a_team_covers_every_code_together_and_experts_count_for_fields_alone(
    values: dict[str, Any], code: str | None
) -> None:
    assert code_of(check, a_case(), values) == code


def test_a_former_employee_stays_out_for_two_years() -> None:
    tied = {"application": application(bin="120340005678", signer_bin="120340005678")}

    values = team("auditor1", member("auditor5"))

    assert code_of(check, a_case(tied, now="2026-11-30T10:00"), values) == "LINKED_TO_PARTY"
    assert code_of(check, a_case(tied, now="2026-12-01T10:00"), values) is None


def test_a_replaced_member_is_not_proposed_again() -> None:
    case = a_case(groups={"on_hold": ["auditor5"]})

    assert code_of(check, case, team("auditor1", member("auditor5"))) == "STILL_ON_HOLD"


def test_everybody_joins_the_team_and_trainees_and_experts_are_known_as_such() -> None:
    values = team("auditor1", OUTSIDE | {"contract": "ДУ-2025/07"}, member("trainee1", "trainee"))

    outcome = form(a_case({"team": values}))

    assert [(each.group, each.login) for each in outcome.participants] == [
        ("team_leader", "auditor1"),
        ("audit_team", "auditor1"),
        ("audit_team", "expert1"),
        ("experts", "expert1"),
        ("audit_team", "trainee1"),
        ("trainees", "trainee1"),
    ]
    assert [document.kind for document in outcome.documents] == ["team_sheet"]


def test_only_a_member_can_be_contested_and_is_then_on_hold() -> None:
    values = team("auditor1", member("auditor5"))
    demand = {"outcome": "replace", "member": "auditor5"}
    case = a_case({"team": values, "team_agreement": demand})

    assert code_of(objection, case, {"outcome": "replace", "member": "auditor6"}) == "NOT_A_MEMBER"
    assert code_of(objection, case, demand) is None
    held = hold(case)
    assert held.data["team_hold"]["is_leader"] is False
    assert "Мадина Ержанова" in held.data["team_hold"]["text"]
    assert [(each.group, each.login) for each in held.participants] == [("on_hold", "auditor5")]


def test_keeping_a_member_does_not_bring_back_one_who_was_replaced_before() -> None:
    team = {"leader": "auditor1", "members": [], "date_from": "2026-03-16", "date_to": "2026-03-18"}
    data = {"team": team, "team_hold": {"member": "auditor1"}, "replacement": {"reason": "Нет оснований"}}

    outcome = keep(a_case(data, groups={"on_hold": ["auditor5", "auditor1"]}))

    assert [each.login for each in outcome.participants] == ["auditor5"]
    assert outcome.replaces == ("on_hold",)
    assert [(each.kind, each.must_sign) for each in outcome.documents] == [("team_sheet", ("role:head",))]


@pytest.mark.parametrize(("dated", "code"), [("2026-02-02", "ORDER_TOO_EARLY"), ("2026-02-03", None)])
def test_an_order_is_not_older_than_the_replacement(dated: str, code: str | None) -> None:
    case = a_case({"replacement": {"decided_on": "2026-02-03"}})

    assert code_of(order, case, {"outcome": "approve", "dated": dated}) == code
