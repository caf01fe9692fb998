"""A case that loses its ground is closed by another: nothing of it waits any more, and its history says why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from engine.errors import EngineError, NotReady
from engine.steps import Case, Closing, Outcome, step
from engine.ticking import tick
from storage import chain, played
from storage.database import Database
from storage.tables import deadline, event, open_task, timer
from tests.engine.fixed_terms import ZONE
from tests.engine.small import CLERK, Small, bpmn, service, user

LATE = (
    '<bpmn:boundaryEvent id="late" attachedToRef="call"><bpmn:extensionElements><spiffworkflow:properties>'
    '<spiffworkflow:property name="deadline" value="reply"/></spiffworkflow:properties></bpmn:extensionElements>'
    '<bpmn:timerEventDefinition id="late_timer"><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P10D'
    "</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
)
CONTROL = bpmn(
    "control",
    '<bpmn:startEvent id="c0"/><bpmn:callActivity id="call" calledElement="fieldwork"/>'
    + LATE
    + '<bpmn:endEvent id="c1"/><bpmn:endEvent id="c2"/>',
    "c0 -> call\ncall -> c1\nlate -> c2",
)
FIELDWORK = bpmn(
    "fieldwork",
    '<bpmn:startEvent id="f0a"/>' + user("look", deadline="reply") + '<bpmn:endEvent id="f1a"/>',
    "f0a -> look\nlook -> f1a",
)
WITHDRAWAL = bpmn(
    "withdrawal",
    '<bpmn:startEvent id="w0"/>' + service("enter", "t.enter") + '<bpmn:endEvent id="w1"/>',
    "w0 -> enter\nenter -> w1",
)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path}/test.db", synchronous="OFF")
    yield opened
    opened.close()


def installation(database: Database) -> Small:
    @step()
    def enter(case: Case) -> Outcome:
        found = [row["number"] for row in case.registers("open_cases") if row["process"] == "control"]
        return Outcome(closes=[Closing(number=number, reason="Сертификат отменён.") for number in found])

    files = {"control.bpmn": CONTROL, "fieldwork.bpmn": FIELDWORK, "withdrawal.bpmn": WITHDRAWAL}
    return Small(database, files, handlers={"t.enter": enter})


def left(database: Database, case_id: int) -> dict[str, Any]:
    with database.reading() as connection:
        tasks, timers, deadlines = (
            connection.execute(table.select().where(table.c.case_id == case_id)).mappings().all()
            for table in (open_task, timer, deadline)
        )
        return {
            "tasks": [row["element"] for row in tasks],
            "timers": [row["element"] for row in timers],
            "deadlines": {row["status"] for row in deadlines},
            "status": played.status(connection, case_id),
        }


def test_a_closed_case_leaves_no_task_and_no_timer_behind(database: Database) -> None:
    small = installation(database)
    control = small.engine.start("control", {}, CLERK)
    assert left(database, control.case_id)["timers"] == ["late"]

    small.engine.start("withdrawal", {}, CLERK)

    assert left(database, control.case_id) == {
        "tasks": [],
        "timers": [],
        "deadlines": {"cancelled"},
        "status": "ended",
    }


def test_the_history_of_a_closed_case_says_why_and_from_which_case(database: Database) -> None:
    small = installation(database)
    control = small.engine.start("control", {}, CLERK)

    withdrawal = small.engine.start("withdrawal", {}, CLERK)

    with database.reading() as connection:
        kinds = played.kinds(connection, control.case_id, "events")
        query = event.select().where(event.c.case_id == control.case_id, event.c.type == "CaseClosed")
        told = connection.execute(query).mappings().one()
        assert chain.first_break(connection) is None
    assert kinds[-2:] == ["CaseClosed", "CaseEnded"]
    assert "Сертификат отменён." in told["data"]
    assert withdrawal.number in told["data"]


def test_nobody_can_go_on_in_a_closed_case_and_no_time_wakes_it(database: Database) -> None:
    small = installation(database)
    control = small.engine.start("control", {}, CLERK)
    task = small.task(control, "look")

    small.engine.start("withdrawal", {}, CLERK)

    with pytest.raises(EngineError):
        small.engine.complete(task, {"text": "осмотр"}, CLERK)
    small.fresh()
    with pytest.raises((EngineError, NotReady)):
        small.engine.complete(task, {"text": "осмотр"}, CLERK)
    small.clock.move(datetime(2026, 3, 2, tzinfo=ZONE))
    tick(small.engine)
    assert left(database, control.case_id)["status"] == "ended"


def test_a_case_that_has_ended_is_not_closed_a_second_time(database: Database) -> None:
    small = installation(database)
    control = small.engine.start("control", {}, CLERK)
    small.engine.start("withdrawal", {}, CLERK)

    small.engine.start("withdrawal", {}, CLERK)

    with database.reading() as connection:
        assert played.kinds(connection, control.case_id, "events").count("CaseClosed") == 1
