"""Who may begin a case: the lane of the start event says so, for pages, the command line and everything else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import MayNotStart
from engine.steps import Case, NewCase, Outcome, Person, step
from storage import played
from storage.database import Database
from tests.engine.small import BOTH, CLERK, HEAD, Small, bpmn, service, user

STRANGER = Person(login="public", name="Заявитель со страницы")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path}/test.db", synchronous="OFF")
    yield opened
    opened.close()


def begun_by(role: str, process: str = "given", on_behalf: str = "") -> bytes:
    """A process that begins in the lane of a role."""
    lane = (
        f'<bpmn:laneSet id="ls"><bpmn:lane id="lane_start" name="{role}"><bpmn:flowNodeRef>begin</bpmn:flowNodeRef>'
        "</bpmn:lane></bpmn:laneSet>"
    )
    instead = f'<spiffworkflow:property name="on_behalf" value="{on_behalf}"/>' if on_behalf else ""
    start = (
        '<bpmn:startEvent id="begin"><bpmn:extensionElements><spiffworkflow:properties>'
        f"{instead}</spiffworkflow:properties></bpmn:extensionElements></bpmn:startEvent>"
    )
    nodes = lane + start + '<bpmn:userTask id="look"/><bpmn:endEvent id="done"/>'
    return bpmn(process, nodes.replace('<bpmn:userTask id="look"/>', user("look")), "begin -> look\nlook -> done")


def test_only_who_holds_the_role_of_the_lane_begins_a_case(database: Database) -> None:
    small = Small(database, {"given.bpmn": begun_by("head")})

    with pytest.raises(MayNotStart) as refused:
        small.engine.start("given", {}, CLERK)

    assert refused.value.code == "role"
    assert str(refused.value) == (
        "Дело «given» начинает «Руководитель». У вас этой роли нет; попросите того, у кого она есть."
    )
    assert small.engine.start("given", {}, HEAD).number.endswith("0001")
    assert small.engine.start("given", {}, BOTH).number.endswith("0002")


def test_the_role_that_may_begin_on_behalf_begins_it_too(database: Database) -> None:
    small = Small(database, {"given.bpmn": begun_by("head", on_behalf="clerk")})

    assert small.engine.start("given", {}, CLERK).number.endswith("0001")


def test_nobody_holds_a_role_of_a_case_that_is_not_there_yet(database: Database) -> None:
    small = Small(database, {"given.bpmn": begun_by("voter")})

    with pytest.raises(MayNotStart):
        small.engine.start("given", {}, BOTH)


def test_a_stranger_begins_what_the_profile_opens_to_everybody_and_nothing_else(database: Database) -> None:
    small = Small(database, {"given.bpmn": begun_by("head"), "other.bpmn": begun_by("head", "other")})
    small.files["profile.toml"] += b'\n[public]\nprocess = "given"\n'
    small.fresh()

    assert small.engine.start("given", {}, STRANGER, from_outside=True).number.endswith("0001")
    with pytest.raises(MayNotStart):
        small.engine.start("other", {}, STRANGER, from_outside=True)
    with pytest.raises(MayNotStart):
        small.engine.start("given", {}, STRANGER)


def test_a_case_that_another_opens_asks_nobody_for_a_role(database: Database) -> None:
    @step()
    def open_it(case: Case) -> Outcome:
        return Outcome(cases=(NewCase(process="given", data={}),))

    opener = bpmn(
        "opener",
        '<bpmn:startEvent id="o0"/><bpmn:endEvent id="o1"/>' + service("open", "t.open") + user("wait"),
        "o0 -> open\nopen -> wait\nwait -> o1",
    )
    small = Small(database, {"given.bpmn": begun_by("head"), "opener.bpmn": opener}, handlers={"t.open": open_it})

    started = small.engine.start("opener", {}, CLERK)

    with database.reading() as connection:
        assert played.children(connection, started.case_id) == ["given"]
