from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.complaint_summary import Considered, by_month, three_years
from rules.costs import charged
from rules.hearing import critical_path, invitation_denied, is_late_material, opening_denied, unheard_denied
from rules.verdict import NotPossible
from rules.voting import Result
from rules.windows import (
    Admission,
    Adoption,
    Pace,
    Standing,
    admission,
    adoption,
    extension_notice,
    pace,
    refusal_standing,
)
from tests.rules import shipped

UZ = shipped.profile("UZ_PTA")


def test_the_path_of_an_appeal_is_laid_out_at_registration():
    # Registered on Thursday 2 April 2026: +3 d = 5 Apr Sun → 6; +14 d = 20 Apr; +5 d = 25 Apr; month: 2 May Sat → 4.
    path = critical_path(UZ.due, date(2026, 4, 2), notice_ahead="P5D")

    assert path.request == date(2026, 4, 6)
    assert path.materials == date(2026, 4, 20)
    assert path.commission == date(2026, 4, 7)
    assert path.earliest_session == date(2026, 4, 25)
    assert path.decision == date(2026, 5, 4)
    assert path.spare_days == 9
    assert path.warning is None


def test_the_earliest_session_is_on_day_twenty_two_when_no_term_rolls():
    path = critical_path(UZ.due, date(2026, 6, 1), notice_ahead="P5D")  # a Monday: 4, 18 and 23 June

    assert (path.earliest_session - date(2026, 6, 1)).days == 22  # 3 + 14 + 5


def test_a_path_that_does_not_fit_says_by_how_much():
    path = critical_path(UZ.due, date(2026, 6, 1), notice_ahead="P20D")

    assert path.warning is not None
    assert path.warning.facts["days"] == -path.spare_days == 7


@given(st.dates(date(2023, 3, 1), date(2030, 10, 1)))
def test_the_month_is_enough_whatever_the_day_of_registration(registered):
    path = critical_path(UZ.due, registered, notice_ahead="P5D")

    assert path.warning is None
    assert registered < path.request < path.materials < path.earliest_session <= path.decision


@pytest.mark.parametrize(
    ("invited", "waived", "refused"),
    [(date(2026, 3, 20), False, False), (date(2026, 3, 21), False, True), (date(2026, 3, 21), True, False)],
)
def test_parties_are_invited_five_days_ahead_or_waive_it(invited, waived, refused):
    found = invitation_denied(date(2026, 3, 25), invited, ahead="P5D", waived_by_all=waived)

    assert (found is not None) is refused


def test_a_session_opens_with_secrecy_signed_and_materials_delivered():
    assert opening_denied(["m1", "m2"], {"m1", "m2"}, {"m1", "m2"}) is None
    assert opening_denied(["m1", "m2"], {"m1"}, {"m1", "m2"}).code == "MATERIALS_NOT_DELIVERED"
    assert opening_denied(["m1", "m2"], {"m1", "m2"}, {"m2"}).code == "CONFIDENTIALITY_MISSING"


def test_each_party_has_its_chance_to_be_heard():
    assert unheard_denied(["заявитель", "орган"], {"заявитель", "орган"}) is None
    assert unheard_denied(["заявитель", "орган"], {"орган"}).facts["parties"] == "заявитель"


def test_late_material_is_flagged():
    assert not is_late_material(date(2026, 4, 20), date(2026, 4, 20))
    assert is_late_material(date(2026, 4, 21), date(2026, 4, 20))


@pytest.mark.parametrize(
    ("filed", "reason", "admitted"),
    [
        (date(2026, 4, 6), "", Admission.ADMITTED),  # C L187: received 5 March, 5 April is a Sunday
        (date(2026, 4, 7), "", Admission.LATE),
        (date(2026, 4, 7), "Болезнь", Admission.RESTORED),
    ],
)
def test_the_last_day_admits_an_appeal(filed, reason, admitted):
    last = shipped.profile("KZ_PCS").due("appeal.window", date(2026, 3, 5)).day

    assert admission(last, filed, restored_for=reason) is admitted


@pytest.mark.parametrize(
    ("last", "today", "more", "standing"),
    [
        (None, date(2026, 5, 1), {}, Standing.APPEALABLE),  # not received yet
        (date(2026, 4, 6), date(2026, 4, 6), {}, Standing.APPEALABLE),
        (date(2026, 4, 6), date(2026, 4, 7), {}, Standing.FINAL),  # C-105
        (date(2026, 4, 6), date(2026, 3, 10), {"waived": True}, Standing.FINAL),
        (date(2026, 4, 6), date(2026, 4, 7), {"appeal": "open"}, Standing.UNDER_APPEAL),
        (date(2026, 4, 6), date(2026, 4, 7), {"appeal": "dismissed"}, Standing.FINAL),
        (date(2026, 4, 6), date(2026, 4, 7), {"appeal": "upheld"}, Standing.CANCELLED),
    ],
)
def test_a_refusal_is_appealable_until_it_is_final(last, today, more, standing):
    assert refusal_standing(last, today, **more) is standing


@pytest.mark.parametrize(
    ("objected", "today", "expected"),
    [
        (None, date(2026, 4, 20), Adoption.AWAITING),
        (None, date(2026, 4, 21), Adoption.FINAL),
        (date(2026, 4, 20), date(2026, 4, 21), Adoption.CONTESTED),
        (date(2026, 4, 21), date(2026, 4, 21), Adoption.FINAL),  # too late
    ],
)
def test_a_decision_is_adopted_when_nobody_objects_in_time(objected, today, expected):
    last = UZ.due("objection", date(2026, 4, 4)).day  # + 14 d = Saturday 18 April, so Monday the 20th

    assert adoption(last, objected, today) is expected


@pytest.mark.parametrize(
    ("today", "done", "expected"),
    [
        (date(2026, 3, 13), None, Pace.OPEN),
        (date(2026, 3, 14), None, Pace.DUE_SOON),  # three days ahead
        (date(2026, 3, 18), None, Pace.OVERDUE),
        (date(2026, 3, 18), date(2026, 3, 17), Pace.DONE),
        (date(2026, 3, 18), date(2026, 3, 18), Pace.BREACHED),
    ],
)
def test_the_pace_of_an_item(today, done, expected):
    assert pace(date(2026, 3, 17), today, done_on=done) is expected


def test_an_extension_is_told_five_days_before_the_end():
    last = UZ.due("ext.notice_before", date(2026, 4, 2)).day

    assert last == date(2026, 3, 28)
    assert extension_notice(last, date(2026, 3, 28)) is None
    assert extension_notice(last, date(2026, 3, 29)).code == "LATE_NOTICE"


@pytest.mark.parametrize(
    ("result", "partly", "shares"),
    [
        (Result.DISMISSED, "none_charged", (1000, 0, 0)),
        (Result.UPHELD, "none_charged", (0, 1000, 0)),
        (Result.PARTLY_UPHELD, "none_charged", (0, 0, 1000)),
        (Result.PARTLY_UPHELD, "shared", (500, 500, 0)),
    ],
)
def test_the_loser_pays_commission_and_experts(result, partly, shares):
    charge = charged(result, Fraction(700), Fraction(300), is_final=True, partly=partly)

    assert (charge.appellant, charge.body, charge.unassigned) == shares


@pytest.mark.parametrize(("cost", "final", "code"), [(1, False, "NOT_FINAL"), (-1, True, "COSTS_INVALID")])
def test_costs_wait_for_a_final_decision(cost, final, code):
    with pytest.raises(NotPossible) as refused:
        charged(Result.UPHELD, Fraction(cost), Fraction(0), is_final=final)

    assert refused.value.why.code == code


ITEMS = [
    Considered(registered_on=date(2026, 1, 31), due=date(2026, 2, 15), closed_on=date(2026, 2, 15), is_justified=True),
    Considered(registered_on=date(2026, 2, 1), due=date(2026, 2, 16), closed_on=date(2026, 2, 17)),
    Considered(registered_on=date(2024, 12, 31), due=date(2025, 1, 15)),
]


def test_the_year_is_reported_by_month_and_beside_the_two_before():
    january, february = by_month(ITEMS, 2026)[:2]

    assert (january.submitted, january.justified, january.in_time_share) == (1, 1, 1)
    assert (february.submitted, february.justified, february.in_time_share) == (1, 0, 0)
    assert [each.submitted for each in three_years(ITEMS, 2026)] == [1, 0, 2]
    assert three_years(ITEMS, 2026)[0].in_time_share is None
