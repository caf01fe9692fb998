"""The vote: one ballot per member, the chair on a tie alone, the secretary never."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.ballots import count_votes, may_chair_vote, may_vote, open_ballots, settle
from tests.handlers.certification_case import code_of, refused_code
from tests.handlers.item_case import an_item

FOUR = ["member1", "member2", "member3", "member4"]
PANEL = {"panel": {"chair": "chair1", "deputy_chair": "", "members": FOUR, "secretary": "secretary"}}


def votes(*results: str) -> dict[str, Any]:
    ballots = [{"by": login, "vote": vote} for login, vote in zip(FOUR, results, strict=False)]
    return {**PANEL, "ballot": ballots}


@pytest.mark.parametrize(
    ("actor", "groups", "code"),
    [
        ("member1", {}, None),
        ("secretary", {}, "NO_VOTE"),
        ("chair1", {}, "CHAIR_NO_TIE"),
        ("member5", {}, "NO_VOTE"),
        ("member1", {"involved": ["member1"]}, "NO_VOTE"),
        ("member1", {"party": ["member1"]}, "NO_VOTE"),
    ],
)
def test_only_voting_members_without_a_part_in_the_matter_vote(
    actor: str, groups: dict[str, list[str]], code: str | None
) -> None:
    assert code_of(may_vote, an_item(PANEL, actor=actor, groups=groups), {"vote": "UPHELD"}) == code


@pytest.mark.parametrize(
    ("results", "outcome", "tie"),
    [
        (("UPHELD", "UPHELD", "UPHELD", "DISMISSED"), "UPHELD", False),
        (("UPHELD", "UPHELD", "DISMISSED", "DISMISSED"), "", True),
        (("UPHELD", "PARTLY_UPHELD", "DISMISSED", "DISMISSED"), "DISMISSED", False),
    ],
)
def test_the_most_votes_decide_and_equal_ones_make_a_tie(results: tuple[str, ...], outcome: str, tie: bool) -> None:
    found = count_votes(an_item(votes(*results))).data["votes"]

    assert (found["outcome"], found["tie"]) == (outcome, tie)


def test_fewer_than_four_ballots_are_no_quorum() -> None:
    assert refused_code(count_votes, an_item(votes("UPHELD", "UPHELD", "UPHELD"))) == "NO_QUORUM"


def test_the_chair_votes_on_a_tie_alone_and_among_the_equal() -> None:
    tied = an_item(votes("UPHELD", "UPHELD", "DISMISSED", "DISMISSED"))
    clear = an_item(votes("UPHELD", "UPHELD", "UPHELD", "DISMISSED"))

    assert code_of(may_chair_vote, tied, {"vote": "DISMISSED"}) is None
    assert code_of(may_chair_vote, tied, {"vote": "PARTLY_UPHELD"}) == "CHAIR_OUTSIDE_TIE"
    assert code_of(may_chair_vote, clear, {"vote": "UPHELD"}) == "CHAIR_NO_TIE"


def test_the_outcome_of_a_tie_is_the_chairs_vote() -> None:
    data = votes("UPHELD", "UPHELD", "DISMISSED", "DISMISSED")
    data |= {"votes": {"tie": True, "outcome": ""}, "chair_ballot": {"vote": "DISMISSED"}}

    assert settle(an_item(data)).data["votes"]["outcome"] == "DISMISSED"


def test_an_earlier_chairs_vote_does_not_count_without_a_tie() -> None:
    data = votes("UPHELD", "UPHELD", "UPHELD", "DISMISSED")
    data |= {"votes": {"tie": False, "outcome": "UPHELD"}, "chair_ballot": {"vote": "DISMISSED"}}

    assert settle(an_item(data)).data["votes"]["outcome"] == "UPHELD"


def test_voting_opens_empty_for_the_members_who_took_part() -> None:
    present = [{"person": login} for login in ("chair1", *FOUR[1:])]

    outcome = open_ballots(an_item({**PANEL, "hearing_record": {"present": present}}))

    assert dict(outcome.data) == {"voters": FOUR[1:], "ballot": [], "votes": {}}  # nor does an earlier vote count
    assert [letter.kind for letter in outcome.letters] == ["vote_opened"] * 3
