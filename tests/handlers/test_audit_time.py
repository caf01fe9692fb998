"""Audit time: the calculation by the shipped tables, its limits, its approval."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.audit_time import approve, compute, evaluated, issue
from tests.handlers.certification_case import a_case, application, code_of, refused_code

ASPECTS = dict.fromkeys(
    ("standards", "size", "technology", "outsourcing", "previous_audits", "sites", "risks", "combination"), "Учтено"
)


def aspects(**changes: Any) -> dict[str, Any]:
    """Return the answers of the form for a hundred people."""
    values = {
        "effective_personnel": 100,
        "personnel_basis": "Одна смена",
        "integration_level": 0,
        "team_capability": 0,
        "aspects": ASPECTS,
    }
    return values | changes


def data(*standards: str, **changes: Any) -> dict[str, Any]:
    """Return case data with the answers for the standards."""
    return {"application": application(standards=list(standards)), "duration_aspects": aspects(**changes)}


def test_three_systems_together_take_the_sum_less_a_fifth() -> None:
    case = a_case(
        data(
            "ISO 9001",
            "ISO 14001",
            "ISO 45001",
            ems_complexity="medium",
            ohs_complexity="high",
            integration_level=100,
            team_capability=100,
        )
    )

    time = compute(case).data["audit_time"]

    assert (time["base"], time["total"]) == (26, 21)  # 7 + 8 + 11 = 26, less 20 % = 20.8, to half a day 21
    assert (time["onsite"], time["surveillance"], time["recertification"]) == (16.8, 7, 14)


def test_reductions_are_cut_to_thirty_percent_and_told() -> None:
    time = compute(a_case(data("ISO 9001", adjustments=[{"reason": "Нет проектирования", "percent": -30}] * 2))).data[
        "audit_time"
    ]

    assert time["total"] == 5  # 7 less 30 % = 4.9
    assert len(time["warnings"]) == 1


def test_beyond_the_table_the_head_sets_the_time() -> None:
    case = a_case(data("ISO 9001", effective_personnel=11000), actor="head")

    assert refused_code(compute, case) == "MANUAL_AUDIT_TIME"
    assert code_of(evaluated, case, case["duration_aspects"]) is None
    assert code_of(approve, case, {"outcome": "approve", "total": 30}) == "TIME_BELOW_MINIMUM"
    assert code_of(approve, case, {"outcome": "approve", "total": 30, "override_reason": "Шаг таблицы"}) is None


def test_a_system_without_its_complexity_is_refused_at_the_form() -> None:
    case = a_case(data("ISO 14001"))

    assert code_of(evaluated, case, aspects()) == "NO_COMPLEXITY"


@pytest.mark.parametrize(
    ("actor", "total", "reason", "code"),
    [
        ("head", 7, "", None),
        ("head", 6.5, "", "TIME_BELOW_MINIMUM"),
        ("head", 6.5, "Известный заявитель", None),
        ("deputy_head", 6.5, "Известный заявитель", "TIME_BELOW_MINIMUM"),
    ],
)
def test_less_than_the_calculated_time_needs_the_head_and_a_reason(
    actor: str, total: float, reason: str, code: str | None
) -> None:
    case = a_case(data("ISO 9001"), actor=actor)

    assert code_of(approve, case, {"outcome": "approve", "total": total, "override_reason": reason}) == code


def test_the_calculation_is_a_document_with_table_band_and_every_aspect() -> None:
    given = data("ISO 9001") | {
        "sampling": {
            "reason": "Площадка одна.",
            "selected": ["Завод"],
            "statuses": [{"site": "Завод", "status": "AUDITED"}],
        },
        "sampling_factors": {"factors": {"law": "Учтено"}},
        "duration_approval": {"outcome": "approve", "total": 7},
    }
    given |= compute(a_case(given)).data

    document = issue(a_case(given)).documents[0]

    assert document.kind == "audit_calculation"
    assert document.fields["По стандартам"][0]["Численность по таблице"] == "86–125"
    assert len(document.fields["Аспекты"]) == 8


@pytest.mark.parametrize(
    ("process", "visit", "total", "onsite"),
    [
        ("certification", "initial", 7, 5.6),
        ("recertification", "recertification", 4.5, 3.6),  # two thirds of seven are 4.67, to the nearest half day
        ("surveillance", "surveillance", 2.5, 2),  # a third is 2.33
    ],
)
def test_a_later_audit_takes_its_share_of_what_an_initial_one_would_take_now(
    process: str, visit: str, total: float, onsite: float
) -> None:
    case = a_case({"duration_aspects": aspects(effective_personnel=100)}, process=process)

    time = compute(case).data["audit_time"]

    assert (time["visit"], time["initial"], time["total"], time["onsite"]) == (visit, 7, total, onsite)


def test_less_than_two_thirds_for_a_recertification_needs_the_head_and_a_reason() -> None:
    case = a_case({"duration_aspects": aspects(effective_personnel=100)}, process="recertification", actor="head")

    assert code_of(approve, case, {"outcome": "approve", "total": 4.5}) is None
    assert code_of(approve, case, {"outcome": "approve", "total": 4}) == "TIME_BELOW_MINIMUM"
    assert code_of(approve, case, {"outcome": "approve", "total": 4, "override_reason": "Площадка закрыта"}) is None
