"""A child case tells its parent: delivered once, at once or later, and never lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from engine.service import Step
from engine.steps import Case, NewCase, Outcome, Told, step
from engine.ticking import tick
from storage import chain, played
from storage import steps as stored
from storage.database import Database
from storage.tables import case as case_table
from storage.tables import message
from tests.engine.small import CLERK, Small, bpmn, service, user


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path}/test.db", synchronous="OFF")
    yield opened
    opened.close()


def catch(name: str) -> str:
    return (
        f'<bpmn:intermediateCatchEvent id="{name}" name="Итог">'
        f'<bpmn:messageEventDefinition id="{name}_message" messageRef="told"/></bpmn:intermediateCatchEvent>'
    )


MESSAGE = '<bpmn:message id="told" name="verdict"/>'
ENDS = '<bpmn:startEvent id="begin"/><bpmn:endEvent id="done"/>'
PARENT = bpmn(
    "parent",
    ENDS + service("open", "t.open") + catch("wait") + service("after", "t.after") + user("look"),
    "begin -> open\nopen -> wait\nwait -> after\nafter -> look\nlook -> done",
    extra=MESSAGE,
)
BUSY_PARENT = bpmn(
    "parent",
    ENDS + service("open", "t.open") + user("busy") + catch("wait") + user("look"),
    "begin -> open\nopen -> busy\nbusy -> wait\nwait -> look\nlook -> done",
    extra=MESSAGE,
)
FORKED_PARENT = bpmn(
    "parent",
    '<bpmn:startEvent id="begin"/><bpmn:endEvent id="done"/><bpmn:endEvent id="over"/>'
    + service("open", "t.open")
    + '<bpmn:parallelGateway id="fork"/>'
    + catch("wait")
    + user("go")
    + service("after", "t.after"),
    "begin -> open\nopen -> fork\nfork -> wait\nwait -> over\nfork -> go\ngo -> after\nafter -> done",
    extra=MESSAGE,
)
HASTY_PARENT = bpmn(
    "parent",
    ENDS + service("open", "t.open") + user("busy"),
    "begin -> open\nopen -> busy\nbusy -> done",
)
CHILD = bpmn(
    "child",
    '<bpmn:startEvent id="c0"/><bpmn:endEvent id="c1"/>' + user("decide") + service("tell", "t.tell") + user("file"),
    "c0 -> decide\ndecide -> tell\ntell -> file\nfile -> c1",
)


@step()
def open_child(case: Case) -> Outcome:
    return Outcome(cases=(NewCase(process="child", data={}),))


@step(tells=("verdict.result",))
def tell(case: Case) -> Outcome:
    return Outcome(tells=(Told(message="verdict", data={"result": case["note.text"]}),))


class Faulty:
    """A step that fails until it is mended."""

    def __init__(self) -> None:
        self.fails = False

    def step(self) -> Any:
        @step(writes=("made",))
        def after(case: Case) -> Outcome:
            if self.fails:
                raise ValueError("сломано")
            return Outcome(data={"made": {"of": case.get("verdict.result")}})

        return after


def installed(database: Database, parent: bytes = PARENT, telling: Any = tell, faulty: Faulty | None = None) -> Small:
    handlers = {"t.open": open_child, "t.tell": telling, "t.after": (faulty or Faulty()).step()}
    return Small(database, {"parent.bpmn": parent, "child.bpmn": CHILD}, handlers=handlers)


def child_of(database: Database, started: Step) -> int:
    with database.reading() as connection:
        query = select(case_table.c.id).where(case_table.c.parent_id == started.case_id)
        return int(connection.execute(query).scalar_one())


def task_in(database: Database, case_id: int) -> str:
    with database.reading() as connection:
        from storage.reading_state import open_tasks

        return next(iter(open_tasks(connection, case_id)))


def decide(small: Small, started: Step, text: str = "отклонить") -> Step:
    task = task_in(small.database, child_of(small.database, started))
    return small.engine.complete(task, {"text": text}, CLERK)


def waiting_in(database: Database, case_id: int) -> list[str]:
    with database.reading() as connection:
        return sorted(played.kinds(connection, case_id, "waiting"))


def events_in(database: Database, case_id: int) -> list[str]:
    with database.reading() as connection:
        return [name for name in played.kinds(connection, case_id, "events") if name.startswith("Message")]


def statuses(database: Database) -> list[str]:
    with database.reading() as connection:
        return list(connection.execute(select(message.c.status)).scalars())


def test_a_parent_goes_on_with_the_values_right_after_its_child_told_them(database: Database) -> None:
    small = installed(database)
    started = small.engine.start("parent", {}, CLERK)
    assert started.tasks == ()
    assert not started.ended

    decide(small, started)

    assert waiting_in(database, started.case_id) == ["look"]
    with database.reading() as connection:
        data = stored.case_data(connection, started.case_id)
        assert chain.first_break(connection) is None
    assert data["verdict"] == {"result": "отклонить"}
    assert data["made"] == {"of": "отклонить"}
    assert events_in(database, started.case_id) == ["MessageReceived"]
    assert events_in(database, child_of(database, started)) == ["MessageTold"]


def test_a_message_is_delivered_once_however_often_delivery_is_tried(database: Database) -> None:
    small = installed(database)
    started = small.engine.start("parent", {}, CLERK)
    decide(small, started)

    tick(small.engine)
    small.fresh()
    assert small.engine.deliver(1, CLERK) is None
    tick(small.engine)

    assert events_in(database, started.case_id) == ["MessageReceived"]
    assert statuses(database) == ["delivered"]


def test_a_process_of_the_program_that_died_after_the_childs_step_delivers_when_it_is_back(database: Database) -> None:
    small = installed(database)
    started = small.engine.start("parent", {}, CLERK)
    small.engine.deliver_messages = lambda: 0  # type: ignore[method-assign]  # as if the process ended here
    decide(small, started)
    assert waiting_in(database, started.case_id) == []

    small.fresh()
    tick(small.engine)

    assert waiting_in(database, started.case_id) == ["look"]


def test_what_was_told_before_the_parent_asks_waits_for_it(database: Database) -> None:
    small = installed(database, BUSY_PARENT)
    started = small.engine.start("parent", {}, CLERK)

    decide(small, started)
    tick(small.engine)
    assert waiting_in(database, started.case_id) == ["busy"]
    small.engine.complete(task_in(database, started.case_id), {"text": "готово"}, CLERK)

    assert waiting_in(database, started.case_id) == ["look"]


def test_a_parent_that_stands_at_a_fault_gets_the_message_when_it_is_mended(database: Database) -> None:
    faulty = Faulty()
    small = installed(database, faulty=faulty)
    started = small.engine.start("parent", {}, CLERK)
    faulty.fails = True

    decide(small, started)
    assert statuses(database) == ["delivered"]
    assert waiting_in(database, started.case_id) == []
    faulty.fails = False
    small.engine.resume(1, CLERK)

    assert waiting_in(database, started.case_id) == ["look"]
    assert events_in(database, started.case_id) == ["MessageReceived"]


def test_what_is_told_while_the_parent_stands_at_a_fault_waits_until_it_is_mended(database: Database) -> None:
    faulty = Faulty()
    small = installed(database, FORKED_PARENT, faulty=faulty)
    started = small.engine.start("parent", {}, CLERK)
    faulty.fails = True
    small.engine.complete(small.task(started, "go"), {"text": "шаг"}, CLERK)

    decide(small, started)
    tick(small.engine)
    assert statuses(database) == ["waiting"]
    faulty.fails = False
    small.engine.resume(1, CLERK)
    tick(small.engine)

    assert statuses(database) == ["delivered"]
    with database.reading() as connection:
        assert stored.case_row(connection, started.case_id)["status"] == "ended"  # type: ignore[index]


def test_a_message_to_a_case_that_ended_is_noted_in_both(database: Database) -> None:
    small = installed(database, HASTY_PARENT)
    started = small.engine.start("parent", {}, CLERK)
    small.engine.complete(task_in(database, started.case_id), {"text": "готово"}, CLERK)

    decide(small, started)
    tick(small.engine)

    assert statuses(database) == ["unclaimed"]
    assert events_in(database, started.case_id) == ["MessageUnclaimed"]
    assert events_in(database, child_of(database, started)) == ["MessageTold", "MessageUnclaimed"]


def test_a_case_that_nobody_opened_tells_nobody(database: Database) -> None:
    small = installed(database)
    alone = small.engine.start("child", {}, CLERK)

    ended = small.engine.complete(small.task(alone, "decide"), {"text": "так"}, CLERK)

    assert small.waiting(ended) == ["file"]
    assert statuses(database) == []


def test_a_second_parent_hears_only_its_own_child(database: Database) -> None:
    small = installed(database)
    first, second = (small.engine.start("parent", {}, CLERK) for _ in range(2))

    decide(small, second, "удовлетворить")

    assert waiting_in(database, first.case_id) == []
    assert waiting_in(database, second.case_id) == ["look"]


def test_what_a_child_said_first_stands(database: Database) -> None:
    @step(tells=("verdict.result",))
    def twice(case: Case) -> Outcome:
        return Outcome(tells=tuple(Told(message="verdict", data={"result": word}) for word in ("да", "нет")))

    small = installed(database, telling=twice)
    started = small.engine.start("parent", {}, CLERK)

    decide(small, started)

    with database.reading() as connection:
        assert stored.case_data(connection, started.case_id)["verdict"] == {"result": "да"}
    assert statuses(database) == ["delivered"]


def test_a_message_that_the_handler_does_not_declare_is_a_fault(database: Database) -> None:
    @step()
    def undeclared(case: Case) -> Outcome:
        return Outcome(tells=(Told(message="verdict", data={}),))

    small = installed(database, telling=undeclared)
    started = small.engine.start("parent", {}, CLERK)

    decide(small, started)

    assert statuses(database) == []
    with database.reading() as connection:
        found = played.first_incident(connection)
    assert found is not None
    assert "tells" in found[1]
