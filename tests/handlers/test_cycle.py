"""The cycle of a certificate: its dates, and that nobody plans beyond them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from handlers.cycle import opened, recertification, record, surveillance_1, surveillance_2, write_recertification
from tests.handlers.certification_case import a_case, code_of

CERTIFIED = opened(a_case(), number="СМ.2026.0001", decided_on=date(2026, 3, 2), valid_until=date(2029, 3, 2)).data


def planned(on: str) -> dict[str, Any]:
    """Return the values of a planning form."""
    return {"outcome": "planned", "planned_on": on, "leader": "auditor1"}


def test_a_new_certificate_knows_the_last_days_of_its_cycle() -> None:
    assert {name: CERTIFIED[name] for name in CERTIFIED if name.endswith("_limit")} == {
        "surveillance_1_limit": "2027-03-02",
        "surveillance_2_limit": "2028-03-02",
        "recertification_limit": "2029-03-01",
    }
    assert CERTIFIED["preparation_from"] == "2028-11-02"


@pytest.mark.parametrize(
    ("guard", "last"),
    [(surveillance_1, "2027-03-02"), (surveillance_2, "2028-03-02"), (recertification, "2029-03-01")],
)
def test_no_work_of_the_cycle_is_planned_after_its_last_day(guard: Any, last: str) -> None:
    case = a_case({"certified": CERTIFIED})
    next_day = last[:-1] + str(int(last[-1]) + 1)

    assert code_of(guard, case, planned(last)) is None
    assert code_of(guard, case, planned(next_day)) == "PLANNED_TOO_LATE"
    assert code_of(guard, case, {"outcome": "not_needed"}) is None


def test_the_letter_on_recertification_names_the_last_day_to_apply() -> None:
    letter = write_recertification(a_case({"certified": CERTIFIED})).letters[0]

    assert "02.01.2029" in letter.body
    assert letter.due == date(2029, 1, 2)


def test_the_planned_works_are_in_the_journal_of_cycles() -> None:
    data = {
        "certified": CERTIFIED,
        "plan_surveillance_1": planned("2027-02-15"),
        "plan_surveillance_2": planned("2028-02-14"),
        "plan_recertification": {"outcome": "not_needed"},
    }

    row = record(a_case(data)).records[0]

    assert (row.journal, row.key) == ("cycle", "СМ.2026.0001")
    assert row.fields["Первый инспекционный контроль"] == "15.02.2027"
    assert row.fields["Ресертификация"] == "не нужна"
