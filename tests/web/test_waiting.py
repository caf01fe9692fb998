"""A case that waits for another says so: on its page, on its map, and in the histories of both once it is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.wiring import Services
from engine.library import read_folder
from engine.steps import SYSTEM, Binding, Case, NewCase, Outcome, Person, Told, step
from storage import reading_state
from tests.engine.small import bpmn, service, user
from tests.web.conftest import PROCESSES, Browser

OFFICER = Person(login="officer", name="Данияр Ахметов", roles=frozenset({"officer"}))


@step()
def open_child(case: Case) -> Outcome:
    """Open the case that will have a result."""
    return Outcome(cases=(NewCase(process="child", data={}),))


@step(tells=("answer_of_child.result",))
def tell(case: Case) -> Outcome:
    """Tell it."""
    return Outcome(tells=(Told(message="answer_of_child", data={"result": "да"}),))


CATCH = (
    '<bpmn:intermediateCatchEvent id="wait" name="Ответ комиссии">'
    '<bpmn:messageEventDefinition id="wait_message" messageRef="answer"/></bpmn:intermediateCatchEvent>'
)


@pytest.fixture
def waiting(services: Services) -> int:
    """A case that has opened another and waits for it."""
    begin = '<bpmn:startEvent id="begin"/><bpmn:endEvent id="done"/>'
    look = user("look", role="officer", form="answer.json")
    files = read_folder(PROCESSES)
    files["parent.bpmn"] = bpmn(
        "parent",
        begin + service("open", "t.open") + CATCH + look,
        "begin -> open\nopen -> wait\nwait -> look\nlook -> done",
        extra='<bpmn:message id="answer" name="answer_of_child"/>',
    )
    files["child.bpmn"] = bpmn(
        "child",
        begin + user("decide", role="officer", form="answer.json") + service("tell", "t.tell"),
        "begin -> decide\ndecide -> tell\ntell -> done",
    )
    steps = {"t.open": open_child, "t.tell": tell}
    bound = {
        name: Binding(
            name=name, kind="step", call=call, writes=(), refuses=(), requirements=(), tells=("answer_of_child.result",)
        )
        for name, call in steps.items()
    }
    services.engine.handlers = {**services.engine.handlers, **bound}
    services.engine.publish(files, SYSTEM, "tests")
    return services.engine.start("parent", {}, OFFICER).case_id


def test_a_case_says_that_it_waits_for_another_and_then_what_it_was_told(
    waiting: int, services: Services, browser: Callable[..., Browser]
) -> None:
    officer = browser("officer")
    before = officer.get(f"/cases/{waiting}")
    assert "«Ответ комиссии»: дело ждёт итога связанного дела" in before.text
    assert "Задач нет" not in before.text
    assert "ждёт итога связанного дела" in officer.get(f"/cases/{waiting}/map").text
    with services.database.reading() as connection:
        (task,) = reading_state.open_tasks(connection, waiting + 1)

    services.engine.complete(task, {"received": True}, OFFICER)

    after = officer.get(f"/cases/{waiting}").text
    child = officer.get(f"/cases/{waiting + 1}").text
    assert "дело ждёт итога связанного дела" not in after
    assert "Получен итог дела C-2026-0001: «Ответ комиссии»" in after
    assert "Итог передан делу P-2026-0001" in child
