import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.durations import Duration, last_day, shift_months

DAYS = st.dates(date(1990, 1, 1), date(2200, 1, 1))


@pytest.mark.parametrize(
    ("start", "duration", "last"),
    [
        (date(2026, 1, 31), "P1M", date(2026, 2, 28)),  # C-081: no 31 February
        (date(2024, 1, 31), "P1M", date(2024, 2, 29)),
        (date(2026, 2, 28), "P1M", date(2026, 3, 28)),  # the day number, not the end of the month
        (date(2024, 2, 29), "P3Y", date(2027, 2, 28)),
        (date(2023, 11, 10), "P3Y", date(2026, 11, 10)),
        (date(2026, 2, 2), "P15D", date(2026, 2, 17)),  # C-132
        (date(2026, 2, 18), "P15D", date(2026, 3, 5)),  # C-132
        (date(2026, 3, 2), "P2W", date(2026, 3, 16)),
        (date(2026, 5, 31), "-P3M", date(2026, 2, 28)),
        (date(2026, 3, 2), "P0D", date(2026, 3, 2)),
    ],
)
def test_a_term_ends_on_the_same_day_number_or_the_last_of_the_month(start, duration, last):
    assert last_day(start, duration) == last


@pytest.mark.parametrize("text", ["", "P", "PT", "1M", "P1X", "P-1M", "P1.5D", "P1D ", "p1d", "P1DT"])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ValueError, match="duration"):
        Duration.parse(text)


def test_hours_cannot_be_counted_from_a_bare_day():
    with pytest.raises(ValueError, match="instant"):
        last_day(date(2026, 1, 1), "PT24H")


@given(DAYS, st.integers(-600, 600))
def test_months_shift_the_month_by_exactly_so_many(day, months):
    moved = shift_months(day, months)

    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == day.day or moved.day == calendar.monthrange(moved.year, moved.month)[1] < day.day


@given(DAYS, DAYS, st.integers(0, 60))
def test_a_later_start_never_ends_earlier(one, other, months):
    first, second = sorted((one, other))

    assert shift_months(first, months) <= shift_months(second, months)


@given(DAYS, st.integers(0, 4000))
def test_days_are_days(day, count):
    assert last_day(day, f"P{count}D") == day + timedelta(days=count)
