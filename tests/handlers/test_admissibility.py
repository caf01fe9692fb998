"""What an item lacks, what is asked for, and what may stop it."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.admissibility import check, not_consider, recheck, request
from tests.handlers.item_case import NAMED, an_item, submission

APPEAL = {"intake": {"proposed_category": "APPEAL"}}


@pytest.mark.parametrize(
    ("changes", "state", "missing", "reason"),
    [
        ({}, "COMPLETE", [], "IDENTITY"),
        ({"applicants": None}, "ASK", ["identity"], "IDENTITY"),
        ({"applicants": None, "email": None}, "NOT_CONSIDERED", ["identity"], "IDENTITY"),
        ({"kind": "ELECTRONIC", "email": None}, "ASK", ["reply_email"], "IDENTITY"),
        ({"by_representative": True}, "ASK", ["authority"], "AUTHORITY"),
        ({"applicants": [{"name": "Н. Юсупова"}]}, "ASK", ["identity"], "IDENTITY"),
    ],
)
def test_what_lacks_is_asked_for_where_there_is_an_address(
    changes: dict[str, Any], state: str, missing: list[str], reason: str
) -> None:
    found = check(an_item({"submission": submission(**changes)})).data["admissibility"]

    assert (found["state"], found["missing"], found["reason"]) == (state, missing, reason)


def test_an_appeal_without_substance_or_acquaintance_is_asked_for_both() -> None:
    case = an_item({**APPEAL, "item": {"applicants": [NAMED], "email": "a@b.uz", "acquainted": "NOT_YET"}})

    assert check(case).data["admissibility"]["missing"] == ["substance", "acquaintance"]


def test_the_request_names_the_missing_parts_and_the_last_day() -> None:
    lacking = {"reason": "AUTHORITY", "missing": ["authority"]}

    outcome = request(an_item({"admissibility": lacking}, now="2026-04-01T10:00"))

    assert outcome.data["completion_request"]["sent_on"] == "2026-04-01"
    assert "06.04.2026" in outcome.letters[0].body  # five days for authority
    assert "полномочиях" in outcome.letters[0].body


@pytest.mark.parametrize(
    ("changes", "completion", "state", "status"),
    [
        ({"applicants": None}, None, "NOT_CONSIDERED", "NOT_CONSIDERED_ANONYMOUS"),
        ({"applicants": None}, {"applicants": [NAMED]}, "COMPLETE", ""),
        ({"by_representative": True}, None, "NOT_CONSIDERED", "NOT_CONSIDERED_NO_AUTHORITY"),
        ({"by_representative": True}, {"authority_document": "f1"}, "COMPLETE", ""),
        ({"kind": "ELECTRONIC", "email": None}, None, "COMPLETE", ""),  # flagged only
    ],
)
def test_after_the_term_only_identity_and_authority_stop_an_item(
    changes: dict[str, Any], completion: dict[str, Any] | None, state: str, status: str
) -> None:
    data = {"submission": submission(**changes), **({"item_completion": completion} if completion else {})}

    found = recheck(an_item(data)).data["admissibility"]

    assert (found["state"], found["status"]) == (state, status)


@pytest.mark.parametrize(("status", "letters"), [("NOT_CONSIDERED_ANONYMOUS", 0), ("NOT_CONSIDERED_NO_AUTHORITY", 1)])
def test_an_anonymous_sender_is_owed_no_reply(status: str, letters: int) -> None:
    data = {"admissibility": {"status": status}, "nonconsideration": {"grounds": "нет имени"}}

    outcome = not_consider(an_item(data))

    assert outcome.data["outcome"]["status"] == status
    assert len(outcome.letters) == letters
    assert outcome.records[0].fields["Код статуса"] == status
