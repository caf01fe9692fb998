"""The decision after a control, and the way of a holder who refuses it."""

from __future__ import annotations

from typing import Any

import pytest

from handlers import control_decision, surveillance_refusal
from tests.handlers.certification_case import Data, code_of
from tests.handlers.control_case import a_control

ORDER: Data = {"decider_order": {"person": "auditor4", "number": "1", "dated": "2026-03-02"}}


def after(grades: list[str], **more: Any) -> Data:
    """Return the data of a control that closed on 27 February with findings of these grades."""
    rows = [
        {
            "number": str(number),
            "grade": grade,
            "process": str(number),
            "type": "—",
            "department": "—",
            "standard": "ISO 9001",
        }
        for number, grade in enumerate(grades)
    ]
    return {
        **ORDER,
        "findings": {"rows": rows},
        "closing_meeting": {"held_on": "2026-02-27"},
        "control_results": {"effective": True},
        **more,
    }


@pytest.mark.parametrize(
    ("data", "offered", "proposed"),
    [
        (after([]), ["CONFIRM", "REDUCE"], "CONFIRM"),
        (after(["minor"], ca_status={"result": "VERIFIED"}), ["CONFIRM", "REDUCE"], "CONFIRM"),
        (after(["minor"], ca_status={"result": "LATE"}), ["SUSPEND", "WITHDRAW", "REDUCE"], "WITHDRAW"),
        (after([], control_results={"effective": False}), ["SUSPEND", "WITHDRAW", "REDUCE"], "SUSPEND"),
        (after(["significant"], actions_plan={"done_on": "2026-03-27"}), ["SUSPEND", "WITHDRAW"], "SUSPEND"),
        (after(["significant"], actions_plan={"done_on": "2026-03-28"}), ["SUSPEND", "WITHDRAW"], "WITHDRAW"),
        (after(["significant"]), ["SUSPEND", "WITHDRAW"], "WITHDRAW"),
        (after(["negligible"] * 10, actions_plan={"done_on": "2026-03-20"}), ["SUSPEND", "WITHDRAW"], "SUSPEND"),
    ],
)
def test_the_result_of_a_control_offers_its_outcomes(data: Data, offered: list[str], proposed: str) -> None:
    offer = control_decision.appoint(a_control(data)).data["control_offer"]

    assert (offer["outcomes"], offer["proposed"]) == (offered, proposed)


def test_a_suspension_needs_a_ground_and_a_day_within_the_month() -> None:
    case = a_control(after(["significant"], actions_plan={"done_on": "2026-03-20"}), actor="auditor4")
    values = {"outcome": "SUSPEND", "grounds": ["systematic_breach"], "due_on": "2026-03-27"}

    assert code_of(control_decision.check, case, values) is None
    assert code_of(control_decision.check, case, {**values, "grounds": []}) == "GROUND_MISSING"
    assert code_of(control_decision.check, case, {**values, "due_on": "2026-03-28"}) == "DUE_TOO_LATE"
    assert code_of(control_decision.check, case, {"outcome": "CONFIRM"}) == "OUTCOME_NOT_ALLOWED"


def test_actions_longer_than_a_month_are_not_suspended() -> None:
    case = a_control(after(["significant"], actions_plan={"done_on": "2026-04-10"}), actor="auditor4")
    values = {"outcome": "SUSPEND", "grounds": ["systematic_breach"], "due_on": "2026-03-27"}

    assert code_of(control_decision.check, case, values) == "MONTH_EXCEEDED"


def test_nobody_of_the_team_decides() -> None:
    case = a_control(after([]), actor="auditor1", groups={"audit_team": ["auditor1"]})

    assert code_of(control_decision.check, case, {"outcome": "CONFIRM"}) == "NOT_INDEPENDENT"


def test_a_reduction_names_a_part_of_the_scope() -> None:
    case = a_control(after([]), actor="auditor4")

    def reduce(*items: str) -> str | None:
        values = {"outcome": "REDUCE", "excluded": [{"item": item} for item in items]}
        return code_of(control_decision.check, case, values)

    assert reduce("ПЛИТЫ") is None
    assert reduce() == "EXCLUSIONS_MISSING"
    assert reduce("кровля") == "EXCLUSIONS_WRONG"
    assert reduce("бетон", "плиты") == "EXCLUSIONS_WRONG"


def test_what_was_decided_goes_over_to_the_case_on_the_status() -> None:
    decision = {"outcome": "SUSPEND", "grounds": ["voluntary"], "due_on": "2026-03-27", "reasons": "Есть причины"}
    data = after([], control_decision={**decision, "decided_on": "2026-03-03", "decided_by": "auditor4"})

    opened = control_decision.open_status(a_control(data, groups={"audit_team": ["auditor1"]})).cases[0]

    assert opened.process == "certificate_status"
    assert opened.data["team"] == [{"person": "auditor1"}]
    assert (opened.data["decided_by"], opened.data["due_on"]) == ("auditor4", "2026-03-27")


LETTERS: Data = {
    "letter1": {"number": "1", "sent_on": "2026-02-02"},
    "refusal_stand": {"result": "WAITING", "last_letter": "2026-02-02"},
}


def test_the_second_letter_waits_fifteen_days() -> None:
    case = a_control(LETTERS, now="2026-02-18T09:00")

    assert code_of(surveillance_refusal.sent, case, {"sent_on": "2026-02-17"}) == "TOO_EARLY"
    assert code_of(surveillance_refusal.sent, case, {"sent_on": "2026-02-19"}) == "DATE_IN_FUTURE"
    assert code_of(surveillance_refusal.sent, case, {"sent_on": "2026-02-18"}) is None


def test_a_reply_on_the_fifteenth_day_stops_the_path_and_silence_brings_the_head() -> None:
    both = {**LETTERS, "letter2": {"sent_on": "2026-02-18"}, "refusal_stand": {"last_letter": ""}}
    values = {"outcome": "SUSPEND", "grounds": ["obstructed_surveillance"], "due_on": "2026-06-01"}

    last, next_day = a_control(both, now="2026-03-05T20:00"), a_control(both, now="2026-03-06T09:00")

    assert code_of(surveillance_refusal.replied, last, {"replied_on": "2026-03-05"}) is None
    assert code_of(surveillance_refusal.decidable, last, values) == "TOO_EARLY"
    assert code_of(surveillance_refusal.decidable, next_day, values) is None
    assert code_of(surveillance_refusal.decidable, next_day, {**values, "due_on": "2026-09-07"}) == "DUE_TOO_LATE"
