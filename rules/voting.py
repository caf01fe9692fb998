"""How a commission decides: simple majority, and the chair's vote when votes are equal.

Source: A 6.10.7, 6.10.9, 6.10.13 (A-084, A-087, A-089). Three outcomes are possible, so "majority" is read as more
votes than any other outcome has (profile vote.majority), and the chair chooses among the equal ones alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rules.commission import Commission
from rules.verdict import Denied, NotPossible, denied


class Result(StrEnum):
    """What a commission may decide on an appeal (A-076)."""

    UPHELD = "UPHELD"
    PARTLY_UPHELD = "PARTLY_UPHELD"
    DISMISSED = "DISMISSED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """One member's vote; there is no abstention."""

    voter: str
    vote: Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """The members' votes counted: an outcome, or the equal ones among which the chair chooses."""

    votes: Mapping[Result, int]
    """Every result, also those without a vote."""
    outcome: Result | None
    tied: tuple[Result, ...]
    """Empty unless the chair has to vote."""

    @property
    def is_tie(self) -> bool:
        """Whether the chair's vote decides."""
        return bool(self.tied)


def ballot_denied(
    voter: str, commission: Commission, *, parties: Collection[str] = (), subjects: Collection[str] = ()
) -> Denied | None:
    """Refuse a ballot of anybody but a voting member who is neither a party nor concerned.

    Source: A 6.10.7, 6.10.11, 6.10.13 (A-084, A-074, A-089); ISO/IEC 17065 7.13.5.
    """
    if voter == commission.secretary:
        return denied("NO_VOTE", "Секретарь комиссии не голосует.")
    if voter in parties:
        return denied("NO_VOTE", "Сторона спора и её представитель не голосуют.")
    if voter in subjects:
        return denied("NO_VOTE", "Тот, кого касается дело, не голосует.")
    if voter == commission.chair:
        return denied("CHAIR_NO_TIE", "Председатель голосует отдельно и только при равенстве голосов.")
    if voter not in commission.members:
        return denied("NO_VOTE", "{person} не член этой комиссии.", person=voter)
    return None


def counted(
    ballots: Sequence[Ballot], commission: Commission, *, quorum: int = 4, majority: str = "most_votes"
) -> Count:
    """Count the members' ballots; the outcome has more votes than any other, and equal leaders make a tie.

    Where `majority` is `more_than_half`, a single leader also needs more than half of the ballots.
    Raises NotPossible: NO_VOTE for a ballot that `ballot_denied` refuses, VOTED_TWICE, NO_QUORUM below the quorum,
    NO_MAJORITY where the members must vote again.

    >>> panel = Commission(chair="c", members=("1", "2", "3", "4"), secretary="s")
    >>> votes = [Ballot(voter=n, vote=vote) for n, vote in zip("1234", [Result.UPHELD] * 2 + [Result.DISMISSED] * 2)]
    >>> counted(votes, panel).tied == (Result.UPHELD, Result.DISMISSED)
    True
    """
    for ballot in ballots:
        refused = ballot_denied(ballot.voter, commission)
        if refused:
            raise NotPossible(refused)
    if len({ballot.voter for ballot in ballots}) < len(ballots):
        raise NotPossible(denied("VOTED_TWICE", "Один член комиссии подал два голоса."))
    if len(ballots) < quorum:
        raise NotPossible(
            denied("NO_QUORUM", "Подано голосов {count}, нужно {quorum}.", count=len(ballots), quorum=quorum)
        )
    votes = Counter(ballot.vote for ballot in ballots)
    most = max(votes.values())
    leaders = tuple(result for result in Result if votes[result] == most)
    if majority == "more_than_half" and len(leaders) == 1 and 2 * most <= len(ballots):
        raise NotPossible(denied("NO_MAJORITY", "Больше половины голосов нет ни за один исход: голосуют ещё раз."))
    return Count(
        votes={result: votes[result] for result in Result},
        outcome=leaders[0] if len(leaders) == 1 else None,
        tied=leaders if len(leaders) > 1 else (),
    )


def quorum_of(rule: str, *, least: int, members: int) -> int:
    """Return how many ballots are needed: the least number of voters, or every member.

    Source: A 6.10.13 (A-089) is silent; profile quorum, voters_min.

    >>> quorum_of("voters_min", least=4, members=6), quorum_of("all", least=4, members=6)
    (4, 6)
    """
    return max(least, members) if rule == "all" else least


def chair_denied(count: Count, vote: Result) -> Denied | None:
    """Refuse the chair's ballot unless votes are equal, and then for an outcome that is not among the equal ones.

    Source: A 6.10.13 (A-089).
    """
    if not count.is_tie:
        return denied("CHAIR_NO_TIE", "Голоса не равны: председатель не голосует.")
    if vote not in count.tied:
        return denied(
            "CHAIR_OUTSIDE_TIE",
            "Председатель выбирает среди равных исходов: {results}.",
            results=[RESULT_NAMES[result] for result in count.tied],
        )
    return None


RESULT_NAMES: Mapping[Result, str] = {
    Result.UPHELD: "удовлетворить",
    Result.PARTLY_UPHELD: "удовлетворить частично",
    Result.DISMISSED: "отклонить",
}


def outcome(count: Count, chair_vote: Result | None = None) -> Result:
    """Return what the commission decided.

    Raises NotPossible: CHAIR_VOTE_NEEDED for a tie without the chair's vote, and as `chair_denied` for a wrong one.
    """
    if chair_vote is not None:
        refused = chair_denied(count, chair_vote)
        if refused:
            raise NotPossible(refused)
        return chair_vote
    if count.outcome is None:
        raise NotPossible(denied("CHAIR_VOTE_NEEDED", "Голоса равны: решает председатель."))
    return count.outcome
