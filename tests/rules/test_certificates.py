from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.certificates import (
    Restoration,
    full_expiry,
    is_withdrawn,
    issue_denied,
    late_application,
    recertified,
    recertified_expiry,
    retention_end,
)
from rules.programme import PROGRAMME, cycle_dates, not_covered, programme_denied
from rules.replacement import Certificate, Change, reissue_denied, reissue_notice, replacement_denied

EXPIRY = date(2026, 1, 31)


@pytest.mark.parametrize(
    ("decided", "outcome"),
    [
        (date(2026, 1, 31), Restoration.RENEW),
        (date(2026, 6, 30), Restoration.RESTORE),  # C-149
        (date(2026, 7, 31), Restoration.RESTORE),  # six months to the day
        (date(2026, 8, 1), Restoration.NEW_PROCESS),
        (date(2026, 8, 3), Restoration.NEW_PROCESS),  # C-149
    ],
)
def test_a_certificate_is_restored_within_six_months(decided, outcome):
    assert recertified(EXPIRY, decided) is outcome


def test_a_new_cycle_follows_the_old_one_or_the_decision():
    assert recertified_expiry(EXPIRY, date(2026, 6, 30)) == date(2029, 1, 31)
    assert recertified_expiry(EXPIRY, date(2026, 6, 30), basis="decision") == date(2029, 6, 30)


def test_the_full_term_has_two_readings():
    assert full_expiry(date(2026, 3, 2)) == date(2029, 3, 2)
    assert full_expiry(date(2026, 3, 2), reading="day_before") == date(2029, 3, 1)


def test_a_late_application_is_a_warning():
    assert late_application(date(2026, 4, 30), date(2026, 2, 28)) is None  # two months before 30 April
    late = late_application(date(2026, 4, 30), date(2026, 3, 1))
    assert late is not None
    assert late.code == "LATE_APPLICATION"


def test_a_withdrawal_begins_with_its_entry():
    entered = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)  # C-136

    assert not is_withdrawn(None, entered)
    assert not is_withdrawn(entered, datetime(2026, 3, 4, 11, 59, tzinfo=UTC))
    assert is_withdrawn(entered, entered)


def test_a_certificate_needs_both_signatures():
    assert issue_denied({"decider", "head"}, ("decider", "head")) is None
    assert issue_denied(set(), ("decider", "head")) is not None


def test_a_file_outlives_the_cycle():
    assert retention_end(date(2029, 3, 2), date(2029, 3, 2)) == date(2032, 3, 2)
    assert retention_end(date(2033, 1, 1), date(2029, 3, 2)) == date(2033, 1, 1)


def test_a_leap_day_decision_has_its_cycle():
    cycle = cycle_dates(date(2024, 2, 29), date(2027, 2, 28))

    assert cycle.surveillance_1 == date(2025, 2, 28)
    assert cycle.latest_letter == date(2026, 12, 28)
    assert cycle.recertification < cycle.expires_on  # C-006


@pytest.mark.parametrize(
    ("decided", "expires", "frequency", "second"),
    [
        (date(2026, 3, 2), date(2029, 3, 2), "calendar_year", date(2028, 12, 1)),  # before recertification
        (date(2026, 5, 29), date(2029, 5, 29), "calendar_year", date(2028, 12, 31)),
        (date(2026, 3, 2), date(2029, 3, 2), "rolling_12_months", date(2028, 3, 2)),
        (date(2024, 2, 29), date(2027, 2, 28), "rolling_12_months", date(2026, 2, 28)),
        (date(2026, 3, 2), date(2028, 6, 30), "calendar_year", date(2028, 3, 29)),  # before recertification
    ],
)
def test_surveillance_goes_by_the_calendar_year_after_the_first(decided, expires, frequency, second):
    assert cycle_dates(decided, expires, frequency=frequency).surveillance_2 == second


ENTRIES = [(kind, date(2026 + year, 3, 2)) for year, kind in enumerate(PROGRAMME)]


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        (ENTRIES, None),
        ([*ENTRIES, ("unplanned", date(2020, 1, 1))], None),
        (ENTRIES[:-1], "PROGRAMME_INCOMPLETE"),
        ([*ENTRIES[:2], ENTRIES[3], ("surveillance_1", date(2031, 1, 1)), ENTRIES[4]], "PROGRAMME_ORDER"),
    ],
)
def test_a_programme_has_its_five_audits_in_order(entries, code):
    refused = programme_denied(entries, expires_on=date(2030, 3, 3))  # C-033

    assert (refused.code if refused else None) == code


def test_recertification_is_planned_before_the_expiry():
    assert programme_denied(ENTRIES, expires_on=date(2030, 3, 2)) is not None


def test_everything_is_looked_at_once_a_cycle():
    assert not_covered(("4.1", "8.4"), [{"4.1"}, {"8.4"}]) == ()
    assert not_covered(("4.1", "8.4"), [{"4.1"}]) == ("8.4",)  # C-116


OLD = Certificate(
    number="KZ-1", issued_on=date(2025, 5, 5), expires_on=date(2028, 5, 5), scope=frozenset({"бетон", "раствор"})
)
DECIDED = date(2026, 6, 1)


def new(**changes):
    values = {"number": "KZ-1", "issued_on": DECIDED, "expires_on": OLD.expires_on, "scope": OLD.scope, **changes}
    return Certificate(**values)


WIDER = OLD.scope | {"плиты"}
NARROWER = frozenset({"бетон"})


@pytest.mark.parametrize(
    ("change", "certificate", "code"),
    [
        (Change.REISSUE, new(), None),
        (Change.REISSUE, new(expires_on=date(2028, 5, 4)), None),  # C-142: not later than before
        (Change.REISSUE, new(expires_on=date(2028, 5, 6)), "EXPIRY_CHANGED"),
        (Change.REISSUE, new(number="KZ-2"), "NUMBER_CHANGED"),
        (Change.EXTENSION_SAME_KIND, new(scope=WIDER), None),  # C-155
        (Change.EXTENSION_SAME_KIND, new(scope=WIDER, issued_on=date(2026, 6, 2)), "ISSUE_DATE"),
        (Change.EXTENSION_SAME_KIND, new(), "SCOPE_NOT_EXTENDED"),
        (Change.EXTENSION_SAME_KIND, new(scope=WIDER, expires_on=date(2029, 6, 1)), "EXPIRY_CHANGED"),
        (Change.EXTENSION_NEW_KIND, new(scope=WIDER, number="KZ-2"), None),  # C-152
        (Change.EXTENSION_NEW_KIND, new(scope=WIDER), "NUMBER_KEPT"),
        (Change.REDUCTION, new(scope=NARROWER), None),  # C-158
        (Change.REDUCTION, new(), "SCOPE_NOT_REDUCED"),
        (Change.REDUCTION, new(scope=NARROWER, number="KZ-2"), "NUMBER_CHANGED"),
    ],
)
def test_what_a_new_certificate_keeps_of_the_old(change, certificate, code):
    refused = replacement_denied(OLD, certificate, change, decided_on=DECIDED)

    assert (refused.code if refused else None) == code


def test_reissue_has_three_reasons_and_a_month():
    assert reissue_denied("name") is None
    assert reissue_denied("merger") is not None  # C-139
    assert reissue_notice(date(2026, 1, 31), date(2026, 2, 28)) is None
    assert reissue_notice(date(2026, 1, 31), date(2026, 3, 1)) is not None  # C-140


@given(st.dates(date(2020, 1, 1), date(2060, 1, 1)))
def test_a_cycle_is_in_order_whatever_the_day(decided):
    cycle = cycle_dates(decided, full_expiry(decided))

    assert decided < cycle.surveillance_1 < cycle.surveillance_2 < cycle.reminder
    assert cycle.reminder < cycle.latest_letter < cycle.recertification < cycle.expires_on
