"""Somebody falls ill or leaves: another of the case takes the task that was kept for them, where the diagram lets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.errors import Excluded, MayNotAppoint, NotOfTheGroup, NotYours, Personal, ReasonMissing
from engine.service import Step
from engine.steps import Case, Outcome, Participant, Person, step
from storage import chain, played
from storage import steps as stored
from storage.database import Database
from tests.engine.small import BOTH, CLERK, HEAD, Small, bpmn, service, user

DIRECTOR = Person(login="director", name="Директор", roles=frozenset({"director"}))
LOOP = (
    "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>voters</bpmn:loopDataInputRef>"
    '<bpmn:inputDataItem id="voter"/></bpmn:multiInstanceLoopCharacteristics>'
)
PROFILE = b"""
[roles.director]
ru = "\xd0\x94\xd0\xb8\xd1\x80\xd0\xb5\xd0\xba\xd1\x82\xd0\xbe\xd1\x80"
scope = "organisation"
appoints = true
"""


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path}/test.db", synchronous="OFF")
    yield opened
    opened.close()


def installed(database: Database, **properties: str) -> tuple[Small, Step]:
    """A task for the clerk and one for the head, of a team of three; the director appoints."""

    @step(writes=("voters",))
    def invite(case: Case) -> Outcome:
        team = [Participant(group="team", login=login) for login in ("clerk", "head", "both")]
        return Outcome(data={"voters": ["clerk", "head"]}, participants=team)

    look = user("look", role="voter", inner=LOOP, **properties)
    nodes = '<bpmn:startEvent id="begin"/>' + service("invite", "t.invite") + look + user("after")
    flows = "begin -> invite\ninvite -> look\nlook -> after\nafter -> done"
    diagram = bpmn("visit", nodes + '<bpmn:endEvent id="done"/>', flows)
    small = Small(database, {"visit.bpmn": diagram}, handlers={"t.invite": invite})
    small.files["profile.toml"] += PROFILE
    small.fresh()
    return small, small.engine.start("visit", {}, CLERK)


def task_of(started: Step, login: str) -> str:
    return next(str(row["id"]) for row in started.tasks if row["reserved_for"] == login)


def test_another_of_the_team_does_what_was_kept_for_who_fell_ill(database: Database) -> None:
    small, started = installed(database, replaceable="team")
    task = task_of(started, "head")

    small.engine.replace(task, DIRECTOR, BOTH, "Болеет до конца месяца.")
    with pytest.raises(NotYours):
        small.engine.complete(task, {"text": "моё"}, HEAD)
    small.fresh()
    small.engine.complete(task_of(started, "clerk"), {"text": "раз"}, CLERK)
    after = small.engine.complete(task, {"text": "два"}, BOTH)

    assert small.waiting(after) == ["after"]
    with database.reading() as connection:
        notes = stored.case_data(connection, started.case_id)["note"]
        assert played.kinds(connection, started.case_id, "events").count("TaskReplaced") == 1
        assert chain.first_break(connection) is None
    assert notes == [{"text": "раз", "by": "clerk"}, {"text": "два", "by": "both", "instead_of": "head"}]


def test_who_takes_it_beside_a_task_of_their_own_answers_for_both(database: Database) -> None:
    small, started = installed(database, replaceable="team")
    task = task_of(started, "head")

    small.engine.replace(task, DIRECTOR, BOTH, "Болеет.")
    small.engine.replace(task, DIRECTOR, CLERK, "И этот заболел.")
    small.engine.complete(task, {"text": "за другого"}, CLERK)
    small.engine.complete(task_of(started, "clerk"), {"text": "своё"}, CLERK)

    with database.reading() as connection:
        notes = stored.case_data(connection, started.case_id)["note"]
    assert notes == [
        {"text": "за другого", "by": "clerk", "instead_of": "head"},
        {"text": "своё", "by": "clerk"},
    ]


def test_a_personal_task_is_nobody_elses(database: Database) -> None:
    small, started = installed(database)

    with pytest.raises(Personal):
        small.engine.replace(task_of(started, "head"), DIRECTOR, BOTH, "Болеет.")


@pytest.mark.parametrize(
    ("actor", "to", "reason", "error"),
    [
        (HEAD, BOTH, "Болеет.", MayNotAppoint),  # a role without `appoints`
        (DIRECTOR, BOTH, "  ", ReasonMissing),
        (DIRECTOR, HEAD, "Болеет.", NotOfTheGroup),  # whom it is kept for already
        (DIRECTOR, DIRECTOR, "Болеет.", NotOfTheGroup),  # not of the team
    ],
)
def test_who_appoints_whom_and_why_is_looked_at(
    database: Database, actor: Person, to: Person, reason: str, error: Any
) -> None:
    small, started = installed(database, replaceable="team")
    task = task_of(started, "head")

    with pytest.raises(error):
        small.engine.replace(task, actor, to, reason)

    assert small.waiting(small.engine.complete(task, {"text": "сам"}, HEAD)) == ["look"]


def test_who_must_not_do_the_task_cannot_be_appointed_to_it(database: Database) -> None:
    small, started = installed(database, replaceable="team", excludes="team")

    with pytest.raises(Excluded):
        small.engine.replace(task_of(started, "head"), DIRECTOR, BOTH, "Болеет.")
