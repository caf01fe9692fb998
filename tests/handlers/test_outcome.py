"""What follows an appeal decision: signatures, confidential annexes, objections, court, costs."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.outcome import assign_costs, contest, finalise, may_write, notify, publish_protocol
from tests.handlers.certification_case import code_of
from tests.handlers.item_case import an_item, submission
from tests.handlers.test_ballots import PANEL

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


@pytest.mark.parametrize(
    ("on_time", "values", "code"),
    [(True, {}, None), (False, {}, "DELAY_REASON_MISSING"), (False, {"delay_reason": "Смена состава"}, None)],
)
def test_a_late_decision_gives_its_reason(on_time: bool, values: dict[str, str], code: str | None) -> None:
    assert code_of(may_write, an_item({"verdict": {"on_time": on_time}}), values) == code


def test_confidential_annexes_stay_apart_and_a_refused_signature_names_the_witness() -> None:
    annexes = [{"title": "Рецептура", "text": "Тайна", "confidential": True}, {"title": "Перечень", "text": "Открыто"}]
    data: dict[str, Any] = {
        **PANEL,
        **VERDICT,
        "appeal_protocol": {"number": "5", "course": "Ход", "annexes": annexes},
        "appeal_decision": {"operative_part": "Оставить"},
        "hearing_record": {"held_on": "2026-04-01", "studied": [{"title": "Отказ"}], "questioned": []},
        "appellant_signature": {"signature": "REFUSED", "reason": "Не согласны", "witness": "Т. Рахимов"},
        "body_signature": {"signature": "SIGNED"},
    }

    private, public, annex = publish_protocol(an_item(data)).documents

    assert (private.confidential, public.confidential, annex.confidential) == (True, False, True)
    assert "Тайна" not in str(public.fields)
    assert "Открыто" in str(public.fields)
    assert "свидетель Т. Рахимов" in str(private.fields["Подписи сторон"])


def test_both_terms_run_from_the_later_delivery() -> None:
    found = notify(an_item({**VERDICT, **DELIVERED})).data["protocol_delivery"]

    assert found["received_on"] == "2026-04-03"
    assert (found["objections_until"], found["court_until"]) == ("2026-04-17", "2026-04-18")


def test_the_reply_names_the_court_and_its_last_day() -> None:
    letter = notify(an_item({**VERDICT, **DELIVERED})).letters[0]

    assert "экономический" in letter.body
    assert "18.04.2026" in letter.body


def test_two_weeks_without_objection_make_the_decision_final() -> None:
    outcome = finalise(an_item({**VERDICT, **DELIVERED}, now="2026-04-18T00:00"))

    assert outcome.data["verdict"]["status"] == "FINAL"


def test_an_objection_in_time_contests_the_decision() -> None:
    data = {**VERDICT, **DELIVERED, "appeal_objection": {"party": "BODY", "received_on": "2026-04-17"}}

    outcome = contest(an_item(data, now="2026-04-17T15:00"))

    assert outcome.data["outcome"] == {"status": "CONTESTED"}
    assert outcome.letters[0].kind == "decision_contested"


@pytest.mark.parametrize(("given", "status"), [(finalise, "FINAL"), (contest, "CONTESTED")])
def test_the_case_that_was_appealed_against_is_told_the_result_and_whether_it_is_contested(
    given: Any, status: str
) -> None:
    data = {
        **VERDICT,
        **DELIVERED,
        "submission": submission(certification_case="С-2026-0007"),
        "appeal_objection": {"party": "BODY", "received_on": "2026-04-17"},
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
    assert finalise(an_item({**VERDICT, **DELIVERED}, now="2026-04-18T00:00")).tells == ()


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
