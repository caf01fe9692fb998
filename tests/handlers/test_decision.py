"""The decision: who may take it, what it may say, how it is recorded."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.decision import appoint, appointable, check, record
from tests.handlers.certification_case import a_case, application, code_of

ORDER = {"decider_order": {"person": "auditor4", "number": "ПР-44", "dated": "2026-03-02"}}
YES = {"standard": "ISO 9001", "clause": "4–10", "fulfilled": True}
NO = {"standard": "ISO 9001", "clause": "8.4", "fulfilled": False, "note": "Не оценены"}
GRANT = {"outcome": "grant", "reasons": [YES], "valid_until": "2029-03-02", "is_receipt": "ИС-РШ-1"}
REFUSE = {"outcome": "refuse", "reasons": [NO], "is_receipt": "ИС-РШ-1"}


@pytest.mark.parametrize(
    ("person", "groups", "standards", "code"),
    [
        ("auditor4", {}, ["ISO 9001", "ISO 14001", "ISO 45001"], None),
        ("auditor6", {}, ["ISO 9001", "ISO 14001"], None),
        ("auditor6", {}, ["ISO 45001"], "COMPETENCE_MISSING"),
        ("auditor4", {"audit_team": ["auditor1", "auditor4"]}, ["ISO 9001"], "NOT_INDEPENDENT"),
        ("auditor4", {"trainees": ["auditor4"]}, ["ISO 9001"], "NOT_INDEPENDENT"),
        ("auditor4", {"stage1_executor": ["auditor4"]}, ["ISO 9001"], "NOT_INDEPENDENT"),
        ("auditor4", {"first_decider": ["auditor4"]}, ["ISO 9001"], "NOT_INDEPENDENT"),
    ],
)
def test_a_decider_took_no_part_and_is_competent_in_every_standard(
    person: str, groups: dict[str, list[str]], standards: list[str], code: str | None
) -> None:
    case = a_case({"application": application(standards=standards)}, groups=groups)

    assert code_of(appointable, case, {"person": person}) == code


def test_the_directors_order_makes_the_decider() -> None:
    outcome = appoint(a_case(ORDER, actor="director"))

    assert [(each.group, each.login) for each in outcome.participants] == [("decider", "auditor4")]
    assert outcome.replaces == ("decider",)
    assert outcome.documents[0].fields["Назначен"] == "Нурлан Абдрахманов"


OPEN = {"ca_status": {"open_numbers": ["1"]}}
CLOSED = {"ca_status": {"open_numbers": []}, "grading": {"numbers": ["1"]}}


@pytest.mark.parametrize(
    ("data", "conclusion", "values", "code"),
    [
        ({}, "CONFORMING", GRANT, None),
        (OPEN, "NOT_CONFORMING", GRANT, "NOT_CONFORMING"),
        (OPEN, "CONFORMING_SUBJECT_TO_CA", GRANT, "NOT_VERIFIED"),
        (CLOSED, "NOT_CONFORMING", GRANT, None),
        ({}, "CONFORMING", GRANT | {"valid_until": "2029-03-03"}, "VALIDITY_TOO_LONG"),
        ({}, "CONFORMING", GRANT | {"valid_until": "2026-03-02"}, "VALIDITY_TOO_SHORT"),
        ({}, "CONFORMING", GRANT | {"reasons": [YES, NO]}, "REASONS_CONTRADICT"),
        ({}, "CONFORMING", REFUSE | {"reasons": [YES]}, "REASONS_CONTRADICT"),
        ({}, "CONFORMING", REFUSE | {"reasons": [NO | {"standard": "ISO 14001"}]}, "CRITERION_NOT_ALLOWED"),
        (OPEN, "NOT_CONFORMING", REFUSE, None),
    ],
)
def test_a_decision_says_only_what_the_file_carries(
    data: dict[str, Any], conclusion: str, values: dict[str, Any], code: str | None
) -> None:
    case = a_case(data | {"act": {"conclusion": conclusion}}, actor="auditor4")

    assert code_of(check, case, values) == code


@pytest.mark.parametrize(
    ("values", "kind", "status"),
    [(GRANT, "decision_grant", "GRANTED"), (REFUSE, "decision_refusal", "APPEALABLE")],
)
def test_the_journal_of_works_names_result_and_signer(values: dict[str, Any], kind: str, status: str) -> None:
    outcome = record(a_case(ORDER | {"decision": values}, actor="auditor4"))

    assert outcome.data["decision"]["decided_on"] == "2026-03-02"
    assert outcome.documents[0].kind == kind
    assert outcome.documents[0].signers == ("Нурлан Абдрахманов, эксперт-аудитор",)
    assert outcome.records[0].fields["Принял решение"] == "Нурлан Абдрахманов"
    assert outcome.records[0].fields["Статус"] == status
    assert ("refused" in outcome.data) is (kind == "decision_refusal")


@pytest.mark.parametrize(("verified_on", "code"), [("2026-02-28", None), ("2026-03-01", "REPEAT_STAGE2")])
def test_a_significant_one_verified_after_six_months_asks_for_another_stage_two(
    verified_on: str, code: str | None
) -> None:
    data = {
        "act": {"conclusion": "NOT_CONFORMING"},
        "grading": {"significant": 1},
        "stage2": {"last_day": "2025-08-31"},
        "ca_status": {"open_numbers": [], "verified_on": verified_on},
    }

    assert code_of(check, a_case(data, actor="auditor4"), GRANT) == code


@pytest.mark.parametrize(("until", "code"), [("2026-03-02", None), ("2026-03-01", "OUT_OF_SCOPE")])
def test_nothing_is_granted_outside_the_accreditation_of_the_day(until: str, code: str | None) -> None:
    scope = [{"standard": "ISO 9001", "code": "16", "valid_from": "2024-02-01", "valid_to": until}]
    data = {**ORDER, "act": {"conclusion": "CONFORMING"}}
    case = a_case(data, actor="auditor4", registers={"accreditation_scope": scope})

    assert code_of(check, case, GRANT) == code
