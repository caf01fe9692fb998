"""Findings: grades, both readings, escalation, protocols."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.findings import check, escalate, grade, issue_protocols, protocols, settle
from tests.handlers.certification_case import a_case, code_of


def finding(number: str, grade_of: str = "minor", **changes: Any) -> dict[str, Any]:
    """Return a row of the form; findings differ in type unless told otherwise."""
    row = {
        "number": number,
        "kind": "potential" if grade_of == "notification" else "nonconformity",
        "grade": grade_of,
        "site": "Завод",
        "department": "Закупки",
        "process": "Закупки",
        "type": f"тип {number}",
        "standard": "ISO 9001",
        "clause": "8.4",
        "text": "Не оценены поставщики",
        "evidence": "Реестр",
        "verified": True,
        "verifier": "auditor1",
    }
    return row | changes


def data(*rows: dict[str, Any]) -> dict[str, Any]:
    """Return case data with the findings."""
    return {"findings": {"rows": list(rows)}, "sampling": {"selected": ["Завод"]}, "team": {"leader": "auditor1"}}


def graded(*rows: dict[str, Any], **readings: Any) -> dict[str, Any]:
    """Return case data with the findings and their grading."""
    case = a_case(data(*rows), readings=readings)
    return data(*rows) | dict(grade(case).data)


@pytest.mark.parametrize(
    ("sites", "row", "code"),
    [
        (["Завод"], finding("1"), None),
        (["Склад"], finding("1"), "SITES_NOT_AUDITED"),
        (["Завод"], finding("1", verified=False), "EVIDENCE_UNVERIFIED"),
        (["Завод"], finding("1", "minor", kind="potential"), "ONLY_NOTIFICATION"),
        (["Завод"], finding("1", "notification", kind="nonconformity"), "NOT_NOTIFICATION"),
    ],
)
def test_findings_are_graded_after_all_sites_and_from_verified_evidence(
    sites: list[str], row: dict[str, Any], code: str | None
) -> None:
    values = {"sites_audited": [{"site": site, "on": "2026-03-02"} for site in sites], "rows": [row]}

    assert code_of(check, a_case(data()), values) == code


def test_a_protocol_number_is_given_once() -> None:
    values = {"sites_audited": [{"site": "Завод", "on": "2026-03-02"}], "rows": [finding("1"), finding("1")]}

    assert code_of(check, a_case(data()), values) == "NUMBER_TWICE"


def test_nine_may_be_corrected_and_ten_are_not_conforming() -> None:
    nine = graded(*(finding(str(number), "negligible") for number in range(9)))["grading"]
    ten = graded(*(finding(str(number), "negligible") for number in range(10)))["grading"]

    assert nine["proposed_conclusion"] == "CONFORMING_SUBJECT_TO_CA"
    assert ten["proposed_conclusion"] == "NOT_CONFORMING"
    assert not ten["needs_leader"]  # both readings agree


def test_ten_minor_make_the_readings_differ_and_the_leader_decide() -> None:
    grading = graded(*(finding(str(number)) for number in range(10)))["grading"]

    assert grading["differ"] is True
    assert grading["needs_leader"] is True
    assert [row["conclusion"] for row in grading["readings"]] == [
        "не соответствует",
        "соответствует при выполнении корректирующих действий",
    ]


def test_notifications_ask_for_no_corrective_action_and_never_count() -> None:
    grading = graded(*(finding(str(number), "notification") for number in range(12)))["grading"]

    assert (grading["open"], grading["notifications"]) == (0, 12)
    assert grading["proposed_conclusion"] == "CONFORMING"


def repeated() -> dict[str, Any]:
    """Return the grading of one breach in two departments."""
    return graded(finding("1", type="оценка"), finding("2", type="оценка", department="Снабжение"))


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"outcome": "none", "reason": "Нет"}, "ESCALATION_UNANSWERED"),
        ({"outcome": "decline", "reason": " "}, "REASON_MISSING"),
        ({"outcome": "decline", "reason": "Причины разные"}, None),
        ({"outcome": "accept", "reason": "Одно и то же"}, None),
    ],
)
def test_a_repeated_breach_must_be_raised_or_declined_with_a_reason(values: dict[str, Any], code: str | None) -> None:
    assert code_of(escalate, a_case(repeated()), values) == code


def test_where_raising_is_automatic_the_leader_cannot_decline() -> None:
    case = a_case(repeated(), readings={"nc.escalation": "automatic"})

    assert code_of(escalate, case, {"outcome": "decline", "reason": "Причины разные"}) == "ESCALATION_UNANSWERED"


@pytest.mark.parametrize(
    ("outcome", "significant", "conclusion"),
    [("accept", 1, "NOT_CONFORMING"), ("decline", 0, "CONFORMING_SUBJECT_TO_CA")],
)
def test_the_leaders_word_settles_the_classification(outcome: str, significant: int, conclusion: str) -> None:
    answer = {"outcome": outcome, "reason": "Обосновано", "reading": "two_level"}

    grading = settle(a_case(repeated() | {"escalation": answer})).data["grading"]

    assert (grading["significant"], grading["proposed_conclusion"]) == (significant, conclusion)


DATES = {"issued_on": "2026-03-02", "acquainted_on": "2026-03-02", "handed_on": "2026-03-03"}


@pytest.mark.parametrize(
    ("positions", "dates", "code"),
    [
        ([{"number": "1", "agreed": True}], {}, None),
        ([], {}, "PROTOCOL_MISSING"),
        ([{"number": "1", "agreed": False, "client_view": "Нет"}], {}, "VIEWS_MISSING"),
        ([{"number": "1", "agreed": False, "client_view": "Нет", "team_view": "Да"}], {}, None),
        ([{"number": "1", "agreed": True}], {"handed_on": "2026-03-01"}, "CUSTODY_ORDER"),
    ],
)
def test_protocols_are_reviewed_together_and_travel_in_order(
    positions: list[dict[str, Any]], dates: dict[str, str], code: str | None
) -> None:
    values = DATES | dates | {"positions": positions}

    assert code_of(protocols, a_case(graded(finding("1"))), values) == code


def test_the_protocol_shows_both_views_and_each_finding_is_in_the_journal() -> None:
    view = {"number": "1", "agreed": False, "client_view": "Велось устно.", "team_view": "Записей нет."}
    meeting = DATES | {"positions": [view], "representative": "С. Ахметова", "reviewed_on": "2026-03-02"}

    outcome = issue_protocols(a_case(graded(finding("1")) | {"protocols": meeting}))

    row = outcome.documents[0].fields["Выводы"][0]
    assert row["Позиции"] == "Организация: Велось устно. Группа: Записей нет."
    assert [record.key for record in outcome.records] == ["С-2026-0001:1"]
