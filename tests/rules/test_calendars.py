from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calendars import Calendar
from rules.verdict import NotPossible
from tests.rules import shipped


@pytest.mark.parametrize(
    ("country", "day", "working"),
    [
        ("KZ", date(2026, 3, 9), False),  # 8 March is a Sunday, its day off is moved to Monday
        ("KZ", date(2026, 3, 10), True),
        ("KZ", date(2026, 3, 24), False),  # 21 and 22 March fall on a weekend
        ("KZ", date(2025, 1, 5), True),  # a Sunday made a working day
        ("KZ", date(2026, 8, 31), True),  # Constitution Day is no holiday in 2026
        ("KZ", date(2026, 4, 5), False),  # a plain Sunday
        ("UZ", date(2026, 12, 12), True),  # a Saturday made a working day for 31 December
        ("UZ", date(2026, 12, 31), False),
        ("UZ", date(2026, 9, 1), False),
    ],
)
def test_the_shipped_calendar_knows_moved_days(country, day, working):
    assert shipped.calendar(country).is_working(day) is working


@pytest.mark.parametrize("country", ["KZ", "UZ"])
def test_the_shipped_calendars_speak_of_every_year_to_2030(country):
    assert shipped.calendar(country).years == frozenset(range(2023, 2031))


def test_a_year_without_rows_is_refused_and_not_guessed():
    with pytest.raises(NotPossible) as refused:
        shipped.calendar("KZ").next_working_day(date(2031, 1, 1))

    assert refused.value.why.code == "CALENDAR_ENDS"
    assert "2031" in refused.value.why.message


def test_the_version_changes_with_a_day_and_not_with_the_order_of_rows():
    rows = [{"date": "2026-03-08", "kind": "holiday"}, {"date": "2026-12-12", "kind": "working"}]

    assert Calendar.from_rows("UZ", rows).version == Calendar.from_rows("UZ", rows[::-1]).version
    assert Calendar.from_rows("UZ", rows).version != Calendar.from_rows("UZ", rows[:1]).version


@pytest.mark.parametrize(
    "rows",
    [
        [{"date": "2026-03-08", "kind": "half"}],
        [{"date": "8 March", "kind": "holiday"}],
        [{"date": "2026-03-08", "kind": "holiday"}, {"date": "2026-03-08", "kind": "working"}],
    ],
)
def test_a_broken_row_is_named(rows):
    with pytest.raises(ValueError, match=r"2026-03-08|8 March"):
        Calendar.from_rows("UZ", rows)


@given(st.dates(date(2023, 6, 1), date(2030, 6, 1)), st.integers(0, 60))
def test_working_days_forth_and_back_meet(start, count):
    calendar = shipped.calendar("UZ")
    begin = calendar.next_working_day(start)

    assert calendar.add_working_days(calendar.add_working_days(begin, count), -count) == begin
