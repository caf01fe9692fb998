"""What holds of appeals and complaints after each step, asked of the rows alone: who voted, who judged, how it ends."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from storage import steps as stored
from storage import tables
from storage.database import Connection
from tests.walks.walking import Walk

Row = Mapping[str, Any]

NO_BALLOT = ("commission_secretary", "commission_chair", "party", "applicant", "subject", "involved")
VERDICTS = {"ballot.json", "chair_ballot.json", "appeal_decision.json", "commission_approval.json"}
OPEN = {"", "REGISTERED", "UNDER_CONSIDERATION"}
"""Codes of the journal that say that a matter is not at its end."""
WITHOUT_LETTER = {"NOT_CONSIDERED_ANONYMOUS", "LEFT_WITHOUT_CONSIDERATION"}
"""Ends of which the journal's code is the recorded reason, where there may be nobody to write to."""
REPLIES = {
    *("reply", "appeal_reply", "declined", "not_considered", "forwarded", "left_without_consideration"),
    *("oral_answer", "appeal_late", "decision_final", "decision_contested"),
}


def demand(walk: Walk, connection: Connection) -> None:
    """Fail unless each ballot counts rightly, nobody judged a matter of their own, and each end has its reason."""
    query = select(tables.case).where(tables.case.c.process == "appeal")
    known: dict[int, int] = walk.facts.setdefault("appeals", {})
    for case in connection.execute(query).mappings().all():
        if known.get(case["id"]) == case["version"]:
            continue
        known[case["id"]] = case["version"]
        data = stored.case_data(connection, case["id"])
        groups = stored.participants(connection, case["id"])
        _ballots(walk, case, data, groups)
        _not_about_oneself(walk, connection, case, groups)
        _not_about_ones_own_decision(walk, connection, case)
        if case["status"] == "ended":
            _has_its_reason(walk, connection, case, data)
    _decided_anew_by_another(walk, connection)


def _ballots(walk: Walk, case: Row, data: Mapping[str, Any], groups: Mapping[str, list[str]]) -> None:
    ballots = data.get("ballot") or []
    voters = [row["by"] for row in ballots]
    told = walk.story_of(f"{case['number']}: {ballots} in {groups}")
    assert len(set(voters)) == len(voters), told
    assert set(voters) <= set(groups.get("commission_member", [])), told
    assert not set(voters) & {one for group in NO_BALLOT for one in groups.get(group, [])}, told
    votes = data.get("votes")
    if not votes or not votes.get("outcome"):
        return
    counted = Counter(row["vote"] for row in ballots)
    most = max(counted.values())
    leaders = {vote for vote, number in counted.items() if number == most}
    assert len(voters) >= 4, told
    assert bool(votes["tie"]) == (len(leaders) > 1), told
    assert votes["outcome"] in leaders, told
    if votes["tie"]:
        assert votes["outcome"] == data["chair_ballot"]["vote"], told


def _not_about_oneself(walk: Walk, connection: Connection, case: Row, groups: Mapping[str, list[str]]) -> None:
    """Whom an item is about, and was so before this step, has done nothing in it since."""
    before: dict[int, tuple[int, set[str]]] = walk.facts.setdefault("subjects", {})
    last, about = before.get(case["id"], (0, set()))
    query = select(tables.submission).where(tables.submission.c.case_id == case["id"], tables.submission.c.id > last)
    for row in connection.execute(query).mappings():
        assert row["actor"] not in about, walk.story_of(f"{row['actor']} did {row['element']} in {case['number']}")
        last = row["id"]
    before[case["id"]] = (last, set(groups.get("subject", [])))


def _not_about_ones_own_decision(walk: Walk, connection: Connection, case: Row) -> None:
    """Whoever decided on certification has no voice in the appeal against that decision."""
    if case["parent_id"] is None:
        return
    deciders = {row["actor"] for row in _forms(connection, case["parent_id"]) if row["form"] == "decision.json"}
    for row in _forms(connection, case["id"]):
        is_own = row["form"] in VERDICTS and row["actor"] in deciders
        assert not is_own, walk.story_of(f"{row['actor']} did {row['element']} about a decision of their own")


def _decided_anew_by_another(walk: Walk, connection: Connection) -> None:
    """A decision after an upheld appeal is another person's."""
    query = select(tables.case).where(tables.case.c.process == "certification")
    for case in connection.execute(query).mappings().all():
        former = set(stored.participants(connection, case["id"]).get("first_decider", []))
        decided = [row["actor"] for row in _forms(connection, case["id"]) if row["form"] == "decision.json"]
        if former and decided[1:]:
            assert decided[-1] != decided[0] or decided[-1] not in former, walk.story_of(f"{decided} of {former}")


def _has_its_reason(walk: Walk, connection: Connection, case: Row, data: Mapping[str, Any]) -> None:
    query = select(tables.record.c.fields).where(tables.record.c.journal == "appeals")
    found = connection.execute(query.where(tables.record.c.key == case["number"])).scalar_one_or_none()
    code = json.loads(found)["Код статуса"] if found else ""
    children = select(tables.case.c.id).where(tables.case.c.parent_id == case["id"])
    goes_on = code == "UNDER_CONSIDERATION" and connection.execute(children).first() is not None
    if goes_on:  # what was said was put in writing, and the written item has its own end
        return
    assert code not in OPEN, walk.story_of(f"{case['number']} ended as {code or 'nothing'}")
    letters = select(tables.letter.c.kind).where(tables.letter.c.case_id == case["id"])
    told = set(connection.execute(letters).scalars())
    item = {**data.get("submission", {}), **data.get("item", {})}
    reached = item.get("email") or any(row.get("address") for row in item.get("applicants", []))
    is_told = bool(told & REPLIES) or code in WITHOUT_LETTER or not reached
    assert is_told, walk.story_of(f"{case['number']} ended as {code} without a reply: {told}")


def _forms(connection: Connection, case_id: int) -> list[Row]:
    query = select(tables.submission.c.form, tables.submission.c.actor, tables.submission.c.element)
    found = connection.execute(query.where(tables.submission.c.case_id == case_id).order_by(tables.submission.c.id))
    return [dict(row) for row in found.mappings()]
