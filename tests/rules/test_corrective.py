from datetime import date

import pytest

from rules.corrective import (
    CUSTODY,
    Action,
    Arrival,
    SiteEvidence,
    arrival,
    closure_denied,
    custody_denied,
    needs_repeat_stage2,
    revisit_denied,
    submission_denied,
)
from rules.findings import Grade

DUE = date(2026, 2, 28)  # a month after a closing meeting on 31 January, C-081


@pytest.mark.parametrize(
    ("submitted", "today", "expected"),
    [
        (date(2026, 2, 28), date(2026, 2, 28), Arrival.IN_TIME),
        (date(2026, 3, 1), date(2026, 3, 1), Arrival.LATE),
        (None, date(2026, 2, 28), Arrival.AWAITED),
        (None, date(2026, 3, 1), Arrival.NONE),  # C-083: terminated
    ],
)
def test_evidence_is_in_time_to_the_last_day(submitted, today, expected):
    assert arrival(submitted, DUE, today) is expected


def test_cause_plan_and_action_are_asked_of_every_nonconformity():
    full = Action(number="1", grade=Grade.MINOR, cause="Нет обучения", plan="Обучить", action="Обучены")
    bare = Action(number="2", grade=Grade.NEGLIGIBLE, cause="Нет обучения", plan="Обучить", action=" ")
    notification = Action(number="3", grade=Grade.NOTIFICATION)

    assert submission_denied([full, notification]) is None
    refused = submission_denied([full, bare, notification])  # C-080
    assert refused is not None
    assert refused.facts["numbers"] == "2"


@pytest.mark.parametrize(
    ("given", "verified", "code"),
    [
        ([("1", "Цех", True, "Фото"), ("1", "Склад", False, "")], {"1"}, None),
        ([("1", "Цех", True, "Фото")], {"1"}, "SITES_UNASSESSED"),  # C-066
        ([("1", "Цех", True, "Фото"), ("1", "Склад", True, " ")], {"1"}, "SITES_WITHOUT_EVIDENCE"),  # C-082
        ([("1", "Цех", True, "Фото"), ("1", "Склад", False, "")], set(), "NOT_VERIFIED"),  # C-088
    ],
)
def test_closing_needs_every_site_judged_evidenced_and_verified(given, verified, code):
    evidence = [
        SiteEvidence(number=number, site=site, is_applicable=applies, evidence=text)
        for number, site, applies, text in given
    ]

    refused = closure_denied(["1"], ["Цех", "Склад"], evidence, verified)

    assert (refused.code if refused else None) == code


@pytest.mark.parametrize(
    ("first", "visit", "code"),
    [
        (Arrival.IN_TIME, date(2026, 4, 1), None),  # after the month, on day 30
        (Arrival.IN_TIME, date(2026, 4, 2), "REVISIT_DATE"),
        (Arrival.LATE, date(2026, 3, 10), "LATE"),
    ],
)
def test_a_repeat_visit_may_be_after_the_month_if_the_first_evidence_was_in_time(first, visit, code):
    refused = revisit_denied(first, visit, assessed_on=date(2026, 3, 2), max_days=30)

    assert (refused.code if refused else None) == code


@pytest.mark.parametrize(
    ("today", "is_open", "repeat"),
    [
        (date(2026, 8, 28), True, False),  # six months after 28 February
        (date(2026, 8, 29), True, True),
        (date(2026, 8, 29), False, False),
    ],
)
def test_stage_two_is_repeated_after_six_months_of_an_open_significant_one(today, is_open, repeat):
    assert needs_repeat_stage2(date(2026, 2, 28), is_open, today) is repeat


def test_a_protocol_goes_its_four_steps_in_order():
    for done in range(len(CUSTODY)):
        assert custody_denied(CUSTODY[:done], CUSTODY[done]) is None  # C-072
    assert custody_denied(["issued"], "returned") is not None
    assert custody_denied(CUSTODY, "issued") is not None
