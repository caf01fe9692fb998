"""The shapes that diagrams may use run as the standard says, and what is saved is always the whole of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.state import restore
from engine.steps import Case, Outcome, step
from engine.ticking import tick
from storage import played
from storage import steps as stored
from storage.database import Database
from tests.engine.small import CLERK, Small, bpmn, service, user

TIMER = (
    '<bpmn:timerEventDefinition><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">{0}</bpmn:timeDuration>'
    "</bpmn:timerEventDefinition>"
)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path}/test.db", synchronous="OFF")
    yield opened
    opened.close()


def waiting(small: Small, case_id: int) -> list[str]:
    with small.database.reading() as connection:
        return sorted(played.kinds(connection, case_id, "waiting"))


def shape(workflow: Any) -> dict[Any, Any]:
    tasks = workflow.tasks.values()
    return {task.id: (task.state, task._parent, task._children, task.task_spec.name) for task in tasks}


def demand_saved_is_whole(small: Small, case_id: int) -> None:
    """What the rows say is what the process in memory is: the same tasks in the same states."""
    with small.database.reading() as connection:
        row = stored.case_row(connection, case_id)
        rows = stored.engine_rows(connection, case_id)
    assert row is not None
    specification = small.library.set(row["set_hash"]).specification(row["process"])
    again, _ = restore(specification.spec, specification.subprocess_specs, row["engine_head"], rows, {})
    live = small.engine._live._cases[case_id].workflow
    pairs = [(again, live), *((again.subprocesses[key], inner) for key, inner in live.subprocesses.items())]
    for one, other in pairs:
        assert shape(one) == shape(other)
    assert len(rows) == sum(len(inner.tasks) for inner in (live, *live.subprocesses.values()))


INTERRUPTED = bpmn(
    "outer",
    '<bpmn:startEvent id="begin"/><bpmn:callActivity id="phase" calledElement="inner"/>'
    '<bpmn:boundaryEvent id="late" attachedToRef="phase">'
    + TIMER.format("P3D")
    + "</bpmn:boundaryEvent>"
    + user("after")
    + user("instead")
    + '<bpmn:endEvent id="done"/><bpmn:endEvent id="done2"/>',
    "begin -> phase\nphase -> after\nafter -> done\nlate -> instead\ninstead -> done2",
)
INNER = bpmn(
    "inner", '<bpmn:startEvent id="i0"/>' + user("work") + '<bpmn:endEvent id="i1"/>', "i0 -> work\nwork -> i1"
)


def test_an_interrupting_timer_ends_a_called_process_and_its_tasks(database: Database) -> None:
    small = Small(database, {"outer.bpmn": INTERRUPTED, "inner.bpmn": INNER})
    started = small.engine.start("outer", {}, CLERK)
    assert small.waiting(started) == ["work"]

    small.fresh()
    small.clock.move(small.clock.now() + timedelta(days=3))
    tick(small.engine)

    assert waiting(small, started.case_id) == ["instead"]
    demand_saved_is_whole(small, started.case_id)


REMINDED = bpmn(
    "reminded",
    '<bpmn:startEvent id="begin"/>'
    + user("answer")
    + '<bpmn:boundaryEvent id="remind" attachedToRef="answer" cancelActivity="false">'
    + TIMER.format("P3D")
    + "</bpmn:boundaryEvent>"
    + user("nudge")
    + '<bpmn:endEvent id="done"/><bpmn:endEvent id="done2"/>',
    "begin -> answer\nanswer -> done\nremind -> nudge\nnudge -> done2",
)


def test_a_timer_that_does_not_interrupt_leaves_its_task_open(database: Database) -> None:
    small = Small(database, {"reminded.bpmn": REMINDED})
    started = small.engine.start("reminded", {}, CLERK)
    small.clock.move(small.clock.now() + timedelta(days=3))
    tick(small.engine)
    assert waiting(small, started.case_id) == ["answer", "nudge"]

    with small.database.reading() as connection:
        tasks = {
            row["element"]: row["id"]
            for row in small.engine._live.take(connection, started.case_id).open_tasks.values()
        }
    assert not small.engine.complete(tasks["answer"], {"text": "а"}, CLERK).ended
    assert small.engine.complete(tasks["nudge"], {"text": "н"}, CLERK).ended


def test_an_intermediate_timer_holds_the_case_until_its_time(database: Database) -> None:
    pause = bpmn(
        "pause",
        '<bpmn:startEvent id="begin"/><bpmn:intermediateCatchEvent id="wait">'
        + TIMER.format("P1D")
        + "</bpmn:intermediateCatchEvent>"
        + user("after")
        + '<bpmn:endEvent id="done"/>',
        "begin -> wait\nwait -> after\nafter -> done",
    )
    small = Small(database, {"pause.bpmn": pause})
    started = small.engine.start("pause", {}, CLERK)
    assert started.tasks == ()
    assert not started.ended

    small.clock.move(small.clock.now() + timedelta(hours=23))
    assert tick(small.engine) == 0
    small.clock.move(small.clock.now() + timedelta(hours=1))
    tick(small.engine)

    assert waiting(small, started.case_id) == ["after"]


def test_an_error_end_of_a_called_process_is_caught_on_its_call(database: Database) -> None:
    outer = bpmn(
        "outer",
        '<bpmn:startEvent id="begin"/><bpmn:callActivity id="phase" calledElement="inner"/>'
        '<bpmn:boundaryEvent id="failed" attachedToRef="phase"><bpmn:errorEventDefinition errorRef="e"/>'
        "</bpmn:boundaryEvent>" + user("after") + user("instead") + '<bpmn:endEvent id="d1"/><bpmn:endEvent id="d2"/>',
        "begin -> phase\nphase -> after\nafter -> d1\nfailed -> instead\ninstead -> d2",
        extra='<bpmn:error id="e" errorCode="STOP"/>',
    )
    inner = bpmn(
        "inner",
        '<bpmn:startEvent id="i0"/>'
        + user("work")
        + '<bpmn:endEvent id="i1"><bpmn:errorEventDefinition errorRef="e2"/></bpmn:endEvent>',
        "i0 -> work\nwork -> i1",
        extra='<bpmn:error id="e2" errorCode="STOP"/>',
    )
    small = Small(database, {"outer.bpmn": outer, "inner.bpmn": inner})
    started = small.engine.start("outer", {}, CLERK)
    small.fresh()

    assert small.waiting(small.engine.complete(small.task(started, "work"), {"text": "т"}, CLERK)) == ["instead"]


def test_a_terminate_end_closes_everything_that_still_waits(database: Database) -> None:
    ends = bpmn(
        "ends",
        '<bpmn:startEvent id="begin"/><bpmn:parallelGateway id="split"/>'
        + user("one")
        + user("other")
        + '<bpmn:endEvent id="stop"><bpmn:terminateEventDefinition/></bpmn:endEvent><bpmn:endEvent id="done"/>',
        "begin -> split\nsplit -> one\nsplit -> other\none -> stop\nother -> done",
    )
    small = Small(database, {"ends.bpmn": ends})
    started = small.engine.start("ends", {}, CLERK)

    assert small.engine.complete(small.task(started, "one"), {"text": "т"}, CLERK).ended
    assert waiting(small, started.case_id) == []


def test_an_embedded_sub_process_runs_inside_its_process(database: Database) -> None:
    nested = bpmn(
        "nested",
        '<bpmn:startEvent id="begin"/><bpmn:subProcess id="part"><bpmn:startEvent id="p0"/>'
        '<bpmn:userTask id="inside" name="Внутри"><bpmn:extensionElements><spiffworkflow:properties>'
        '<spiffworkflow:property name="formJsonSchemaFilename" value="note.json"/></spiffworkflow:properties>'
        '</bpmn:extensionElements></bpmn:userTask><bpmn:endEvent id="p1"/>'
        '<bpmn:sequenceFlow id="pf0" sourceRef="p0" targetRef="inside"/>'
        '<bpmn:sequenceFlow id="pf1" sourceRef="inside" targetRef="p1"/></bpmn:subProcess>'
        '<bpmn:laneSet id="ls"><bpmn:lane id="lane_clerk" name="clerk"><bpmn:flowNodeRef>part</bpmn:flowNodeRef>'
        "</bpmn:lane></bpmn:laneSet>" + '<bpmn:endEvent id="done"/>',
        "begin -> part\npart -> done",
    )
    small = Small(database, {"nested.bpmn": nested})
    started = small.engine.start("nested", {}, CLERK)
    assert small.waiting(started) == ["inside"]
    small.fresh()

    assert small.engine.complete(small.task(started, "inside"), {"text": "т"}, CLERK).ended


WALK = bpmn(
    "walk",
    '<bpmn:startEvent id="begin"/>'
    + service("invite", "t.invite")
    + '<bpmn:exclusiveGateway id="again"/>'
    + '<bpmn:parallelGateway id="split"/>'
    + user("left")
    + '<bpmn:callActivity id="phase" calledElement="inner"/>'
    + user(
        "ballot",
        form="empty.json",
        inner="<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>voters</bpmn:loopDataInputRef>"
        '<bpmn:inputDataItem id="member"/></bpmn:multiInstanceLoopCharacteristics>',
    )
    + '<bpmn:boundaryEvent id="late" attachedToRef="left" cancelActivity="false">'
    + TIMER.format("P2D")
    + "</bpmn:boundaryEvent>"
    + user("nudge", form="empty.json")
    + '<bpmn:endEvent id="nudged"/>'
    + '<bpmn:parallelGateway id="join"/>'
    + user("decide")
    + '<bpmn:exclusiveGateway id="which"/><bpmn:endEvent id="done"/>',
    "begin -> invite\ninvite -> again\nagain -> split\nsplit -> left\nsplit -> phase\nsplit -> ballot\n"
    "left -> join\nphase -> join\nballot -> join\nlate -> nudge\nnudge -> nudged\njoin -> decide\ndecide -> which\n"
    "which -> done note.ok == True\nwhich -> again default",
)


@step(writes=("voters",))
def invite(case: Case) -> Outcome:
    """Name two voters, the same person twice."""
    return Outcome(data={"voters": ["clerk", "clerk"]})


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(choices=st.lists(st.tuples(st.integers(0, 9), st.booleans(), st.booleans()), min_size=5, max_size=25))
def test_in_any_order_of_steps_and_restarts_the_rows_hold_the_whole_case(
    tmp_path_factory: pytest.TempPathFactory, choices: list[tuple[int, bool, bool]]
) -> None:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('walk')}/walk.db", synchronous="OFF")
    small = Small(database, {"walk.bpmn": WALK, "inner.bpmn": INNER}, handlers={"t.invite": invite})
    at: Any = small.engine.start("walk", {}, CLERK)
    for number, restart, pass_days in choices:
        if at.ended:
            break
        if restart:
            small.fresh()
        if pass_days:
            small.clock.move(small.clock.now() + timedelta(days=2))
            tick(small.engine)
        with database.reading() as connection:
            live = small.engine._live.take(connection, at.case_id)
        small.engine._live.put_back(live)
        row = sorted(live.open_tasks.values(), key=lambda task: str(task["id"]))[number % len(live.open_tasks)]
        values = {} if row["form"] == "empty.json" else {"text": "т", "ok": number > 6}
        at = small.engine.complete(row["id"], values, CLERK)
        demand_saved_is_whole(small, at.case_id)
    assert at.ended or at.tasks
    with database.reading() as connection:
        assert played.first_incident(connection) is None
    database.close()


def test_a_case_keeps_the_diagrams_that_it_began_with(database: Database) -> None:
    line = bpmn("line", '<bpmn:startEvent id="b"/>' + user("old") + '<bpmn:endEvent id="e"/>', "b -> old\nold -> e")
    small = Small(database, {"line.bpmn": line})
    before = small.engine.start("line", {}, CLERK)
    files = dict(small.files)

    new = {**files, "line.bpmn": line.replace(b"old", b"new")}
    sets = {small.engine.publish(new, CLERK): new}
    with database.reading() as connection:
        row = stored.case_row(connection, before.case_id)
    assert row is not None
    sets[row["set_hash"]] = files
    small.library._load = lambda name: sets[name]

    after = small.engine.start("line", {}, CLERK)

    assert small.waiting(after) == ["new"]
    assert small.engine.complete(small.task(before, "old"), {"text": "т"}, CLERK).ended


def test_the_clock_of_the_machine_is_never_asked(database: Database) -> None:
    small = Small(database, {"reminded.bpmn": REMINDED})
    started = small.engine.start("reminded", {}, CLERK)

    with database.reading() as connection:
        row = stored.case_row(connection, started.case_id)

    assert row is not None
    assert datetime.fromisoformat(row["started_at"]) == small.clock.now()


def test_in_the_second_round_of_a_loop_a_join_waits_for_every_branch_again(database: Database) -> None:
    loop = bpmn(
        "loop",
        '<bpmn:startEvent id="begin"/><bpmn:exclusiveGateway id="again"/><bpmn:parallelGateway id="split"/>'
        + user("left", form="empty.json")
        + user("right", form="empty.json")
        + '<bpmn:parallelGateway id="join"/>'
        + user("decide")
        + '<bpmn:exclusiveGateway id="which"/><bpmn:endEvent id="done"/>',
        "begin -> again\nagain -> split\nsplit -> left\nsplit -> right\nleft -> join\nright -> join\njoin -> decide\n"
        "decide -> which\nwhich -> done note.ok == True\nwhich -> again default",
    )
    small = Small(database, {"loop.bpmn": loop})
    at = small.engine.start("loop", {}, CLERK)

    for last in (False, False, True):
        for branch, other in (("left", "right"), ("right", None)):
            at = small.engine.complete(small.task(at, branch), {}, CLERK)
            assert small.waiting(at) == ([other] if other else ["decide"])
        at = small.engine.complete(small.task(at, "decide"), {"text": "т", "ok": last}, CLERK)

    assert at.ended


def test_a_case_that_runs_into_a_dead_end_is_an_incident_and_no_silence(database: Database) -> None:
    dead_end = bpmn(
        "dead",
        '<bpmn:startEvent id="begin"/>'
        + user("ask")
        + user("other")
        + '<bpmn:exclusiveGateway id="which"/><bpmn:parallelGateway id="join"/><bpmn:endEvent id="done"/>',
        "begin -> ask\nask -> which\nwhich -> join note.ok == True\nwhich -> other default\n"
        "other -> join\njoin -> done",
    )
    small = Small(database, {"dead.bpmn": dead_end})
    started = small.engine.start("dead", {}, CLERK)

    small.engine.complete(small.task(started, "ask"), {"text": "т", "ok": True}, CLERK)

    with database.reading() as connection:
        assert played.status(connection, started.case_id) == "incident"
        found = played.first_incident(connection)
    assert found is not None
    assert found[0] == "join"


def test_in_the_second_round_of_a_loop_every_member_is_asked_again(database: Database) -> None:
    loop = bpmn(
        "loop",
        '<bpmn:startEvent id="begin"/>'
        + user("write")
        + service("invite", "t.invite")
        + user(
            "sign",
            form="empty.json",
            inner="<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>voters</bpmn:loopDataInputRef>"
            '<bpmn:inputDataItem id="member"/></bpmn:multiInstanceLoopCharacteristics>',
        )
        + service("collect", "t.collect")
        + '<bpmn:boundaryEvent id="unsigned" attachedToRef="collect"><bpmn:errorEventDefinition errorRef="e"/>'
        "</bpmn:boundaryEvent>" + user("approve") + '<bpmn:exclusiveGateway id="which"/><bpmn:endEvent id="done"/>',
        "begin -> write\nwrite -> invite\ninvite -> sign\nsign -> collect\ncollect -> approve\nunsigned -> invite\n"
        "approve -> which\nwhich -> done note.ok == True\nwhich -> write default",
        extra='<bpmn:error id="e" errorCode="UNSIGNED"/>',
    )

    @step(refuses=("UNSIGNED",))
    def collect(case: Case) -> Outcome:
        return Outcome()

    small = Small(database, {"loop.bpmn": loop}, handlers={"t.invite": invite, "t.collect": collect})
    at = small.engine.start("loop", {}, CLERK)

    for last in (False, False, True):
        at = small.engine.complete(small.task(at, "write"), {"text": "т"}, CLERK)
        assert small.waiting(at) == ["sign", "sign"]
        for _ in range(2):
            at = small.engine.complete(small.task(at, "sign"), {}, CLERK)
        at = small.engine.complete(small.task(at, "approve"), {"text": "т", "ok": last}, CLERK)

    assert at.ended
