from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from rules.terms import ProfileTerms, Term, earlier_of, is_in_time
from tests.rules import shipped
from tests.rules.shipped import PROFILES, profile


@pytest.mark.parametrize(
    ("body", "term", "start", "last"),
    [
        ("KZ_PCS", "ca.window", date(2026, 1, 31), date(2026, 2, 28)),  # C L160: a Saturday, and not moved
        ("KZ_PCS", "appeal.window", date(2026, 3, 5), date(2026, 4, 6)),  # C L187: 5 April is a Sunday
        ("KZ_PCS", "refusal.notice", date(2026, 3, 2), date(2026, 3, 5)),  # C L176
        ("KZ_PCS", "refusal.notice", date(2026, 3, 6), date(2026, 3, 10)),  # Mon 9 March is a moved holiday
        ("KZ_PCS", "refusal.notice_working", date(2026, 3, 6), date(2026, 3, 12)),
        ("KZ_PCS", "surv.refusal.letter1", date(2026, 2, 2), date(2026, 2, 17)),  # C L237
        ("KZ_PCS", "surv.refusal.letter2", date(2026, 2, 18), date(2026, 3, 5)),  # C L237
        ("KZ_PCS", "surv.refusal.letter1", date(2026, 2, 6), date(2026, 2, 21)),  # a Saturday: no roll
        ("KZ_PCS", "restore.window", date(2026, 1, 31), date(2026, 7, 31)),  # C L256
        ("KZ_PCS", "recert.latest_letter", date(2026, 12, 31), date(2026, 10, 31)),  # C L252
        ("KZ_PCS", "application.review", date(2026, 3, 4), date(2026, 3, 12)),  # 5 working days over 8-9 March
        ("UZ_PTA", "head_subject.escalate", date(2026, 3, 2), date(2026, 3, 10)),  # A 6.7.7: Sat 7 rolls over 8-9
        ("UZ_PTA", "complaint.body", date(2026, 3, 2), date(2026, 3, 17)),  # A 6.7.1
        ("UZ_PTA", "prelim.reply", date(2026, 3, 6), date(2026, 3, 10)),  # A 6.1.1: Sunday 8 March, holiday
        ("UZ_PTA", "complaint.applicant", date(2026, 1, 31), date(2026, 3, 2)),  # A 6.6.4: 28 February is a Saturday
        ("UZ_PTA", "decision", date(2026, 3, 2), date(2026, 4, 2)),  # A 6.10.14
        ("UZ_PTA", "objection", date(2026, 4, 4), date(2026, 4, 20)),  # A 6.10.19: 18 April is a Saturday
        ("UZ_PTA", "court", date(2026, 4, 4), date(2026, 4, 19)),  # A 6.10.20: named without a roll
        ("UZ_PTA", "notice", date(2026, 3, 25), date(2026, 3, 20)),  # A 6.10.10: five days ahead
    ],
)
def test_the_shipped_terms_end_when_the_procedure_says(body, term, start, last):
    assert profile(body).due(term, start).day == last


def test_the_day_of_an_instant_is_the_day_in_the_zone_of_the_body():
    late_evening = datetime(2026, 3, 2, 20, 30, tzinfo=UTC)  # 01:30 on 3 March in Almaty

    due = profile("KZ_PCS").due("refusal.notice", late_evening)

    assert due.start == date(2026, 3, 3)
    assert due.due.isoformat() == "2026-03-06T23:59:59+05:00"


def test_hours_run_from_the_instant():
    zone, term = ZoneInfo("Asia/Almaty"), {"start": "task", "duration": "PT24H", "source": "§", "title": "Сутки"}
    terms = {"day": Term.from_table("day", term, {})}
    body = ProfileTerms(profile="KZ_PCS", zone=zone, calendar=shipped.calendar("KZ"), terms=terms)

    due = body.due("day", datetime(2026, 3, 2, 15, 0, tzinfo=zone))

    assert due.due.isoformat() == "2026-03-03T15:00:00+05:00"


def test_a_deadline_explains_itself():
    due = profile("UZ_PTA").due("appeal.window", date(2026, 3, 5))

    assert (due.term, due.duration, due.day_type, due.roll) == ("appeal.window", "P15D", "calendar", "next_working_day")
    assert due.calendar == shipped.calendar("UZ").version
    assert (due.source, due.confidence) == ("A 6.10.1 (A-078)", "H")


def test_a_plain_calendar_term_names_no_calendar():
    assert profile("KZ_PCS").due("ca.window", date(2026, 1, 31)).calendar == ""


def test_the_last_second_of_the_last_day_is_in_time_and_the_next_is_not():
    due = profile("KZ_PCS").due("appeal.window", date(2026, 3, 5))
    almaty = ZoneInfo("Asia/Almaty")

    assert is_in_time(due, datetime(2026, 4, 6, 23, 59, 59, 999999, tzinfo=almaty))
    assert not is_in_time(due, datetime(2026, 4, 7, 0, 0, tzinfo=almaty))


def test_of_two_kinds_of_three_days_the_earlier_is_kept():
    terms = profile("KZ_PCS")
    both = [terms.due(name, date(2026, 3, 6)) for name in ("refusal.notice_working", "refusal.notice")]

    assert earlier_of(both).day == date(2026, 3, 10)


def test_a_reading_may_be_chosen_for_one_case():
    assert profile("KZ_PCS").reading("nc.taxonomy") == "two_level"
    assert profile("KZ_PCS", **{"nc.taxonomy": "three_level_literal"}).reading("nc.taxonomy") == "three_level_literal"


def test_an_unknown_name_is_answered_with_the_nearest():
    with pytest.raises(KeyError, match=r"appeal\.window"):
        profile("UZ_PTA").due("appeal.windw", date(2026, 3, 5))
    with pytest.raises(KeyError, match=r"nc\.taxonomy"):
        profile("KZ_PCS", **{"nc.taxonmy": "two_level"})


def test_a_start_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        profile("UZ_PTA").due("decision", datetime(2026, 3, 5, 12, 0))  # noqa: DTZ001


@pytest.mark.parametrize(
    "wrong",
    [
        {"duration": "1 month"},
        {"day_type": "workdays"},
        {"roll": "next"},
        {"kind": "law"},
        {"duration": "P1M", "day_type": "working"},
        {"duration": "-P2M", "roll": "next_working_day"},
    ],
)
def test_a_broken_term_is_named(wrong):
    table = {"title": "Срок", "start": "task", "duration": "P5D", **wrong}

    with pytest.raises(ValueError, match=r"some\.term"):
        Term.from_table("some.term", table)


@pytest.mark.parametrize("body", sorted(PROFILES))
def test_every_shipped_term_and_reading_can_be_shown_to_an_assessor(body):
    terms = profile(body)

    for name, term in terms.terms.items():
        assert terms.due(name, date(2026, 3, 2)).day.year in range(2025, 2030), name
        assert term.title, name
        assert term.source, name
        assert term.confidence in {"H", "M", "G"}, name
    for name, reading in terms.readings.items():
        assert reading.title, name
        assert reading.source, name
        assert reading.confidence in {"H", "M", "G"}, name
