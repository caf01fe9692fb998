"""Sites: who calculates, when a sample is drawn, and the status of each site."""

from __future__ import annotations

from typing import Any

from handlers.sampling import draw, evaluated
from rules.sampling import FACTORS
from tests.handlers.certification_case import a_case, application, code_of

ANSWERED = {"factors": dict.fromkeys(FACTORS, "Не применимо")}


def sites(*activities: str) -> list[dict[str, Any]]:
    """Return a head office and a site for each activity."""
    office = {"name": "Офис", "address": "А", "activity": "Управление", "code": "16", "personnel": 5, "central": True}
    rest = [
        {"name": f"Площадка {number}", "address": "Б", "activity": activity, "code": "16", "personnel": 10}
        for number, activity in enumerate(activities, 1)
    ]
    return [office, *rest]


def drawn(*activities: str, **factors: Any) -> Any:
    """Return the sampling of a head office and sites with the activities."""
    case = a_case({"application": application(sites=sites(*activities)), "sampling_factors": ANSWERED | factors})
    return draw(case).data["sampling"]


def test_different_activities_forbid_sampling() -> None:
    sampling = drawn("Карьер", "Завод", "Лаборатория")

    assert sampling["applied"] is False
    assert sampling["selected"] == ["Офис", "Площадка 1", "Площадка 2", "Площадка 3"]
    assert {row["status"] for row in sampling["statuses"]} == {"AUDITED"}


def test_the_same_activity_gives_the_root_of_the_sites_and_the_central_function() -> None:
    sampling = drawn("Завод", "завод ", "Завод", "Завод", "Завод")

    assert (sampling["applied"], sampling["count"]) == (True, 3)  # ceil(sqrt(5))
    assert len(sampling["selected"]) == 4
    assert sampling["selected"][0] == "Офис"


def test_a_site_left_out_says_why() -> None:
    sampling = drawn("Завод", "Завод", "Завод", excluded_reason="Одна технология")

    left_out = [row for row in sampling["statuses"] if row["status"] == "SAMPLED_OUT_WITH_REASON"]
    assert [row["reason"] for row in left_out] == ["Одна технология"]


def test_only_the_evaluated_answer_all_twelve_factors() -> None:
    case = a_case()

    assert code_of(evaluated, case, ANSWERED) is None
    assert code_of(evaluated, a_case(actor="auditor3"), ANSWERED) == "COMPETENCE_MISSING"
    assert code_of(evaluated, case, {"factors": {**ANSWERED["factors"], "law": " "}}) == "FACTORS_MISSING"
    unknown = ANSWERED | {"preferred": [{"site": "Марс", "reason": "Далеко"}]}
    assert code_of(evaluated, case, unknown) == "SITES_INVALID"
