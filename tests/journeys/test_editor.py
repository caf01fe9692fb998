"""The editor in a browser: a diagram is drawn, bound, kept, checked and published, and nothing of it gets lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.wiring import Services
from engine.diagram import Diagram, Node, read_diagram
from storage import maps, sets

Visit = Callable[[str], Page]


@pytest.fixture(autouse=True)
def clean_desk(installation: Services) -> None:
    """No draft of an earlier test."""
    with installation.database.writing() as connection:
        maps.forget_drafts(connection, [row["path"] for row in maps.drafts(connection)])


def opened(page: Page, process: str) -> Page:
    page.goto(f"/editor/{process}")
    page.locator(".editor.is-ready").wait_for()
    return page


def choose(page: Page, element: str) -> None:
    page.locator(f'.djs-element[data-element-id="{element}"] .djs-hit').first.click(force=True)


def fill(page: Page, key: str, text: str) -> None:
    control = page.locator(f'[data-key="{key}"]')
    control.fill(text)
    control.press("Tab")


def processes_of(content: bytes) -> tuple[Node, ...]:
    return read_diagram("", content).processes[0].nodes


def draft(installation: Services, path: str) -> bytes:
    with installation.database.reading() as connection:
        return maps.draft_contents(connection, [path])[path]


def save(page: Page) -> None:
    page.get_by_role("button", name="Сохранить черновик").click()
    expect(page.locator("[data-status]")).to_have_text("Черновик сохранён")


def without_lines(value: Any) -> Any:
    """The meaning of a diagram: everything but where in the file it is written."""
    if is_dataclass(value):
        return {f.name: without_lines(getattr(value, f.name)) for f in fields(value) if f.name not in ("line", "path")}
    if isinstance(value, tuple):
        return [without_lines(one) for one in value]
    return value


def meaning(diagram: Diagram) -> Any:
    by_id = lambda one: one["id"]  # noqa: E731  the key of two sorts below
    said = without_lines(diagram.processes)
    for process in said:
        process["nodes"].sort(key=by_id)
        process["flows"].sort(key=by_id)
    drawn = {shape.element: (shape.bounds, shape.is_horizontal) for shape in diagram.shapes}
    return said, drawn, {edge.element: edge.points for edge in diagram.edges}


def test_every_shipped_diagram_comes_back_from_the_editor_without_loss(
    visit: Visit, installation: Services, processes: Path
) -> None:
    page = visit("quality")
    for path in sorted(processes.glob("*.bpmn")):
        save(opened(page, path.stem))
        before, after = read_diagram(path.name, path.read_bytes()), read_diagram("", draft(installation, path.name))
        assert meaning(after) == meaning(before), path.name


def test_a_list_that_the_file_does_not_declare_survives_the_editor(
    visit: Visit, installation: Services, processes: Path
) -> None:
    shipped = (processes / "stage_two.bpmn").read_bytes()
    undeclared = re.sub(rb"<bpmn:property [^>]*/>", b"", shipped)
    assert undeclared != shipped
    page = visit("quality")
    page.goto("/editor")
    page.get_by_label("Файл .bpmn").set_input_files(
        {"name": "stage_two.bpmn", "mimeType": "application/xml", "buffer": undeclared}
    )
    page.get_by_role("button", name="Загрузить как черновик").click()
    page.locator(".editor.is-ready").wait_for()
    save(page)
    lists = [node.loop.collection for node in processes_of(shipped) if node.loop]
    assert [node.loop.collection for node in processes_of(draft(installation, "stage_two.bpmn")) if node.loop] == lists


def test_a_task_is_bound_to_its_form_term_people_and_requirements(visit: Visit, installation: Services) -> None:
    page = opened(visit("quality"), "application_review")
    choose(page, "review_application")
    fill(page, "name", "Разбор заявки")
    fill(page, "documentation", "Разберите заявку и решите, что с ней делать.")
    fill(page, "deadline", "contract")
    page.locator('[data-key="requirements"]').fill("C-100")
    page.locator(".editor-matches button").first.click()
    page.locator('[data-key="on_behalf"]').select_option("deputy_head")
    save(page)
    node = read_diagram("", draft(installation, "application_review.bpmn")).processes[0].node["review_application"]
    assert (node.name, node.documentation) == ("Разбор заявки", "Разберите заявку и решите, что с ней делать.")
    assert (node.properties["deadline"], node.properties["on_behalf"]) == ("contract", "deputy_head")
    assert "C-100" in node.requirements


def test_a_change_is_undone_and_done_again(visit: Visit, installation: Services) -> None:
    page = opened(visit("quality"), "application_review")
    choose(page, "review_application")
    fill(page, "deadline", "contract")
    page.get_by_role("button", name="Отменить").click()
    expect(page.locator('[data-key="deadline"]')).to_have_value("application.review")
    page.get_by_role("button", name="Повторить").click()
    expect(page.locator('[data-key="deadline"]')).to_have_value("contract")


def test_a_system_step_is_bound_to_a_handler_with_parameters(visit: Visit, installation: Services) -> None:
    page = opened(visit("quality"), "application_review")
    choose(page, "tell_signature_rejected")
    choices = page.request.get("/editor/choices").json()
    handler = next(step for step in choices["steps"] if step["parameters"])
    fill(page, "handler", handler["value"])
    name = handler["parameters"][0]["name"]
    fill(page, f"parameter-{name}", "'test'")
    save(page)
    node = read_diagram("", draft(installation, "application_review.bpmn")).processes[0].node["tell_signature_rejected"]
    assert node.operator is not None
    assert (node.operator.name, node.operator.parameters[name]) == (handler["value"], "'test'")


def test_a_wait_for_another_case_is_bound_to_its_message(visit: Visit, installation: Services) -> None:
    page = opened(visit("quality"), "refusal")
    choose(page, "appeal_answered")
    assert [one["value"] for one in page.request.get("/editor/choices").json()["messages"]] == ["appeal_result"]
    expect(page.locator('[data-key="message"]')).to_have_value("appeal_result")
    fill(page, "message", "verdict")
    save(page)
    event = read_diagram("", draft(installation, "refusal.bpmn")).processes[0].node["appeal_answered"].event
    assert event is not None
    assert (event.kind, event.code) == ("message", "verdict")


def test_who_may_take_the_place_of_another_is_chosen(visit: Visit, installation: Services) -> None:
    page = opened(visit("quality"), "stage_two")
    choose(page, "record_audit")
    expect(page.get_by_text("Вместо назначенного может участник групп")).to_be_visible()
    expect(page.locator(".editor-chip-name", has_text="audit_team")).to_be_visible()


def test_a_condition_is_written_on_a_flow(visit: Visit, installation: Services) -> None:
    page = opened(visit("quality"), "application_review")
    process = read_diagram("", page.request.get("/editor/application_review/diagram.bpmn").body()).processes[0]
    flow = next(flow for flow in process.flows if flow.condition)
    choose(page, flow.id)
    fill(page, "condition", "review.outcome == 'other'")
    save(page)
    after = read_diagram("", draft(installation, "application_review.bpmn")).processes[0]
    assert after.flow[flow.id].condition == "review.outcome == 'other'"


def test_an_element_that_is_drawn_anew_can_be_bound(visit: Visit, installation: Services) -> None:
    page = opened(visit("quality"), "application_review")
    page.locator('.djs-palette [data-action="create.task_user"]').click()
    page.locator(".editor-canvas").click(position={"x": 300, "y": 350})
    fill(page, "formJsonSchemaFilename", "review.json")
    fill(page, "id", "second_look")
    save(page)
    node = read_diagram("", draft(installation, "application_review.bpmn")).processes[0].node["second_look"]
    assert (node.kind, node.properties["formJsonSchemaFilename"]) == ("userTask", "review.json")


def test_only_kinds_that_run_are_offered(visit: Visit) -> None:
    page = opened(visit("quality"), "application_review")
    choose(page, "review_application")
    page.locator('.djs-context-pad [data-action="replace"]').click()
    offered = page.locator(".djs-popup .entry").all_inner_texts()
    assert offered
    assert not [text for text in offered if "сценари" in text.lower() or "скрипт" in text.lower()]


def test_a_name_that_is_taken_or_reserved_is_not_given(visit: Visit) -> None:
    page = opened(visit("quality"), "application_review")
    choose(page, "review_application")
    for name in ("sign_application_decision", "Start", "имя", "two words"):
        fill(page, "id", name)
        assert page.locator('[data-key="id"]').evaluate("input => input.validationMessage"), name


def test_an_unsaved_change_asks_before_the_page_is_left(visit: Visit) -> None:
    page = opened(visit("quality"), "application_review")
    choose(page, "review_application")
    fill(page, "name", "Иначе")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/processes")
    assert asked == ["beforeunload"]


def test_the_check_marks_the_element_and_stops_the_publication(visit: Visit, installation: Services) -> None:
    page = opened(visit("quality"), "application_review")
    choose(page, "review_application")
    fill(page, "formJsonSchemaFilename", "no_such_form.json")
    page.get_by_role("button", name="Проверить").click()
    report = page.locator("[data-report]")
    expect(report).to_contain_text("review_application", timeout=60_000)  # the whole set is checked
    expect(page.locator('[data-container-id="review_application"] .editor-badge.is-error')).to_be_visible()
    report.get_by_role("button", name="review_application").first.click()
    page.get_by_role("button", name="К публикации").click()
    page.get_by_label("Что изменено и почему").fill("Не должно получиться")
    page.get_by_role("button", name="Опубликовать", exact=True).click()
    expect(page.locator("main")).to_contain_text("Не опубликовано", timeout=60_000)


def test_a_good_draft_is_published_for_new_cases(visit: Visit, installation: Services) -> None:
    page = opened(visit("quality"), "application_review")
    with installation.database.reading() as connection:
        before = sets.current(connection)
    choose(page, "review_application")
    fill(page, "documentation", "Сверьте заявку с областью аккредитации и решите, принять ли её.")
    page.get_by_role("button", name="К публикации").click()
    page.get_by_label("Что изменено и почему").fill("Уточнено пояснение")
    page.get_by_role("button", name="Опубликовать", exact=True).click()
    page.wait_for_url("**/processes", timeout=60_000)
    expect(page.locator("main")).to_contain_text("Уточнено пояснение")
    with installation.database.reading() as connection:
        assert sets.current(connection) != before
