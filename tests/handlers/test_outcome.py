"""What follows the protocol of an appeal: objections, final, contested or heard anew, costs."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.outcome import assign_costs, contest, finalise, may_review, reopen, settle_objections
from tests.handlers.certification_case import code_of
from tests.handlers.item_case import an_item, submission

VERDICT: dict[str, Any] = {
    "verdict": {"result": "DISMISSED", "on_time": True},
    "appeal_protocol": {"number": "5"},
    "hearing_record": {"held_on": "2026-04-01"},
    "appeal_decision": {"operative_part": "Отказ оставить в силе."},
}
DELIVERY = {
    "appellant_on": "2026-04-03",
    "body_on": "2026-04-02",
    "objections_until": "2026-04-17",
    "court_until": "2026-04-18",
}
DELIVERED = {"protocol_delivery": DELIVERY}


SILENT = {"objections": {"any": False, "parties": [], "all_accept": False}}
OBJECTED = {
    "objections": {"any": True, "parties": ["Орган по сертификации"], "all_accept": False},
    "body_objection": {"view": "OBJECT", "received_on": "2026-04-17", "text": "Не учтено письмо."},
    "objection_review": {"decision": "STAND", "reason": "Письмо учтено."},
}


@pytest.mark.parametrize(
    ("views", "parties", "all_accept"),
    [
        ({}, [], False),
        ({"appellant_objection": {"view": "ACCEPT"}}, [], False),
        ({"appellant_objection": {"view": "ACCEPT"}, "body_objection": {"view": "ACCEPT"}}, [], True),
        ({"appellant_objection": {"view": "OBJECT"}, "body_objection": {"view": "ACCEPT"}}, ["Апеллянт"], False),
        (
            {"appellant_objection": {"view": "OBJECT"}, "body_objection": {"view": "OBJECT"}},
            ["Апеллянт", "Орган по сертификации"],
            False,
        ),
    ],
)
def test_either_party_may_object_and_silence_is_no_objection(
    views: dict[str, Any], parties: list[str], all_accept: bool
) -> None:
    found = settle_objections(an_item(views)).data["objections"]

    assert found == {"any": bool(parties), "parties": parties, "all_accept": all_accept}


def test_two_weeks_without_objection_make_the_decision_final() -> None:
    outcome = finalise(an_item({**VERDICT, **DELIVERED, **SILENT}, now="2026-04-18T00:00"))

    assert outcome.data["verdict"]["status"] == "FINAL"


def test_both_parties_may_make_the_decision_final_before_the_two_weeks_are_over() -> None:
    accepted = {"objections": {"any": False, "parties": [], "all_accept": True}}

    outcome = finalise(an_item({**VERDICT, **DELIVERED, **accepted}, now="2026-04-07T10:00"))

    assert outcome.data["verdict"]["status"] == "FINAL"
    assert "Обе стороны согласны" in outcome.letters[0].body


def test_an_objection_in_time_contests_the_decision_and_says_why_it_stands() -> None:
    outcome = contest(an_item({**VERDICT, **DELIVERED, **OBJECTED}, now="2026-04-20T15:00"))

    assert outcome.data["outcome"] == {"status": "CONTESTED"}
    assert outcome.letters[0].kind == "decision_contested"
    assert "Письмо учтено." in outcome.letters[0].body


def test_a_new_hearing_is_told_to_both_parties_with_its_ground() -> None:
    review = {"objection_review": {"decision": "REOPEN", "ground": "NEW_FACTS", "reason": "Найден протокол."}}

    outcome = reopen(an_item({**VERDICT, **DELIVERED, **review}, now="2026-04-20T15:00"))

    assert outcome.data["outcome"] == {"status": "REOPENED"}
    assert [letter.kind for letter in outcome.letters] == ["appeal_reopened", "appeal_reopened"]
    assert "новые факты" in outcome.letters[0].body
    assert outcome.tells == ()  # what was decided first is no result


@pytest.mark.parametrize(
    ("decision", "before", "code"),
    [("REOPEN", {}, None), ("REOPEN", {"on": "2026-04-20"}, "REOPENED_BEFORE"), ("STAND", {"on": "2026-04-20"}, None)],
)
def test_an_appeal_is_heard_anew_once(decision: str, before: dict[str, str], code: str | None) -> None:
    assert code_of(may_review, an_item({"reopened": before}), {"decision": decision}) == code


@pytest.mark.parametrize(("given", "status"), [(finalise, "FINAL"), (contest, "CONTESTED")])
def test_the_case_that_was_appealed_against_is_told_the_result_and_whether_it_is_contested(
    given: Any, status: str
) -> None:
    data = {
        **VERDICT,
        **DELIVERED,
        "submission": submission(certification_case="С-2026-0007"),
        **(SILENT if given is finalise else OBJECTED),
    }

    (told,) = given(an_item(data, now="2026-04-18T00:00" if given is finalise else "2026-04-17T15:00")).tells

    assert told.message == "appeal_result"
    assert told.data == {
        "outcome": "dismissed",
        "status": status,
        "protocol": "Протокол № 5 от 01.04.2026, дело А-2026-0001",
        "reasons": "Отказ оставить в силе.",
    }


def test_an_appeal_against_no_case_of_ours_tells_nobody() -> None:
    assert finalise(an_item({**VERDICT, **DELIVERED, **SILENT}, now="2026-04-18T00:00")).tells == ()


@pytest.mark.parametrize(
    ("result", "readings", "shares"),
    [
        ("DISMISSED", {}, (1500.0, 0.0, 0.0)),
        ("UPHELD", {}, (0.0, 1500.0, 0.0)),
        ("PARTLY_UPHELD", {}, (0.0, 0.0, 1500.0)),
        ("PARTLY_UPHELD", {"costs.partly_upheld": "shared"}, (750.0, 750.0, 0.0)),
    ],
)
def test_the_losing_party_bears_the_costs_of_the_commission(
    result: str, readings: dict[str, str], shares: tuple[float, float, float]
) -> None:
    costs = {"commission_pay": 1000, "experts_pay": 500, "currency": "UZS", "basis": "Договоры"}
    data = {"verdict": {"result": result, "status": "FINAL"}, "appeal_costs": costs}

    found = assign_costs(an_item(data, readings=readings)).data["costs"]

    assert (found["appellant"], found["body"], found["unassigned"]) == shares
