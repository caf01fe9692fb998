from datetime import date

import pytest

from rules.commission import (
    Commission,
    Consent,
    Matter,
    commission_denied,
    composition_denied,
    consent_denied,
    presiding,
)

ON = date(2026, 3, 2)
MATTER = Matter(
    organisations=frozenset({"3012"}),
    involved=frozenset({"asel"}),
    subjects=frozenset({"head"}),
    earlier_panel=frozenset({"lawyer"}),
)
TIES = [{"person": "sanjar", "organisation": "3012", "kind": "relative"}]


def panel(chair="rustam", members=("m1", "m2", "m3", "m4"), secretary="nilufar", deputy_chair="gulnara"):
    return Commission(chair=chair, members=members, secretary=secretary, deputy_chair=deputy_chair)


def codes(found):
    return [each.code for each in found]


@pytest.mark.parametrize(
    ("commission", "faults"),
    [
        (panel(), []),
        (panel(deputy_chair=""), []),
        (panel(members=("m1", "m2", "m3")), ["TOO_FEW_MEMBERS"]),
        (panel(members=("m1", "m2", "m3", "m3")), ["TOO_FEW_MEMBERS", "MEMBER_TWICE"]),
        (panel(secretary="m1"), ["SECRETARY_IS_MEMBER"]),
        (panel(secretary="rustam"), ["SECRETARY_IS_MEMBER"]),
        (panel(members=("rustam", "m2", "m3", "m4")), ["CHAIR_IS_MEMBER"]),
        (panel(chair=""), ["OFFICE_MISSING"]),
        (panel(deputy_chair="rustam"), ["CHAIR_IS_DEPUTY"]),
    ],
)
def test_four_vote_a_chair_presides_and_a_secretary_does_neither(commission, faults):
    assert codes(composition_denied(commission)) == faults


@pytest.mark.parametrize(
    ("member", "reasons"),
    [
        ("m4", []),
        ("sanjar", ["LINKED_TO_PARTY"]),
        ("asel", ["NOT_INDEPENDENT"]),
        ("head", ["LINKED_TO_SUBJECT"]),  # in spite of the office that 6.7.2 names
        ("lawyer", ["NOT_INDEPENDENT"]),  # another panel than for the complaint
    ],
)
def test_nobody_close_to_the_matter_sits(member, reasons):
    commission = panel(members=("m1", "m2", "m3", member))

    assert codes(commission_denied(commission, MATTER, TIES, ON)) == reasons


@pytest.mark.parametrize("office", ["chair", "deputy_chair", "secretary"])
def test_the_offices_need_the_same_distance(office):
    assert codes(commission_denied(panel(**{office: "sanjar"}), MATTER, iter(TIES), ON)) == ["LINKED_TO_PARTY"]


@pytest.mark.parametrize(
    ("consents", "decided", "over", "code"),
    [
        ({"appellant": Consent.AGREED, "body": Consent.AGREED}, set(), False, None),
        ({"appellant": Consent.SILENT}, set(), False, "CONSENT_AWAITED"),
        ({"appellant": Consent.SILENT}, set(), True, None),  # silence after the term
        ({"appellant": Consent.OBJECTED}, set(), True, "OBJECTION_UNDECIDED"),
        ({"appellant": Consent.OBJECTED}, {"appellant"}, False, None),
    ],
)
def test_parties_agree_keep_silent_or_have_their_objection_decided(consents, decided, over, code):
    refused = consent_denied(consents, decided, term_is_over=over)

    assert (refused.code if refused else None) == code


def test_the_deputy_presides_without_the_chair():
    assert presiding(panel(), chair_is_present=True) == "rustam"
    assert presiding(panel(), chair_is_present=False) == "gulnara"
