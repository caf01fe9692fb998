"""Admission, materials, hearing and decision of an appeal, at the edges of their days."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.admission import check_window, settle
from handlers.hearing import issue_decision, may_decide, may_record, may_schedule
from handlers.materials import compile as compile_materials
from handlers.materials import deliver, request
from tests.handlers.certification_case import code_of
from tests.handlers.item_case import an_item, submission
from tests.handlers.test_ballots import FOUR, PANEL

SWORN = [{"by": login, "undertaking": "GIVEN"} for login in FOUR]


@pytest.mark.parametrize(("filed", "window"), [("2026-03-10", "ADMITTED"), ("2026-03-11", "LATE")])
def test_an_appeal_is_in_time_up_to_the_working_day_after_the_holidays(filed: str, window: str) -> None:
    # received on 21 February + 15 days = Sunday 8 March, a holiday; the 9th is its substitute
    sent = submission(received_on=filed, decision_received_on="2026-02-21")

    found = check_window(an_item({"submission": sent})).data["admission"]

    assert (found["window"], found["last_day"]) == (window, "2026-03-10")


def test_an_appeal_whose_decision_was_never_delivered_is_in_time() -> None:
    assert check_window(an_item()).data["admission"]["window"] == "ADMITTED"


def test_a_restored_term_admits_a_late_appeal_and_lays_out_its_month() -> None:
    data = {
        "admission": {"window": "LATE", "last_day": "2026-03-01", "outcome": "LATE"},
        "window_restoration": {"restore": "YES", "reason": "Болезнь."},
    }

    outcome = settle(an_item(data, groups={"applicant": ["applicant"]}))

    assert outcome.data["admission"]["outcome"] == "ADMITTED"
    assert outcome.data["plan"]["decision"] == "2026-04-02"
    assert {each.login for each in outcome.participants} == {"applicant", "head"}


def test_a_late_appeal_is_told_why() -> None:
    data = {
        "admission": {"window": "LATE", "last_day": "2026-03-01", "outcome": "LATE"},
        "window_restoration": {"restore": "NO", "reason": "Причины не названо."},
    }

    outcome = settle(an_item(data))

    assert outcome.data["outcome"] == {"status": "LATE"}
    assert outcome.letters[0].kind == "appeal_late"


def test_both_parties_are_asked_for_information_for_two_weeks() -> None:
    outcome = request(an_item({"information_request": {"to_appellant": "А?", "to_body": "Б?"}}))

    assert outcome.data["information_request"]["due_on"] == "2026-03-16"
    assert len(outcome.letters) == 2
    assert outcome.records[0].fields["В срок"] is True


@pytest.mark.parametrize(("received", "late"), [("2026-03-16", False), ("2026-03-17", True)])
def test_material_after_the_two_weeks_is_kept_and_flagged(received: str, late: bool) -> None:
    rows = [{"title": "Письмо", "source": "APPELLANT", "received_on": received}]
    data = {"information_request": {"due_on": "2026-03-16"}, "case_materials": {"materials": rows, "summary": "Спор"}}

    found = compile_materials(an_item(data)).data["materials"]

    assert (found["rows"][0]["late"], found["has_late"]) == (late, late)


def test_materials_go_only_to_members_who_have_undertaken_confidentiality() -> None:
    data = {**PANEL, "confidentiality_statement": SWORN[:3], "materials": {"rows": [{"title": "Отказ"}]}}

    outcome = deliver(an_item(data))

    assert outcome.data["materials_delivery"]["to"] == ["chair1", *FOUR[:3]]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"session_on": "2026-03-07"}, None),  # five days ahead
        ({"session_on": "2026-03-06"}, "LATE_INVITATION"),
        ({"session_on": "2026-03-06", "appellant_waiver": True}, "LATE_INVITATION"),
        ({"session_on": "2026-03-06", "appellant_waiver": True, "body_waiver": True}, None),
        ({"session_on": "2026-03-01"}, "IN_THE_PAST"),
    ],
)
def test_a_session_is_announced_five_days_ahead_or_by_waiver_of_all(values: dict[str, Any], code: str | None) -> None:
    assert code_of(may_schedule, an_item(PANEL), values) == code


RECORD = {"held_on": "2026-03-12", "appellant_heard": "IN_PERSON", "body_heard": "DECLINED"}


def _session(**changes: Any) -> dict[str, Any]:
    return {
        **PANEL,
        "voters": FOUR,
        "session": {"held_on": "2026-03-12", "invited_on": "2026-03-05", "waived": False},
        "confidentiality_statement": SWORN,
        "materials_delivery": {"to": FOUR},
        **changes,
    }


@pytest.mark.parametrize(
    ("data", "values", "now", "code"),
    [
        (_session(), {}, "2026-03-12", None),
        (_session(), {}, "2026-03-11", "TOO_EARLY"),
        (_session(confidentiality_statement=SWORN[:3]), {}, "2026-03-12", "CONFIDENTIALITY_MISSING"),
        (_session(materials_delivery={"to": FOUR[:3]}), {}, "2026-03-12", "MATERIALS_NOT_DELIVERED"),
        (_session(), {"body_heard": ""}, "2026-03-12", "NOT_HEARD"),
    ],
)
def test_a_hearing_needs_its_day_undertakings_materials_and_both_parties(
    data: dict[str, Any], values: dict[str, str], now: str, code: str | None
) -> None:
    assert code_of(may_record, an_item(data, now=f"{now}T12:00"), RECORD | values) == code


def test_a_decision_says_what_was_voted() -> None:
    case = an_item({"votes": {"outcome": "UPHELD"}, "hearing_record": RECORD})

    assert code_of(may_decide, case, {"result": "UPHELD"}) is None
    assert code_of(may_decide, case, {"result": "DISMISSED"}) == "RESULT_MISMATCH"


@pytest.mark.parametrize(("today", "on_time"), [("2026-04-02", True), ("2026-04-03", False)])
def test_the_decision_states_whether_the_month_was_kept(today: str, on_time: bool) -> None:
    decision = {"result": "DISMISSED", "legal_basis": "Пункт 5", "reasoning": "Верно", "operative_part": "Оставить"}
    counted = {"upheld": 1, "partly_upheld": 0, "dismissed": 3, "tie": False}

    outcome = issue_decision(an_item({**PANEL, "appeal_decision": decision, "votes": counted}, now=f"{today}T10:00"))

    assert outcome.data["verdict"]["on_time"] is on_time
    assert "суд" in str(outcome.documents[0].fields["Несогласие"])
