"""A case takes its steps: forms, gateways, handlers, loops, time, called processes, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.errors import Excluded, InvalidForm, NotYours, RuleRefused, Stale, Taken
from engine.steps import Case, Outcome, Participant, Refused, TryAgain, guard, step
from engine.ticking import tick
from storage import chain, played
from storage import steps as stored
from storage.database import Database
from tests.engine.fixed_terms import ZONE
from tests.engine.small import BOTH, CLERK, HEAD, Small, bpmn, make, service, user


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path}/test.db", synchronous="OFF")
    yield opened
    opened.close()


LINE = bpmn(
    "line",
    '<bpmn:startEvent id="begin"/>'
    + user("write")
    + user("sign", role="head", excludes="team")
    + '<bpmn:endEvent id="done"/>',
    "begin -> write\nwrite -> sign\nsign -> done",
)


def small_line(database: Database) -> Small:
    return Small(database, {"line.bpmn": LINE})


def test_a_case_goes_from_task_to_task_until_it_ends(database: Database) -> None:
    small = small_line(database)

    started = small.engine.start("line", {}, CLERK)
    assert small.waiting(started) == ["write"]
    written = small.engine.complete(small.task(started, "write"), {"text": "раз"}, CLERK)
    assert small.waiting(written) == ["sign"]
    signed = small.engine.complete(small.task(written, "sign"), {"text": "два"}, HEAD)

    assert signed.ended
    with database.reading() as connection:
        assert stored.case_data(connection, started.case_id) == {"note": {"text": "два"}}
        assert played.passages(connection) == {("line", name) for name in ("begin", "write", "sign", "done")}
        assert chain.first_break(connection) is None


def test_a_case_restored_from_its_rows_goes_on_as_one_in_memory(database: Database) -> None:
    small = small_line(database)
    started = small.engine.start("line", {}, CLERK)

    small.fresh()
    written = small.engine.complete(small.task(started, "write"), {"text": "раз"}, CLERK)
    small.fresh()
    signed = small.engine.complete(small.task(written, "sign"), {"text": "два"}, HEAD)

    assert signed.ended


def test_a_second_answer_to_a_task_is_told_who_was_faster(database: Database) -> None:
    small = small_line(database)
    started = small.engine.start("line", {}, CLERK)
    task = small.task(started, "write")
    small.engine.complete(task, {"text": "раз"}, CLERK)

    with pytest.raises(Stale) as refused:
        small.engine.complete(task, {"text": "ещё"}, BOTH)

    assert refused.value.facts["by"] == "Клерк"
    with database.reading() as connection:
        assert "TaskRefused" in played.kinds(connection, started.case_id, "events")


def test_a_repeated_command_with_one_key_is_carried_out_once(database: Database) -> None:
    small = small_line(database)
    started = small.engine.start("line", {}, CLERK, key="k0")
    again = small.engine.start("line", {}, CLERK, key="k0")
    task = small.task(started, "write")
    first = small.engine.complete(task, {"text": "раз"}, CLERK, key="k1")
    second = small.engine.complete(task, {"text": "раз"}, CLERK, key="k1")

    assert again.case_id == started.case_id
    assert (again.repeated, second.repeated, first.repeated) == (True, True, False)
    with database.reading() as connection:
        assert len(played.all_cases(connection)) == 1
        assert played.kinds(connection, started.case_id, "events").count("TaskCompleted") == 1


def test_a_task_is_refused_to_who_has_no_role_and_to_who_is_excluded(database: Database) -> None:
    small = small_line(database)
    started = small.engine.start("line", {}, CLERK)
    with pytest.raises(NotYours):
        small.engine.complete(small.task(started, "write"), {"text": "раз"}, HEAD)
    written = small.engine.complete(small.task(started, "write"), {"text": "раз"}, CLERK)
    with database.writing() as connection:
        row = {"case_id": started.case_id, "group": "team", "login": "head", "since": "2026", "until": None}
        stored.insert_rows(connection, "participant", [row])
    small.fresh()

    for command in (
        lambda: small.engine.complete(small.task(written, "sign"), {"text": "два"}, HEAD),
        lambda: small.engine.claim(small.task(written, "sign"), HEAD),
        lambda: small.engine.hand_over(small.task(written, "sign"), BOTH, HEAD),
    ):
        with pytest.raises(Excluded) as refused:
            command()
        assert refused.value.code == "independence"


def test_a_claimed_task_is_closed_to_others_until_it_is_released(database: Database) -> None:
    small = small_line(database)
    task = small.task(small.engine.start("line", {}, CLERK), "write")
    small.engine.claim(task, CLERK)

    with pytest.raises(Taken):
        small.engine.complete(task, {"text": "раз"}, BOTH)
    small.engine.release(task, CLERK)

    assert small.engine.complete(task, {"text": "раз"}, BOTH).number


def test_a_form_that_does_not_fit_is_refused_and_changes_nothing(database: Database) -> None:
    small = small_line(database)
    task = small.task(small.engine.start("line", {}, CLERK), "write")

    with pytest.raises(InvalidForm) as refused:
        small.engine.complete(task, {"text": " ", "extra": 1}, CLERK)

    assert {error.path for error in refused.value.errors} == {("text",), ("extra",)}
    assert small.engine.complete(task, {"text": "раз"}, CLERK)


CHOICE = bpmn(
    "choice",
    '<bpmn:startEvent id="begin"/>'
    + user("ask")
    + '<bpmn:exclusiveGateway id="which"/>'
    + user("good")
    + user("bad")
    + '<bpmn:exclusiveGateway id="meet"/><bpmn:endEvent id="done"/>',
    "begin -> ask\nask -> which\nwhich -> good note.ok == True\nwhich -> bad default\n"
    "good -> meet\nbad -> meet\nmeet -> done",
)


@pytest.mark.parametrize(("ok", "way"), [(True, "good"), (False, "bad"), (None, "bad")])
def test_a_gateway_follows_the_case_data(database: Database, ok: bool | None, way: str) -> None:
    small = Small(database, {"choice.bpmn": CHOICE})
    started = small.engine.start("choice", {}, CLERK)
    values = {"text": "т"} if ok is None else {"text": "т", "ok": ok}

    assert small.waiting(small.engine.complete(small.task(started, "ask"), values, CLERK)) == [way]


SERVICE = bpmn(
    "served",
    '<bpmn:startEvent id="begin"/>'
    + service("work", "t.work")
    + '<bpmn:boundaryEvent id="no" attachedToRef="work"><bpmn:errorEventDefinition errorRef="e"/></bpmn:boundaryEvent>'
    + user("after")
    + user("instead")
    + '<bpmn:endEvent id="done"/><bpmn:endEvent id="done2"/>',
    "begin -> work\nwork -> after\nno -> instead\nafter -> done\ninstead -> done2",
    extra='<bpmn:error id="e" errorCode="NO"/>',
)


def test_what_a_handler_decides_is_stored_with_the_step(database: Database) -> None:
    small = Small(database, {"served.bpmn": SERVICE}, handlers={"t.work": make})

    started = small.engine.start("served", {}, CLERK)

    assert small.waiting(started) == ["after"]
    with database.reading() as connection:
        assert stored.case_data(connection, started.case_id)["made"] == {"by": "clerk"}
        assert "StepDone" in played.kinds(connection, started.case_id, "events")


def test_a_refusing_handler_takes_the_error_path_of_its_code(database: Database) -> None:
    @step(refuses=("NO",))
    def refuse(case: Case) -> Outcome:
        raise Refused("NO", "Нельзя: {why}.", why="так")

    small = Small(database, {"served.bpmn": SERVICE}, handlers={"t.work": refuse})

    assert small.waiting(small.engine.start("served", {}, CLERK)) == ["instead"]


def test_a_failing_handler_stops_the_case_as_an_incident_that_can_be_resumed(database: Database) -> None:
    broken = [True]

    @step(writes=("made",))
    def fail(case: Case) -> Outcome:
        if broken[0]:
            raise ConnectionError("нет связи")
        return Outcome(data={"made": 1})

    small = Small(database, {"served.bpmn": SERVICE}, handlers={"t.work": fail})
    started = small.engine.start("served", {}, CLERK)
    with database.reading() as connection:
        assert played.status(connection, started.case_id) == "incident"
        found = played.first_incident(connection)
    assert found is not None
    assert found[0] == "work"
    assert "нет связи" in found[1]

    small.fresh()
    broken[0] = False
    assert small.waiting(small.engine.resume(1, HEAD)) == ["after"]


def test_a_handler_that_asks_for_another_try_gets_it_when_the_time_has_come(database: Database) -> None:
    tries: list[datetime] = []

    @step(writes=("made",))
    def later(case: Case) -> Outcome:
        tries.append(case.now)
        if len(tries) == 1:
            raise TryAgain(timedelta(minutes=5), "реестр не отвечает")
        return Outcome(data={"made": 1})

    small = Small(database, {"served.bpmn": SERVICE}, handlers={"t.work": later})
    started = small.engine.start("served", {}, CLERK)
    assert tick(small.engine) == 0

    small.clock.move(small.clock.now() + timedelta(minutes=5))
    assert tick(small.engine) == 1

    with database.reading() as connection:
        assert played.kinds(connection, started.case_id, "waiting") == ["after"]


def test_a_guard_refuses_before_anything_is_stored(database: Database) -> None:
    @guard(refuses=("SHORT",))
    def long_enough(case: Case, values: Any) -> None:
        if len(values["text"]) < 3:
            raise Refused("SHORT", "Слишком коротко.", field="text")

    diagram = LINE.replace(
        b'name="formJson', b'name="guard" value="t.guard"/><spiffworkflow:property name="formJson', 1
    )
    small = Small(database, {"line.bpmn": diagram}, handlers={"t.guard": long_enough})
    task = small.task(small.engine.start("line", {}, CLERK), "write")

    with pytest.raises(RuleRefused) as refused:
        small.engine.complete(task, {"text": "аб"}, CLERK)

    assert (refused.value.code, refused.value.field) == ("SHORT", "text")
    assert small.waiting(small.engine.complete(task, {"text": "абв"}, CLERK)) == ["sign"]


TIMED = bpmn(
    "timed",
    '<bpmn:startEvent id="begin"/>'
    + user("answer", deadline="reply")
    + '<bpmn:boundaryEvent id="late" attachedToRef="answer"><bpmn:extensionElements><spiffworkflow:properties>'
    '<spiffworkflow:property name="deadline" value="reply"/></spiffworkflow:properties></bpmn:extensionElements>'
    '<bpmn:timerEventDefinition><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P10D</bpmn:timeDuration>'
    "</bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    + user("escalate", role="head")
    + '<bpmn:endEvent id="done"/><bpmn:endEvent id="done2"/>',
    "begin -> answer\nanswer -> done\nlate -> escalate\nescalate -> done2",
)


def test_a_timer_fires_when_the_last_second_of_its_term_is_over(database: Database) -> None:
    small = Small(database, {"timed.bpmn": TIMED})
    started = small.engine.start("timed", {}, CLERK)

    small.clock.move(datetime(2026, 1, 22, 23, 59, 59, tzinfo=ZONE))
    assert tick(small.engine) == 0
    small.fresh()
    small.clock.move(datetime(2026, 1, 23, 0, 0, 0, tzinfo=ZONE))
    assert tick(small.engine) > 0

    with database.reading() as connection:
        assert played.kinds(connection, started.case_id, "waiting") == ["escalate"]
        assert played.deadlines(connection, started.case_id)["reply"][0] == "2026-01-22"
        assert "TimerFired" in played.kinds(connection, started.case_id, "events")


def test_a_task_done_in_time_cancels_its_timer(database: Database) -> None:
    small = Small(database, {"timed.bpmn": TIMED})
    started = small.engine.start("timed", {}, CLERK)

    assert small.engine.complete(small.task(started, "answer"), {"text": "да"}, CLERK).ended
    small.clock.move(datetime(2027, 1, 1, tzinfo=ZONE))
    assert tick(small.engine) == 0


VOTE = bpmn(
    "vote",
    '<bpmn:startEvent id="begin"/>'
    + service("invite", "t.invite")
    + user(
        "ballot",
        role="voter",
        inner="<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>voters</bpmn:loopDataInputRef>"
        '<bpmn:inputDataItem id="member"/></bpmn:multiInstanceLoopCharacteristics>',
    )
    + user("after")
    + '<bpmn:endEvent id="done"/>',
    "begin -> invite\ninvite -> ballot\nballot -> after\nafter -> done",
)


def test_each_instance_of_a_loop_is_open_to_its_own_person_only(database: Database) -> None:
    @step(writes=("voters",))
    def invite(case: Case) -> Outcome:
        members = ["clerk", "head"]
        return Outcome(
            data={"voters": members}, participants=[Participant(group="voter", login=login) for login in members]
        )

    small = Small(database, {"vote.bpmn": VOTE}, handlers={"t.invite": invite})
    started = small.engine.start("vote", {}, CLERK)
    tasks = {row["reserved_for"]: row["id"] for row in started.tasks}
    assert set(tasks) == {"clerk", "head"}
    with pytest.raises(NotYours):
        small.engine.complete(tasks["head"], {"text": "за"}, CLERK)

    small.engine.complete(tasks["clerk"], {"text": "за"}, CLERK)
    small.fresh()
    after = small.engine.complete(tasks["head"], {"text": "против"}, HEAD)

    assert small.waiting(after) == ["after"]
    with database.reading() as connection:
        ballots = stored.case_data(connection, started.case_id)["note"]
    assert ballots == [{"text": "за", "by": "clerk"}, {"text": "против", "by": "head"}]


PARALLEL = bpmn(
    "both",
    '<bpmn:startEvent id="begin"/><bpmn:parallelGateway id="split"/>'
    + user("left")
    + user("right", form="empty.json")
    + '<bpmn:parallelGateway id="join"/>'
    + user("after")
    + '<bpmn:endEvent id="done"/>',
    "begin -> split\nsplit -> left\nsplit -> right\nleft -> join\nright -> join\njoin -> after\nafter -> done",
)


def test_a_join_waits_for_every_branch_also_after_a_restart(database: Database) -> None:
    small = Small(database, {"both.bpmn": PARALLEL})
    started = small.engine.start("both", {}, CLERK)
    one = small.engine.complete(small.task(started, "left"), {"text": "л"}, CLERK)
    assert small.waiting(one) == ["right"]

    small.fresh()
    both = small.engine.complete(small.task(started, "right"), {}, CLERK)

    assert small.waiting(both) == ["after"]


OUTER = bpmn(
    "outer",
    '<bpmn:startEvent id="begin"/><bpmn:callActivity id="phase" calledElement="line"/>'
    + user("after")
    + '<bpmn:endEvent id="done"/>',
    "begin -> phase\nphase -> after\nafter -> done",
)


def test_a_called_process_runs_to_its_end_and_hands_back_also_after_restarts(database: Database) -> None:
    small = Small(database, {"outer.bpmn": OUTER, "line.bpmn": LINE})
    started = small.engine.start("outer", {}, CLERK)
    assert small.waiting(started) == ["write"]
    small.fresh()
    written = small.engine.complete(small.task(started, "write"), {"text": "раз"}, CLERK)
    small.fresh()
    signed = small.engine.complete(small.task(written, "sign"), {"text": "два"}, HEAD)
    assert small.waiting(signed) == ["after"]

    assert small.engine.complete(small.task(signed, "after"), {"text": "три"}, CLERK).ended


def test_a_case_with_a_thousand_steps_in_a_loop_does_not_end_before_its_time(database: Database) -> None:
    loop = bpmn(
        "loop",
        '<bpmn:startEvent id="begin"/><bpmn:exclusiveGateway id="again"/>'
        + user("ask")
        + '<bpmn:exclusiveGateway id="which"/><bpmn:endEvent id="done"/>',
        "begin -> again\nagain -> ask\nask -> which\nwhich -> done note.ok == True\nwhich -> again default",
    )
    small = Small(database, {"loop.bpmn": loop})
    at = small.engine.start("loop", {}, CLERK)

    for _ in range(400):
        at = small.engine.complete(small.task(at, "ask"), {"text": "ещё"}, CLERK)
        assert small.waiting(at) == ["ask"]

    assert small.engine.complete(small.task(at, "ask"), {"text": "всё", "ok": True}, CLERK).ended
