from datetime import date

import pytest

from rules.competence import (
    TEAM_FACTORS,
    Member,
    Need,
    evaluation_denied,
    is_evaluated,
    may_grade,
    personnel_denied,
    team_denied,
    team_factors_denied,
    without_personnel,
)
from rules.scope import outside_scope, scope_denied

ON = date(2026, 3, 2)


def row(person, standard, code, function="audit", **dates):
    return {"person": person, "standard": standard, "code": code, "function": function, **dates}


ROWS = [
    row("asel", "ISO 9001", "28"),
    row("asel", "ISO 9001", "16"),
    row("ruslan", "ISO 14001", "28"),
    row("elena", "ISO 9001", "28", valid_to="2026-03-01"),
    row("kanat", "ISO 9001", "16", "expertise"),
    row("officer", "ISO 9001", "*", "review"),
    row("nurlan", "ISO 9001", "28", "decision"),
]
BUILDING = Need(standards=("ISO 9001",), codes=("28",))
BOTH = Need(standards=("ISO 9001", "ISO 14001"), codes=("28", "16"))


def codes(found):
    return [each.code for each in found]


def test_an_evaluation_ends_with_its_last_day():
    # C-005: valid to 1 March, assigned for the 2nd.
    assert is_evaluated(ROWS, "elena", "audit", date(2026, 3, 1), standard="ISO 9001")
    assert not is_evaluated(ROWS, "elena", "audit", ON, standard="ISO 9001")


def test_a_missing_evaluation_names_the_standard():
    refused = evaluation_denied(ROWS, "ruslan", "audit", BUILDING, ON)

    assert refused is not None
    assert refused.code == "COMPETENCE_MISSING"
    assert "ISO 9001" in refused.message


def test_a_star_covers_every_code_of_its_standard():
    assert evaluation_denied(ROWS, "officer", "review", BUILDING, ON, with_codes=True) is None


def test_the_body_has_nobody_for_a_code():
    # C-015: an expert alone stands for the area, not for the standard.
    assert without_personnel(ROWS, BOTH, ON) == ()
    assert without_personnel(ROWS, Need(standards=("ISO 45001",), codes=("16",)), ON) == (("ISO 45001", "16"),)
    refused = personnel_denied(ROWS, Need(standards=("ISO 9001",), codes=("28", "21")), ON)
    assert refused is not None
    assert refused.code == "NO_COMPETENT_PERSONNEL"
    assert refused.facts["pairs"] == "ISO 9001 код 21"


def test_a_team_covers_the_case_together():
    # C-042: Ruslan lacks code 16, the expert stands in for that area.
    team = [Member(login="asel"), Member(login="ruslan"), Member(login="kanat", role="expert")]

    assert team_denied(ROWS, team, "asel", BOTH, ON) == ()


def test_without_the_expert_a_code_is_left_open():
    found = team_denied(ROWS, [Member(login="asel"), Member(login="ruslan")], "asel", BOTH, ON)

    assert codes(found) == ["COMPETENCE_MISSING"]
    assert "ISO 14001 код 16" in found[0].message


def test_an_expert_is_no_auditor_of_a_standard():
    team = [Member(login="ruslan"), Member(login="kanat", role="expert")]

    found = team_denied(ROWS, team, "ruslan", BOTH, ON)

    assert "ISO 9001 код 28, ISO 9001 код 16" in found[-1].message


def test_a_trainee_covers_nothing():
    team = [Member(login="ruslan"), Member(login="asel", role="trainee")]

    assert codes(team_denied(ROWS, team, "ruslan", BOTH, ON)) == ["COMPETENCE_MISSING"]


def test_a_single_auditor_must_know_the_area_of_the_client():
    # C-043.
    found = team_denied(ROWS, [Member(login="asel")], "asel", Need(standards=("ISO 9001",), codes=("31",)), ON)

    assert "Единственный" in found[0].message


@pytest.mark.parametrize(
    ("leader", "reasons"),
    [
        ("ruslan", []),  # C-044: one of the two standards is enough
        ("kanat", ["LEADER_NOT_AUDITOR"]),
        ("elena", ["COMPETENCE_MISSING"]),  # competent in none on that day
    ],
)
def test_the_leader_is_an_auditor_competent_in_one_of_the_standards(leader, reasons):
    team = [
        Member(login="asel"),
        Member(login="ruslan"),
        Member(login="kanat", role="expert"),
        *([Member(login="elena")] if leader == "elena" else []),
    ]

    assert codes(team_denied(ROWS, team, leader, BOTH, ON)) == reasons


@pytest.mark.parametrize(("contract", "reasons"), [("", ["CONTRACT_MISSING"]), ("ДУ-1", [])])
def test_an_expert_from_outside_needs_a_contract(contract, reasons):
    expert = Member(login="kanat", role="expert", is_external=True, contract=contract)  # C-045

    need = Need(standards=("ISO 9001",), codes=("28", "16"))
    assert codes(team_denied(ROWS, [Member(login="asel"), expert], "asel", need, ON)) == reasons


def test_an_expert_of_a_foreign_area_is_refused():
    team = [Member(login="asel"), Member(login="kanat", role="expert")]

    assert codes(team_denied(ROWS, team, "asel", BUILDING, ON)) == ["COMPETENCE_MISSING"]


def test_experts_and_trainees_advise():
    assert [may_grade(role) for role in ("auditor", "expert", "trainee")] == [True, False, False]  # C-046, C-065


def test_each_of_the_nine_factors_is_answered():
    answers = dict.fromkeys(TEAM_FACTORS, "да")

    assert team_factors_denied(answers) is None
    refused = team_factors_denied({**answers, "law": ""})
    assert refused is not None
    assert refused.facts["factors"] == "law"


def test_codes_outside_the_accreditation_are_named():
    scope = [{"standard": "ISO 9001", "code": "28", "valid_from": "2024-02-01", "valid_to": "2029-01-31"}]

    assert outside_scope(scope, ["ISO 9001"], ["28"], ON) == ()
    refused = scope_denied(scope, ["ISO 9001", "ISO 14001"], ["28", "3"], ON)  # C-014
    assert refused is not None
    assert refused.facts["pairs"] == "ISO 9001 код 3, ISO 14001 код 28, ISO 14001 код 3"
    assert scope_denied(scope, ["ISO 9001"], ["28"], date(2029, 2, 1)) is not None
