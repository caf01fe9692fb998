"""Commissions: who may sit in them, what the parties say, who is in office."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.commission import (
    activate,
    appoint,
    ask_views,
    may_approve,
    may_order,
    may_propose,
    may_sign_order,
    settle_views,
)
from tests.handlers.certification_case import code_of
from tests.handlers.item_case import an_item, submission

GROUPS = {"commission_secretary": ["secretary"], "involved": ["auditor1"], "subject": ["head"], "party": ["lawyer"]}
FOUR = ("member1", "member2", "member3", "member4")


def proposal(*members: str, **changes: Any) -> dict[str, Any]:
    return {"chair": "chair1", "members": [{"person": each} for each in members], "independence": "проверено"} | changes


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (proposal(*FOUR), None),
        (proposal(*FOUR[:3]), "TOO_FEW_MEMBERS"),
        (proposal(*FOUR[:3], "member5"), "LINKED_TO_PARTY"),  # a relative of the appellant
        (proposal(*FOUR[:3], "auditor1"), "NOT_INDEPENDENT"),
        (proposal(*FOUR[:3], "head"), "LINKED_TO_SUBJECT"),
        (proposal(*FOUR[:3], "lawyer"), "NOT_INDEPENDENT"),  # speaks for a party
        (proposal(*FOUR, "secretary"), "SECRETARY_IS_MEMBER"),
        (proposal(*FOUR, chair="member1"), "CHAIR_IS_MEMBER"),
        (proposal(*FOUR[:3], "member1"), "TOO_FEW_MEMBERS"),
    ],
)
def test_a_commission_has_four_voters_apart_from_the_parties(values: dict[str, Any], code: str | None) -> None:
    assert code_of(may_propose, an_item(groups=GROUPS), values) == code


def test_an_appeal_against_the_answer_to_a_complaint_gets_another_panel() -> None:
    data = {"submission": submission(complaint_case="А-2026-0001")}
    rows = [{"_key": "12-П", "_case": "А-2026-0001", "Учётные записи": ["member2"]}]
    case = an_item(data, groups=GROUPS, registers={"journals/commissions": rows})

    assert code_of(may_propose, case, proposal(*FOUR)) == "NOT_INDEPENDENT"


def order(*members: str) -> dict[str, Any]:
    rows = [{"person": each} for each in members]
    return {"chair": "officer", "secretary": "secretary", "members": rows, "task": "Проверить"}


def test_the_head_is_not_in_a_commission_about_the_head() -> None:
    case = an_item({"complaint_order": order("head")}, groups=GROUPS)

    assert code_of(may_order, case, order("head")) == "LINKED_TO_SUBJECT"
    assert code_of(may_order, case, order("auditor4")) is None
    assert code_of(may_sign_order, case, {"decision": "SIGN"}) == "LINKED_TO_SUBJECT"
    assert code_of(may_sign_order, case, {"decision": "RETURN"}) is None


def test_the_chair_of_a_complaint_commission_answers_for_the_reply() -> None:
    data = {"complaint_order": order("auditor4"), "complaint_order_signature": {"number": "12-П"}}

    outcome = appoint(an_item(data))

    assert ("responsible", "officer") in {(each.group, each.login) for each in outcome.participants}
    assert outcome.records[0].fields["Учётные записи"] == ["officer", "secretary", "auditor4"]
    assert outcome.documents[0].kind == "commission_order"


@pytest.mark.parametrize(
    ("appellant", "body", "objection", "words"),
    [
        ({"view": "AGREE"}, {}, False, ("AGREED", "SILENT")),
        ({"view": "OBJECT"}, {"view": "AGREE"}, True, ("OBJECTED", "AGREED")),
    ],
)
def test_silence_is_written_down_as_such(
    appellant: dict[str, str], body: dict[str, str], objection: bool, words: tuple[str, str]
) -> None:
    found = settle_views(an_item({"appellant_view": appellant, "body_view": body})).data["composition"]

    assert (found["objection"], (found["appellant"], found["body"])) == (objection, words)


@pytest.mark.parametrize(
    ("views", "decision", "code"),
    [
        ({"appellant_view": {"view": "AGREE"}}, None, None),
        ({"appellant_view": {"view": "OBJECT"}}, None, "OBJECTION_UNDECIDED"),
        ({"appellant_view": {"view": "OBJECT"}}, "KEEP", None),
    ],
)
def test_an_objection_is_decided_before_approval(views: dict[str, Any], decision: str | None, code: str | None) -> None:
    data = {"commission_proposal": proposal(*FOUR), **views}
    if decision:
        data["view_decision"] = {"decision": decision}

    assert code_of(may_approve, an_item(data, groups=GROUPS), {"decision": "APPROVE"}) == code


def test_a_new_composition_is_asked_about_anew() -> None:
    data = {"commission_proposal": proposal(*FOUR), "appellant_view": {"view": "OBJECT"}}

    outcome = ask_views(an_item(data, groups=GROUPS))

    assert outcome.data["appellant_view"] == {}
    assert [letter.kind for letter in outcome.letters] == ["composition_proposed"] * 2


def test_the_approved_commission_votes_without_chair_and_secretary() -> None:
    data = {"commission_proposal": proposal(*FOUR, deputy_chair="quality"), "commission_approval": {"number": "14-П"}}

    outcome = activate(an_item(data, groups=GROUPS, now="2026-03-10T10:00"))

    assert outcome.data["voters"] == list(FOUR)
    assert outcome.data["panel"]["secretary"] == "secretary"
    assert outcome.documents[0].fields["В срок"] == "да"  # 2 March + 5 days is rolled over the holiday to the 10th
    assert {each.login for each in outcome.participants if each.group == "commission_chair"} == {"chair1", "quality"}


def test_silence_is_an_objection_where_the_profile_reads_it_so() -> None:
    case = an_item({"appellant_view": {"view": "AGREE"}}, readings={"composition.silence": "objection"})

    assert settle_views(case).data["composition"]["body"] == "OBJECTED"
