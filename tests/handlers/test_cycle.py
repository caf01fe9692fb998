"""The cycle of a certificate: what opens by itself, what nobody plans too late, what nobody looked at."""

from __future__ import annotations

from datetime import date
from typing import Any

from handlers.cycle import look, opened, plan, recertification, record, write_recertification
from tests.handlers.certification_case import a_case, code_of
from tests.handlers.control_case import journal

CERTIFIED = opened(a_case(), number="СМ.2026.0001", decided_on=date(2026, 3, 2), valid_until=date(2029, 3, 2)).data


def planned(on: str, **more: Any) -> dict[str, Any]:
    """Return the values of a planning form."""
    return {"outcome": "planned", "planned_on": on, "leader": "auditor1", **more}


def test_a_new_certificate_knows_the_last_days_of_its_cycle() -> None:
    assert {name: CERTIFIED[name] for name in CERTIFIED if name.endswith("_limit")} == {
        "surveillance_1_limit": "2027-03-02",
        "surveillance_2_limit": "2028-03-02",
        "recertification_limit": "2029-03-01",
    }
    assert CERTIFIED["preparation_from"] == "2028-11-02"


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
    assert controls[1].data["limit_on"] == "2028-03-02"


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


def test_a_withdrawn_certificate_is_not_recertified() -> None:
    withdrawn = journal("certificates", {"СМ.2026.0001": {"Статус": "WITHDRAWN"}})

    assert look(a_case({"certified": CERTIFIED}, registers=withdrawn)).data["cycle_status"]["in_force"] is False
    valid = journal("certificates", {"СМ.2026.0001": {"Статус": "VALID"}})
    assert look(a_case({"certified": CERTIFIED}, registers=valid)).data["cycle_status"]["in_force"] is True


def test_what_no_control_of_the_cycle_looked_at_is_named() -> None:
    row = {
        "Сертификат": "СМ.2026.0001",
        "Цикл": "2026-03-02",
        "Элементы": ["4", "5", "6", "9", "10"],
        "Подразделения": ["Завод"],
    }
    case = a_case({"certified": CERTIFIED}, registers=journal("coverage", {"1": row}))

    assert look(case).data["cycle_status"]["gaps"].split(", ")[:2] == ["7", "8"]


def test_recertification_ends_before_the_expiry_and_plans_what_was_left_out() -> None:
    case = a_case({"certified": CERTIFIED, "cycle_status": {"gaps": "7, 8"}})

    assert code_of(recertification, case, planned("2029-03-02")) == "PLANNED_TOO_LATE"
    assert code_of(recertification, case, planned("2029-03-01")) == "COVERAGE_GAPS"
    assert code_of(recertification, case, planned("2029-03-01", gaps_plan="В первый день")) is None
    assert code_of(recertification, case, {"outcome": "not_needed"}) is None


def test_the_letter_on_recertification_names_the_last_day_to_apply() -> None:
    letter = write_recertification(a_case({"certified": CERTIFIED})).letters[0]

    assert "02.01.2029" in letter.body
    assert letter.due == date(2029, 1, 2)


def test_the_planned_recertification_is_in_the_journal_of_cycles() -> None:
    data = {
        "certified": CERTIFIED,
        "cycle_status": {"gaps": ""},
        "plan_recertification": {"outcome": "not_needed"},
    }

    row = record(a_case(data)).records[0]

    assert (row.journal, row.key) == ("cycle", "СМ.2026.0001")
    assert row.fields["Ресертификация"] == "не нужна"
