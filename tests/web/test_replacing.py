"""Who appoints somebody in place of an ill colleague: the button, the choice, the reason, the history."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.wiring import Services
from engine.library import read_folder
from engine.steps import SYSTEM, Binding, Case, Outcome, Participant, Person, step
from tests.engine.small import bpmn, service, user
from tests.web.conftest import PROCESSES, Browser

OFFICER = Person(login="officer", name="Данияр Ахметов", roles=frozenset({"officer"}))
LOOP = (
    "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>observers</bpmn:loopDataInputRef>"
    '<bpmn:inputDataItem id="observer"/></bpmn:multiInstanceLoopCharacteristics>'
)


@step(writes=("observers",))
def invite(case: Case) -> Outcome:
    """Keep one task for the auditor; three officers know the case, and one of them is nobody's choice."""
    team = [Participant(group="reviewers", login=login) for login in ("auditor", "officer2", "both")]
    return Outcome(data={"observers": ["auditor"]}, participants=[*team, Participant(group="barred", login="both")])


@pytest.fixture
def task(services: Services) -> str:
    """The task that is kept for the auditor, who is ill."""
    look = user("look", role="officer", form="answer.json", inner=LOOP, replaceable="reviewers", excludes="barred")
    nodes = '<bpmn:startEvent id="begin"/>' + service("invite", "t.invite") + look + '<bpmn:endEvent id="done"/>'
    files = read_folder(PROCESSES)
    files["visit.bpmn"] = bpmn("visit", nodes, "begin -> invite\ninvite -> look\nlook -> done")
    profile = files["profile.toml"].replace(b"[roles.head]\n", b"[roles.head]\nappoints = true\n")
    files["profile.toml"] = profile + '\n[groups.barred]\nru = "Отстранённые"\n'.encode()
    bound = Binding(name="t.invite", kind="step", call=invite, writes=("observers",), refuses=(), requirements=())
    services.engine.handlers = {**services.engine.handlers, "t.invite": bound}
    services.engine.publish(files, SYSTEM, "tests")
    return str(services.engine.start("visit", {}, OFFICER).tasks[0]["id"])


def test_the_head_appoints_another_of_the_case_and_says_why(task: str, browser: Callable[..., Browser]) -> None:
    head = browser("head")
    page = head.get(f"/tasks/{task}")
    assert "Назначить другого" in page.text
    choice = head.get(f"/tasks/{task}/replace")
    assert "Асель Тулегенова" in choice.text  # whose task it is
    assert 'value="officer2"' in choice.html
    assert 'value="both"' not in choice.html  # closed to him, and the page says by what
    assert "«Отстранённые»" in choice.text

    done = head.send(choice, f"/tasks/{task}/replace", to="officer2", reason="Болеет до конца месяца")

    assert "Сауле Ибраева" in done.text
    assert "вместо Асель Тулегенова. Причина: Болеет до конца месяца" in done.text
    assert "Выполнить задачу" in browser("officer2").get(f"/tasks/{task}").text
    assert "Выполнить задачу" not in browser("auditor").get(f"/tasks/{task}").text


def test_without_a_reason_nobody_is_appointed_and_the_choice_stays(task: str, browser: Callable[..., Browser]) -> None:
    head = browser("head")

    answer = head.send(head.get(f"/tasks/{task}/replace"), f"/tasks/{task}/replace", to="officer2", reason=" ")

    assert answer.status == 422
    assert "Напишите, почему" in answer.text
    assert 'value="officer2" checked' in answer.html


@pytest.mark.parametrize("login", ["officer", "auditor", "admin"])
def test_nobody_else_is_offered_it_or_may(task: str, browser: Callable[..., Browser], login: str) -> None:
    visitor = browser(login)

    assert "Назначить другого" not in visitor.get(f"/tasks/{task}").text
    assert visitor.get(f"/tasks/{task}/replace").status in (403, 404)
