"""The cycle of a certificate: what opens by itself, and when."""

from __future__ import annotations

from datetime import date

import pytest

from handlers.cycle import opened, plan
from tests.handlers.certification_case import a_case
from tests.handlers.control_case import journal

CERTIFIED = opened(a_case(), number="СМ.2026.0001", decided_on=date(2026, 3, 2), valid_until=date(2029, 3, 2)).data


def test_a_new_certificate_knows_the_last_days_of_its_cycle() -> None:
    assert {name: CERTIFIED[name] for name in CERTIFIED if name.endswith("_limit")} == {
        "surveillance_1_limit": "2027-03-02",
        "surveillance_2_limit": "2028-12-01",
    }


def test_a_new_certificate_passes_its_findings_on() -> None:
    row = {"number": "У-1", "grade": "notification", "text": "Калибровка на исходе"}

    data = opened(
        a_case({"findings": {"rows": [row]}}), number="1", decided_on=date(2026, 3, 2), valid_until=date(2029, 3, 2)
    ).data

    assert data["earlier"] == [
        {"case": "С-2026-0001", "number": "У-1", "kind": "notification", "text": "Калибровка на исходе"}
    ]


def test_controls_open_by_themselves_two_months_before_their_last_day() -> None:
    outcome = plan(a_case({"certified": CERTIFIED}))

    controls = [each for each in outcome.plans if each.process == "surveillance"]
    assert [each.opens_on for each in controls] == [date(2027, 1, 3), date(2028, 1, 3)]
    assert [each.key for each in controls] == [
        "certificate/СМ.2026.0001/2026-03-02/surveillance_1",
        "certificate/СМ.2026.0001/2026-03-02/surveillance_2",
    ]
    assert controls[1].data["limit_on"] == "2028-12-01"


def test_the_schedule_of_a_year_opens_by_itself_a_month_before_it() -> None:
    schedules = [
        each for each in plan(a_case({"certified": CERTIFIED})).plans if each.process == "surveillance_schedule"
    ]

    assert [(each.key, each.opens_on) for each in schedules] == [
        ("surveillance_schedule/2027", date(2026, 12, 1)),
        ("surveillance_schedule/2028", date(2027, 12, 1)),
    ]


def test_a_control_that_lies_before_the_system_is_not_planned_again() -> None:
    controls = [
        each
        for each in plan(a_case({"certified": CERTIFIED}, now="2027-06-01T10:00")).plans
        if each.process == "surveillance"
    ]

    assert [each.data["kind"] for each in controls] == ["surveillance_2"]


def test_a_certificate_from_before_the_system_is_entered_once() -> None:
    known = journal("certificates", {"СМ.2026.0001": {"Статус": "VALID"}})

    entered = [row.journal for row in plan(a_case({"certified": CERTIFIED})).records]
    again = [row.journal for row in plan(a_case({"certified": CERTIFIED}, registers=known)).records]

    assert "certificates" in entered
    assert "certificates" not in again


def test_recertification_opens_by_itself_three_months_before_the_expiry() -> None:
    found = [each for each in plan(a_case({"certified": CERTIFIED})).plans if each.process == "recertification"]

    assert [(each.key, each.opens_on) for each in found] == [
        ("recertification/СМ.2026.0001/2026-03-02", date(2028, 12, 2))
    ]
    assert found[0].data == {"certificate": "СМ.2026.0001", "origin": "register"}


def test_the_end_of_the_certificate_opens_by_itself_the_day_after_its_last_day() -> None:
    found = [each for each in plan(a_case({"certified": CERTIFIED})).plans if each.process == "certificate_expiry"]

    assert [(each.key, each.opens_on) for each in found] == [
        ("certificate/СМ.2026.0001/expiry/2029-03-02", date(2029, 3, 3))
    ]


@pytest.mark.parametrize(
    ("decided_on", "valid_until", "controls", "recertification", "end"),
    [
        # granted on the last of February, and the term ends in a leap year on the twenty-eighth
        ("2025-02-28", "2028-02-28", ["2026-02-28", "2027-11-27"], "2027-11-28", "2028-02-29"),
        # granted on a leap day: the years without one end on the twenty-eighth
        ("2028-02-29", "2031-02-28", ["2029-02-28", "2030-11-27"], "2030-11-28", "2031-03-01"),
        # a month end: three months before the thirty-first of May is the end of February
        ("2026-05-31", "2029-05-31", ["2027-05-31", "2028-12-31"], "2029-02-28", "2029-06-01"),
    ],
)
def test_month_ends_and_leap_days_move_no_term_past_its_last_day(
    decided_on: str, valid_until: str, controls: list[str], recertification: str, end: str
) -> None:
    start = opened(
        a_case(), number="1", decided_on=date.fromisoformat(decided_on), valid_until=date.fromisoformat(valid_until)
    ).data

    plans = plan(a_case({"certified": start}, now=f"{decided_on}T10:00")).plans

    opens = {each.process: each.opens_on.isoformat() for each in plans}
    assert [each.data["limit_on"] for each in plans if each.process == "surveillance"] == controls
    assert (opens["recertification"], opens["certificate_expiry"]) == (recertification, end)
