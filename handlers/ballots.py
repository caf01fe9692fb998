"""The vote of an appeal commission: one ballot per member, the chair on a tie alone.

Source: A 6.10.7, 6.10.9, 6.10.13 (A-084, A-087, A-089).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.steps import Case, Outcome, Refused, guard, step
from handlers.client_file import refuse, shown
from handlers.commission import panel_of
from handlers.item import to_people
from rules.verdict import NotPossible
from rules.voting import Ballot, Count, Result, ballot_denied, chair_denied, counted, outcome, quorum_of


@step(writes=("voters", "ballot", "votes"), requirements=("A-084", "A-089"))
def open_ballots(case: Case) -> Outcome:
    """Name the voters: the members who took part in the hearing, never the secretary and never the chair.

    Reads:   hearing_record.present
    Writes:  voters, logins; ballot and votes, empty: an earlier vote on the same appeal counts no longer
    Source:  A 6.10.7, 6.10.12, 6.10.13 (A-084, A-088, A-089)
    """
    present = {str(row["person"]) for row in case["hearing_record.present"]}
    voters = [login for login in panel_of(case).members if login in present]
    last = case.terms.due("ballot", case.today).day
    body = f"Проголосуйте по апелляции {case.number} не позднее {shown(last)}; голос после срока не считается."
    letters = to_people(case, voters, "vote_opened", f"Голосование по {case.number}", body)
    return Outcome(data={"voters": voters, "ballot": [], "votes": {}}, letters=letters)


@guard(refuses=("NO_VOTE", "CHAIR_NO_TIE"), requirements=("A-084", "A-089"))
def may_vote(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a ballot of anybody but a voting member without a part in the matter.

    Refuses: NO_VOTE, CHAIR_NO_TIE
    Source:  A 6.10.7, 6.10.13 (A-084, A-089)
    """
    parties = (*case.members("applicant"), *case.members("party"))
    concerned = (*case.members("subject"), *case.members("involved"))
    refuse(case, ballot_denied(case.actor.login, panel_of(case), parties=parties, subjects=concerned), field="vote")


@step(
    writes=("votes.tie", "votes.outcome", "votes.tied", "votes.upheld", "votes.partly_upheld", "votes.dismissed"),
    refuses=("NO_QUORUM", "NO_MAJORITY"),
    requirements=("A-087", "A-089"),
)
def count_votes(case: Case) -> Outcome:
    """Count the ballots; equal leading votes are a tie, which the chair decides.

    Reads:   ballot, list of {"vote", "by"}
    Writes:  votes.tie; votes.outcome, empty on a tie; votes.upheld, partly_upheld, dismissed
    Refuses: NO_QUORUM    when fewer voted than must
             NO_MAJORITY  when no outcome has what the reading calls a majority; the members vote again
    Source:  A 6.10.9, 6.10.13 (A-087, A-089); profile quorum, voters_min, vote.majority
    """
    count = _count(case)
    data = {
        "tie": count.is_tie,
        "outcome": count.outcome.value if count.outcome else "",
        "tied": [result.value for result in count.tied],
        **{result.value.lower(): number for result, number in count.votes.items()},
    }
    return Outcome(data={"votes": data})


@guard(refuses=("CHAIR_NO_TIE", "CHAIR_OUTSIDE_TIE"), requirements=("A-089",))
def may_chair_vote(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse the chair's ballot without a tie, or for an outcome that is not among the equal ones.

    Refuses: CHAIR_NO_TIE, CHAIR_OUTSIDE_TIE
    Source:  A 6.10.13 (A-089)
    """
    refuse(case, chair_denied(_count(case), Result(values["vote"])), field="vote")


@step(writes=("votes.outcome",), requirements=("A-089",))
def settle(case: Case) -> Outcome:
    """State what the commission decided: the majority, or the chair's vote on a tie.

    Writes:  votes.outcome UPHELD, PARTLY_UPHELD or DISMISSED
    Source:  A 6.10.13 (A-089)
    """
    count = _count(case)
    chair = Result(case["chair_ballot.vote"]) if count.is_tie else None
    return Outcome(data={"votes": {**case["votes"], "outcome": outcome(count, chair).value}})


def _count(case: Case) -> Count:
    ballots = [Ballot(voter=str(row["by"]), vote=Result(row["vote"])) for row in case["ballot"]]
    panel, least = panel_of(case), int(case.terms.reading("voters_min"))
    quorum = quorum_of(str(case.terms.reading("quorum")), least=least, members=len(panel.members))
    try:
        return counted(ballots, panel, quorum=quorum, majority=str(case.terms.reading("vote.majority")))
    except NotPossible as error:
        raise Refused(error.why.code, error.why.template, **error.why.facts) from error
