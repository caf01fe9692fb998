from datetime import date

import pytest

from rules.impartiality import (
    declaration_denied,
    interest_denied,
    rotation_notice,
    tie_denied,
    ties_between,
    undeclared,
)

FORMER = {"person": "auditor5", "organisation": "1203", "kind": "employee", "valid_to": date(2024, 11, 30)}
PRESENT = {"person": "expert2", "organisation": "9911", "kind": "consultant", "valid_from": "2026-05-01"}


@pytest.mark.parametrize(
    ("on", "counts"),
    [
        (date(2024, 11, 30), True),
        (date(2026, 11, 30), True),  # two years to the day
        (date(2026, 12, 1), False),
    ],
)
def test_a_former_tie_counts_for_two_years(on, counts):
    assert bool(ties_between([FORMER], "auditor5", {"1203"}, on, lookback="P2Y")) is counts


def test_a_tie_counts_from_its_first_day_and_without_an_end():
    assert not ties_between([PRESENT], "expert2", {"9911"}, date(2026, 4, 30), lookback="P2Y")
    assert ties_between([PRESENT], "expert2", {"9911"}, date(2036, 5, 1), lookback="P2Y")


def test_a_refusal_shows_the_tie():
    refused = tie_denied([FORMER, PRESENT], "auditor5", {"1203", "9911"}, date(2026, 3, 2), lookback="P2Y")

    assert refused is not None
    assert refused.code == "LINKED_TO_PARTY"
    assert refused.facts["ties"] == "работа в 1203 до 30.11.2024"
    assert tie_denied([FORMER], "auditor5", {"9911"}, date(2026, 3, 2), lookback="P2Y") is None


def test_a_declaration_is_asked_of_everybody():
    assert undeclared(["asel", "ruslan", "trainee1"], {"ruslan"}) == ("asel", "trainee1")
    assert declaration_denied("ruslan", {"ruslan"}) is None
    refused = declaration_denied("asel", {"ruslan"})
    assert refused is not None
    assert refused.code == "DECLARATION_MISSING"


@pytest.mark.parametrize(
    ("person", "code"), [("head", "LINKED_TO_SUBJECT"), ("asel", "NOT_INDEPENDENT"), ("lawyer", None)]
)
def test_nobody_considers_what_they_did(person, code):
    refused = interest_denied(person, involved={"asel"}, subjects={"head"})

    assert (refused.code if refused else None) == code


@pytest.mark.parametrize(("cycles", "after", "warned"), [(2, 3, False), (3, 3, True), (9, 0, False)])
def test_familiarity_is_a_warning_that_can_be_switched_off(cycles, after, warned):
    assert (rotation_notice("asel", cycles, warn_after=after) is not None) is warned
