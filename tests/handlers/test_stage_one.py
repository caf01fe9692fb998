"""Stage 1: experts with evaluation, a visit by agreement, a conclusion that fits its concerns."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.stage_one import TOPICS, analyse, conclude, propose_visit, request, visit
from tests.handlers.certification_case import a_case, code_of

CONCERN = {"area": "Поставщики", "clause": "8.4", "why": "Критерии не заданы"}
READY = {
    "next": "conclude",
    "topics": dict.fromkeys(TOPICS, "Изучено"),
    "result": "ready",
    "reasoning": "Документы полны",
}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"concerns": [CONCERN]}, "CONCERNS_CONTRADICT"),
        ({"result": "ready_after_revision"}, "CONCERNS_CONTRADICT"),
        ({"result": "ready_after_revision", "concerns": [CONCERN]}, None),
        ({"experts": [{"person": "expert1", "competence": "Лист"}]}, None),
        ({"experts": [{"person": "expert2", "competence": "Лист"}]}, "EXPERT_NOT_EVALUATED"),
        ({"next": "information", "concerns": [CONCERN]}, None),
    ],
)
def test_a_conclusion_fits_its_concerns_and_experts_are_evaluated(changes: dict[str, Any], code: str | None) -> None:
    assert code_of(analyse, a_case(), READY | changes) == code


@pytest.mark.parametrize(
    ("agreement", "visited_on", "code"),
    [
        (None, "2026-02-02", "AGREEMENT_MISSING"),
        ({"outcome": "decline", "agreed_on": "2026-02-01"}, "2026-02-02", "AGREEMENT_MISSING"),
        ({"outcome": "agree", "agreed_on": "2026-02-03"}, "2026-02-02", "AGREEMENT_MISSING"),
        ({"outcome": "agree", "agreed_on": "2026-02-02"}, "2026-02-02", None),
    ],
)
def test_nobody_visits_before_the_client_agrees(
    agreement: dict[str, Any] | None, visited_on: str, code: str | None
) -> None:
    data = {"visit_agreement": agreement} if agreement else {}

    assert code_of(visit, a_case(data), {"visited_on": visited_on}) == code


def test_the_conclusion_holds_all_nine_topics_and_counts_its_concerns() -> None:
    values = READY | {"result": "ready_after_revision", "concerns": [CONCERN]}

    outcome = conclude(a_case({"stage1": values}))

    assert outcome.data["stage_one_result"] == {"concerns": 1, "result": "ready_after_revision"}
    assert outcome.data["stage1"]["concluded_on"] == "2026-03-02"
    assert set(TOPICS.values()) <= set(outcome.documents[0].fields)
    assert "областей: 1." in outcome.letters[0].body


def test_what_is_asked_of_the_applicant_goes_out_in_writing() -> None:
    case = a_case({"stage1": {"request": "Карта процессов"}})

    assert "Карта процессов" in request(case).letters[0].body
    assert propose_visit(case).letters[0].kind == "visit_proposal"
