"""Ways in which the engine was broken once, and random walks that look for others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.errors import Taken
from engine.service import Engine
from storage import steps as stored
from storage.database import Connection, Database, Full
from tests.engine.small import BOTH, CLERK, Small, bpmn, user


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path}/test.db", synchronous="OFF")
    yield opened
    opened.close()


FORK = bpmn(
    "fork",
    '<bpmn:startEvent id="begin"/>'
    + user("write")
    + '<bpmn:exclusiveGateway id="which"/>'
    + user("left")
    + user("right")
    + '<bpmn:endEvent id="done"/><bpmn:endEvent id="over"/>',
    "begin -> write\nwrite -> which\nwhich -> left note.ok == True\nwhich -> right default\n"
    "left -> done\nright -> over",
)


class FullOnce(Database):
    """A database whose next commit finds no room."""

    is_full = False

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with super().writing() as connection:
            yield connection
            if self.is_full:
                self.is_full = False
                raise Full("no room")


def test_a_step_whose_commit_failed_is_not_taken_for_the_one_that_another_process_made_of_the_case(
    database: Database, tmp_path: Path
) -> None:
    small = Small(database, {"fork.bpmn": FORK})
    started = small.engine.start("fork", {}, CLERK)
    failing = FullOnce(f"sqlite:///{tmp_path}/test.db", synchronous="OFF")
    here = Engine(failing, small.library, {}, small.clock)
    failing.is_full = True

    with pytest.raises(Full):
        here.complete(small.task(started, "write"), {"text": "раз", "ok": True}, CLERK)
    there = small.engine.complete(small.task(started, "write"), {"text": "два"}, CLERK)
    assert small.waiting(there) == ["right"]

    assert here.complete(small.task(there, "right"), {"text": "три"}, CLERK).ended
    failing.close()


def test_a_task_of_somebody_to_whom_the_case_is_closed_by_now_can_be_taken(database: Database) -> None:
    small = Small(database, {"fork.bpmn": FORK})
    started = small.engine.start("fork", {}, CLERK)
    task = small.task(started, "write")
    small.engine.claim(task, CLERK)
    with pytest.raises(Taken):
        small.engine.claim(task, BOTH)

    with database.writing() as connection:
        row = {"case_id": started.case_id, "group": "no_access", "login": "clerk", "since": "2026", "until": None}
        stored.insert_rows(connection, "participant", [row])
    small.fresh()

    small.engine.claim(task, BOTH)
    assert small.waiting(small.engine.complete(task, {"text": "раз"}, BOTH)) == ["right"]
