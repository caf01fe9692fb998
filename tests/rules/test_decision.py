from datetime import date

import pytest

from rules.competence import Need
from rules.decision import (
    TOOK_PART,
    CaseFile,
    Reason,
    decider_denied,
    grant_denied,
    handover_denied,
    independence_denied,
    panel_denied,
    reasons_denied,
    validity_denied,
)
from rules.findings import Conclusion

ON = date(2026, 3, 2)
NEED = Need(standards=("ISO 9001", "ISO 14001"), codes=("28",))


def evaluated(person, standard):
    return {"person": person, "standard": standard, "code": "28", "function": "decision"}


def code_of(refused):
    return refused.code if refused else None


@pytest.mark.parametrize("group", TOOK_PART)
def test_whoever_took_part_in_any_role_does_not_decide(group):
    assert code_of(independence_denied("asel", {group: ["asel"]})) == "NOT_INDEPENDENT"  # C-093


def test_after_an_upheld_appeal_another_decides():
    assert code_of(independence_denied("asel", {}, first_deciders=["asel"])) == "NOT_INDEPENDENT"
    assert independence_denied("nurlan", {"audit_team": ["asel"]}, first_deciders=["asel"]) is None


def test_the_decision_maker_is_competent_in_every_standard():
    rows = [evaluated("nurlan", "ISO 9001"), evaluated("nurlan", "ISO 14001"), evaluated("madina", "ISO 9001")]

    assert decider_denied(rows, "nurlan", NEED, ON, groups={}) is None
    assert code_of(decider_denied(rows, "madina", NEED, ON, groups={})) == "COMPETENCE_MISSING"
    assert code_of(decider_denied(rows, "nurlan", NEED, ON, groups={"trainees": ["nurlan"]})) == "NOT_INDEPENDENT"


def test_a_panel_may_be_competent_together():
    rows = [evaluated("madina", "ISO 9001"), evaluated("viktor", "ISO 14001")]

    assert panel_denied(rows, ["madina", "viktor"], NEED, ON) is None
    assert code_of(panel_denied(rows, ["madina"], NEED, ON)) == "COMPETENCE_MISSING"


@pytest.mark.parametrize(
    ("conclusion", "open_numbers", "code"),
    [
        (Conclusion.CONFORMING, (), None),
        (Conclusion.NOT_CONFORMING, ("1",), "NOT_CONFORMING"),  # C-097
        (Conclusion.NOT_CONFORMING, (), None),  # closed and verified by the decision date
        (Conclusion.CONFORMING_SUBJECT_TO_CA, ("1",), "NOT_VERIFIED"),
    ],
)
def test_a_grant_waits_for_verified_closure(conclusion, open_numbers, code):
    assert code_of(grant_denied(CaseFile(conclusion=conclusion, open_numbers=open_numbers))) == code


def reason(standard="ISO 9001", clause="8.4", fulfilled=True):
    return Reason(standard=standard, clause=clause, is_fulfilled=fulfilled)


@pytest.mark.parametrize(
    ("outcome", "reasons", "code"),
    [
        ("grant", [reason(), reason("ISO 14001")], None),
        ("grant", [reason()], "REASON_MISSING"),  # nothing on the other standard
        ("grant", [reason(), reason("ISO 14001", fulfilled=False)], "REASONS_CONTRADICT"),
        ("grant", [], "REASON_MISSING"),
        ("refuse", [reason(fulfilled=False)], None),
        ("refuse", [reason()], "REASONS_CONTRADICT"),
        ("refuse", [reason("оплата", "", fulfilled=False)], "CRITERION_NOT_ALLOWED"),  # C-100
        ("refuse", [reason(clause=" ", fulfilled=False)], "CRITERION_NOT_ALLOWED"),
    ],
)
def test_only_clauses_of_the_standards_are_reasons(outcome, reasons, code):
    assert code_of(reasons_denied(outcome, reasons, ("ISO 9001", "ISO 14001"))) == code


@pytest.mark.parametrize(
    ("until", "code"),
    [
        (date(2029, 3, 2), None),  # C-095: not later than the decision plus three years
        (date(2029, 3, 3), "VALIDITY_TOO_LONG"),
        (date(2026, 3, 2), "VALIDITY_TOO_SHORT"),
        (date(2026, 3, 3), None),
    ],
)
def test_a_certificate_is_valid_for_three_years_at_most(until, code):
    assert code_of(validity_denied(ON, until)) == code


def test_a_file_is_handed_over_whole():
    refused = handover_denied({"act"}, ("act", "report", "protocols"))  # C-094

    assert refused is not None
    assert refused.facts["items"] == "report, protocols"
