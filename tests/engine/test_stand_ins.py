"""A task whose every holder is closed out goes to the role that the profile names to stand in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.errors import Excluded
from engine.stand_ins import role_that_acts
from engine.steps import SYSTEM, Case, Outcome, Participant, Person, step
from storage import people, played
from storage.database import Database
from tests.engine.small import CLERK, HEAD, PROFILE, Small, bpmn, service, user

DEPUTY = Person(login="deputy", name="Заместитель", roles=frozenset({"deputy"}))
WITH_DEPUTY = PROFILE.replace('ru = "Руководитель"', 'ru = "Руководитель"\nstand_in = "deputy clerk"') + (
    '[roles.deputy]\nru = "Заместитель"\nscope = "organisation"\n'
)
LINE = bpmn(
    "line",
    '<bpmn:startEvent id="begin"/>'
    + service("close_out", "who.concerned")
    + user("sign", role="head", excludes="team")
    + '<bpmn:endEvent id="done"/>',
    "begin -> close_out\nclose_out -> sign\nsign -> done",
)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path}/test.db", synchronous="OFF")
    yield opened
    opened.close()


def begun(database: Database, concerned: tuple[str, ...], group: str = "no_access") -> tuple[Small, Any]:
    @step()
    def concern(case: Case) -> Outcome:
        return Outcome(participants=[Participant(group=group, login=login) for login in concerned])

    small = Small(database, {"line.bpmn": LINE}, handlers={"who.concerned": concern})
    with database.writing() as connection:
        people.enter_person(connection, {"login": "deputy", "name": "Заместитель"}, DEPUTY.roles)
    small.files["profile.toml"] = WITH_DEPUTY.encode()
    small.fresh()
    small.engine.publish(small.files, SYSTEM)
    return small, small.engine.start("line", {}, CLERK)


@pytest.mark.parametrize("group", ["no_access", "team"])
def test_when_the_case_is_closed_to_all_who_hold_the_role_another_role_does_the_task(
    database: Database, group: str
) -> None:
    small, started = begun(database, ("head", "both"), group)

    with pytest.raises(Excluded):
        small.engine.complete(small.task(started, "sign"), {"text": "сам"}, HEAD)
    done = small.engine.complete(small.task(started, "sign"), {"text": "за него"}, DEPUTY)

    assert done.ended
    with database.reading() as connection:
        assert played.kinds(connection, started.case_id, "events").count("TaskStoodIn") == 1


def test_as_long_as_one_holder_of_the_role_may_act_nobody_stands_in(database: Database) -> None:
    small, started = begun(database, ("head",))

    assert started.tasks[0]["role"] == "head"
    with database.reading() as connection:
        assert "TaskStoodIn" not in played.kinds(connection, started.case_id, "events")
    assert small.waiting(started) == ["sign"]


@pytest.mark.parametrize(
    ("closed", "inactive", "acts"),
    [
        ((), (), "head"),
        (("h",), (), "deputy"),
        (("h", "d"), (), "clerk"),
        ((), ("h",), "deputy"),  # somebody who has left does not hold a case up
        (("h", "d", "c"), (), "head"),  # nobody at all: the task stays what it is, and the page says so
    ],
)
def test_the_first_role_with_somebody_who_may_act_is_taken(
    closed: tuple[str, ...], inactive: tuple[str, ...], acts: str
) -> None:
    roles = {"head": {"stand_in": "deputy clerk"}, "deputy": {}, "clerk": {}}
    staff = [("h", "head"), ("d", "deputy"), ("c", "clerk")]
    rows = [{"login": login, "roles": [role], "active": login not in inactive} for login, role in staff]

    assert role_that_acts("head", "", roles=roles, people=rows, groups={"no_access": closed}) == acts
