from datetime import date

import pytest

from rules.findings import Finding, Grade, reckon
from rules.surveillance import (
    Letter,
    Outcome,
    SurveillanceResult,
    after_missed_lift,
    fieldwork_denied,
    grounds_denied,
    letters_stand,
    offered_outcomes,
    outcome_denied,
    replacement_of_team,
    suspend_or_withdraw,
)

WAITS = ("P15D", "P15D")


def result(negligible=0, significant=0, in_time=True, effective=True):
    grades = [Grade.NEGLIGIBLE] * negligible + [Grade.SIGNIFICANT] * significant
    findings = [Finding(number=str(n), grade=grade) for n, grade in enumerate(grades)]
    return SurveillanceResult(
        reckoning=reckon(findings, "two_level"), corrected_in_time=in_time, earlier_actions_effective=effective
    )


@pytest.mark.parametrize(
    ("found", "may_confirm", "only_stop"),
    [
        (result(), True, False),
        (result(negligible=9), True, False),
        (result(negligible=10), False, True),  # C-128
        (result(significant=1), False, True),
        (result(in_time=False), False, False),  # C-125
        (result(effective=False), False, False),
    ],
)
def test_confirmation_needs_all_three_conditions(found, may_confirm, only_stop):
    offered = offered_outcomes(found)

    assert (outcome_denied(Outcome.CONFIRM, offered) is None) is may_confirm
    assert (offered == (Outcome.SUSPEND, Outcome.WITHDRAW)) is only_stop


@pytest.mark.parametrize(
    ("done", "proposed"),
    [(date(2026, 2, 25), "SUSPEND"), (date(2026, 2, 28), "SUSPEND"), (date(2026, 3, 1), "WITHDRAW")],
)
def test_a_month_parts_suspension_from_withdrawal(done, proposed):
    assert suspend_or_withdraw(date(2026, 1, 31), done) == proposed  # C-129


def test_after_a_missed_lift_only_withdrawal_and_reduction_are_left():
    assert after_missed_lift() == (Outcome.WITHDRAW, Outcome.REDUCE)  # C-130


@pytest.mark.parametrize(
    ("second", "answered", "today", "stand"),
    [
        # First letter sent on 2 February 2026, C-132.
        (None, None, date(2026, 2, 17), Letter.FIRST_WAITING),
        (None, None, date(2026, 2, 18), Letter.SECOND_DUE),
        (None, date(2026, 2, 18), date(2026, 2, 18), Letter.ANSWERED),
        (date(2026, 2, 18), None, date(2026, 3, 5), Letter.SECOND_WAITING),
        (date(2026, 2, 18), None, date(2026, 3, 6), Letter.HEAD_DECIDES),
        (date(2026, 2, 18), date(2026, 3, 5), date(2026, 3, 6), Letter.ANSWERED),  # stops the path
        (date(2026, 2, 18), date(2026, 3, 6), date(2026, 3, 6), Letter.HEAD_DECIDES),
    ],
)
def test_two_letters_of_fifteen_days_lead_to_the_head(second, answered, today, stand):
    assert letters_stand(date(2026, 2, 2), second, answered, today, waits=WAITS) is stand


def test_fieldwork_waits_for_money_and_signatures():
    assert fieldwork_denied(is_prepaid=True, has_programme_signatures=True) is None
    assert fieldwork_denied(is_prepaid=False, has_programme_signatures=True).code == "NOT_PREPAID"  # C-117
    assert fieldwork_denied(is_prepaid=True, has_programme_signatures=False).code == "PLAN_NOT_AGREED"  # C-124


def test_an_unplanned_team_cannot_be_contested():
    assert (replacement_of_team(is_planned=True), replacement_of_team(is_planned=False)) == ("OPEN", "NOT_APPLICABLE")


@pytest.mark.parametrize(
    ("grounds", "refused"),
    [({"voluntary"}, False), ({"voluntary", "reorganisation"}, False), (set(), True), ({"x"}, True)],
)
def test_a_suspension_has_coded_grounds(grounds, refused):
    assert (grounds_denied(grounds) is not None) is refused  # C-127
