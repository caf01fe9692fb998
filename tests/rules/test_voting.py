import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.commission import Commission
from rules.verdict import NotPossible
from rules.voting import Ballot, Result, ballot_denied, chair_denied, counted, outcome

MEMBERS = ("m1", "m2", "m3", "m4", "m5")
PANEL = Commission(chair="chair", members=MEMBERS, secretary="secretary")
UP, PART, DOWN = Result.UPHELD, Result.PARTLY_UPHELD, Result.DISMISSED


def ballots(*votes):
    return [Ballot(voter=voter, vote=vote) for voter, vote in zip(MEMBERS, votes, strict=False)]


@pytest.mark.parametrize(
    ("votes", "decided", "tied"),
    [
        ((UP, UP, UP, DOWN), UP, ()),  # 3 to 1
        ((UP, UP, DOWN, DOWN), None, (UP, DOWN)),  # 2 to 2
        ((UP, UP, PART, DOWN), UP, ()),  # more than any other
        ((UP, UP, PART, PART, DOWN), None, (UP, PART)),
        ((DOWN, DOWN, DOWN, DOWN, DOWN), DOWN, ()),
    ],
)
def test_the_outcome_with_more_votes_than_any_other_wins(votes, decided, tied):
    count = counted(ballots(*votes), PANEL)

    assert count.outcome == decided
    assert count.tied == tied


def test_the_chair_decides_a_tie_and_nothing_else():
    tie, clear = counted(ballots(UP, UP, DOWN, DOWN), PANEL), counted(ballots(UP, UP, UP, DOWN), PANEL)

    assert outcome(tie, DOWN) is DOWN
    assert outcome(clear) is UP
    assert chair_denied(clear, UP).code == "CHAIR_NO_TIE"
    assert chair_denied(tie, PART).code == "CHAIR_OUTSIDE_TIE"
    with pytest.raises(NotPossible, match="решает председатель"):
        outcome(tie)
    with pytest.raises(NotPossible, match="не голосует"):
        outcome(clear, DOWN)


@pytest.mark.parametrize(
    ("voter", "code"),
    [
        ("m1", None),
        ("secretary", "NO_VOTE"),
        ("appellant", "NO_VOTE"),
        ("m2", "NO_VOTE"),  # concerned
        ("chair", "CHAIR_NO_TIE"),
        ("passer-by", "NO_VOTE"),
    ],
)
def test_who_has_no_ballot(voter, code):
    refused = ballot_denied(voter, PANEL, parties={"appellant"}, subjects={"m2"})

    assert (refused.code if refused else None) == code


@pytest.mark.parametrize(
    ("given_ballots", "code"),
    [
        (ballots(UP, UP, UP), "NO_QUORUM"),
        ([*ballots(UP, UP, UP), Ballot(voter="m1", vote=UP)], "VOTED_TWICE"),
        ([*ballots(UP, UP, UP, UP), Ballot(voter="secretary", vote=UP)], "NO_VOTE"),
        ([*ballots(UP, UP, DOWN, DOWN), Ballot(voter="chair", vote=UP)], "CHAIR_NO_TIE"),
    ],
)
def test_a_count_refuses_wrong_ballots(given_ballots, code):
    with pytest.raises(NotPossible) as refused:
        counted(given_ballots, PANEL)

    assert refused.value.why.code == code


@given(st.lists(st.sampled_from(Result), min_size=4, max_size=5), st.sampled_from(Result))
def test_the_chair_never_decides_without_a_tie(votes, chair):
    count = counted(ballots(*votes), PANEL)

    if count.is_tie:
        assert count.outcome is None
        assert (chair_denied(count, chair) is None) == (chair in count.tied)
    else:
        assert chair_denied(count, chair) is not None
        assert count.votes[outcome(count)] == max(count.votes.values())
    assert sum(count.votes.values()) == len(votes)


@given(st.permutations([UP, UP, PART, DOWN, DOWN]))
def test_the_order_of_ballots_does_not_matter(votes):
    assert counted(ballots(*votes), PANEL).tied == (UP, DOWN)
