"""The appellant takes part in an appeal through a personal link alone, with scripts in the browser and without."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from app.play import player
from app.play.scenario import PlayedStep, Scenario, read
from app.play.stage import Stage
from engine.links import Links
from storage import reading_state, sets, signatures
from storage.reading import cases
from tests.journeys.telling import ZONE, Telling, fill, told_problems

GUEST = ("К. Турсунов", "office@samsmazka.example")
STORIES = [
    # agrees to the commission, hands in materials, waives the five days, confirms the next notice, signs the protocol
    ("appeal-tied-vote", True, 5),
    ("appeal-tied-vote", False, 5),
    # challenges the commission with a reason, agrees to the next one, signs, objects to the decision
    ("appeal-contested", True, 4),
    ("appeal-contested", False, 4),
]


@pytest.mark.parametrize(("story", "with_scripts", "answers"), STORIES)
def test_the_appellant_does_everything_through_a_link(
    telling: Telling, processes: Path, story: str, with_scripts: bool, answers: int
) -> None:
    scenario = read(processes / "scenarios" / f"{story}.yaml")
    stage = staged(telling)
    player._start(stage, scenario)
    context = telling.chromium.new_context(
        base_url=telling.address,
        java_script_enabled=with_scripts,
        locale="ru-RU",
        viewport={"width": 390, "height": 800},
    )
    errors: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    done = 0

    for step in scenario.steps:
        if step.task in guests_tasks(stage, scenario):
            move(stage, step)
            answer(page, telling, stage, step)
            done += 1
        else:
            player._take(stage, step)

    assert done == answers
    assert errors == []
    with telling.services.database.reading() as connection:
        by_link = [row for row in cases.history(connection, stage.case_id, 2_000) if row["data"].get("via") == "link"]
        signed = signatures.of_case(connection, stage.case_id)
    assert len({row["element"] for row in by_link if row["type"] == "TaskCompleted"}) >= answers - 1
    assert any(row["login"].startswith("link:") for row in signed)  # the protocol, by the appellant's own hand
    context.close()


def staged(telling: Telling) -> Stage:
    """A stage for the staff's part of the story, on the running server's own engine and clock."""
    with telling.services.database.reading() as connection:
        current = sets.current(connection) or ""
    diagrams = telling.services.library.set(current)
    return Stage(
        engine=telling.services.engine, diagrams=diagrams, clock=telling.clock, zone=ZONE, people=telling.people()
    )


def guests_tasks(stage: Stage, scenario: Scenario) -> set[str]:
    """The elements that the appellant does in person."""
    return {
        node.id for process in stage.diagrams.processes.values() for node in process.nodes if node.role == "applicant"
    }


def move(stage: Stage, step: PlayedStep) -> None:
    """Let time pass until the step."""
    if step.at is not None:
        player._move(stage, stage.local(step.at))


def answer(page: Page, telling: Telling, stage: Stage, step: PlayedStep, invited_by: str = "clerk") -> None:
    """Open a link of one's own, read what waits, fill in the form and send it."""
    services = telling.services
    made = Links(database=services.database, library=services.library, clock=services.clock)
    token = made.create(stage.case_id, "applicant", *GUEST, telling.people()[invited_by])
    with services.database.reading() as connection:
        rows = reading_state.open_tasks(connection, stage.case_id).values()
        task_id = next(str(row["id"]) for row in rows if row["element"] == step.task)
    page.goto(f"/l/{token}")
    page.click(f'a.title-link[href="/l/{token}/tasks/{task_id}"]')
    values = dict(step.data)
    for _ in range(3):  # without scripts a field that depends on another shows after «Обновить форму»
        seen = {name: value for name, value in values.items() if is_there(page, name)}
        fill(page, seen)
        values = {name: value for name, value in values.items() if name not in seen}
        if not values:
            break
        update = page.locator("button[value=update]")
        if update.is_visible():  # hidden where scripts show the fields by themselves
            update.click()
    assert values == {}, f"{step.title}: no field for {sorted(values)}"
    with page.expect_navigation(wait_until="domcontentloaded"):
        page.click("form[data-live] .end-bar button[value=complete]")
    assert "Ваш ответ принят" in page.content(), f"{step.title}: {told_problems(page)}"


def is_there(page: Page, name: str) -> bool:
    """Whether a field, or the button that adds a row to a table, can be used now."""
    found = page.locator(f'form[data-live] [name="{name}"]:visible, form[data-live] button[value="add:{name}"]:visible')
    return found.count() > 0
