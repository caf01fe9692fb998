"""The report and the handover of the file."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.report import check, draw, hand_over, issue
from tests.handlers.certification_case import a_case, application, code_of

BOTH = {"application": application(standards=["ISO 9001", "ISO 14001"])}
OPEN = {"ca_status": {"open_numbers": ["1"], "marks": [{"number": "1", "completed": False}]}}


@pytest.mark.parametrize(
    ("data", "values", "code"),
    [
        ({}, {"outcome": "positive"}, None),
        (OPEN, {"outcome": "positive"}, "ACTIONS_UNVERIFIED"),
        (OPEN, {"outcome": "negative"}, None),
        ({"grading": {"numbers": ["1"]}}, {"outcome": "positive"}, "ACTIONS_UNVERIFIED"),
        (BOTH, {"outcome": "positive"}, "INTEGRATION_MISSING"),
        (BOTH, {"outcome": "positive", "integration": "Полная"}, None),
    ],
)
def test_open_findings_allow_no_positive_report_and_several_systems_need_their_integration_judged(
    data: dict[str, Any], values: dict[str, Any], code: str | None
) -> None:
    assert code_of(check, a_case(data), values) == code


def test_differing_views_appear_in_the_one_report_for_all_standards() -> None:
    view = {"number": "1", "agreed": False, "client_view": "Велось устно.", "team_view": "Записей нет."}
    report = {
        "dated": "2026-03-02",
        "outcome": "positive",
        "conclusions": "Соответствует",
        "integration": "Полная",
        "is_receipt": "ИС-О-3",
        "delivered_on": "2026-03-02",
    }
    data = BOTH | {"report": report, "protocols": {"positions": [view, {"number": "2", "agreed": True}]}}

    documents = draw(a_case(data | {"act_signers": ["expert1", "trainee1"]})).documents

    assert len(documents) == 1
    assert documents[0].fields["Стандарты"] == ["ISO 9001", "ISO 14001"]
    assert documents[0].fields["Различные точки зрения"] == [
        {"Номер": "1", "Организация": "Велось устно.", "Группа": "Записей нет."}
    ]
    assert documents[0].must_sign == ("role:team_leader", "expert1", "trainee1")


def test_the_client_gets_a_copy_of_the_signed_report() -> None:
    assert [letter.kind for letter in issue(a_case({})).letters] == ["report_copy"]


def test_a_file_is_not_handed_over_while_somebody_has_not_signed_the_report() -> None:
    paper = {"kind": "audit_report", "number": "С-1/9", "title": "Отчёт", "must_sign": ["expert1"]}
    case = a_case({}, registers={"documents": [paper], "signatures": []})

    assert code_of(hand_over, case, {"items": BASE}) == "UNSIGNED_DOCUMENT"


BASE = ["act", "report", "checklists"]


@pytest.mark.parametrize(
    ("data", "items", "code"),
    [
        ({}, BASE, None),
        ({}, BASE[:2], "FILE_INCOMPLETE"),
        ({"grading": {"total": 1}}, BASE, "FILE_INCOMPLETE"),
        ({"grading": {"total": 1}}, [*BASE, "protocols"], None),
        ({"grading": {"total": 1}} | OPEN, [*BASE, "protocols"], "FILE_INCOMPLETE"),
        ({"grading": {"total": 1}} | OPEN, [*BASE, "protocols", "ca_plan", "ca_report", "ca_evidence"], None),
    ],
)
def test_a_file_without_a_mandatory_item_is_not_handed_over(
    data: dict[str, Any], items: list[str], code: str | None
) -> None:
    assert code_of(hand_over, a_case(data), {"items": items}) == code
