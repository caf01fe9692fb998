"""The shipped calendars hold the days of the library that they were seeded from, until a decree changes them."""

from __future__ import annotations

import csv
from pathlib import Path

import holidays
import pytest

CALENDARS = Path(__file__).resolve().parents[2] / "processes" / "calendars"
YEARS = range(2023, 2031)


@pytest.mark.parametrize("country", ["KZ", "UZ"])
def test_a_shipped_calendar_has_the_holidays_and_working_weekends_of_its_seed(country: str) -> None:
    lines = (CALENDARS / f"{country}.csv").read_text("utf-8").splitlines()
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    seed = holidays.country_holidays(country, years=YEARS)
    working = {day.isoformat() for day in seed.weekend_workdays if day.year in YEARS}

    assert {row["date"] for row in rows if row["kind"] == "holiday"} == {day.isoformat() for day in seed}
    assert {row["date"] for row in rows if row["kind"] == "working"} == working
