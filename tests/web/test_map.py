"""The map without its drawing: what the list, the texts and the data behind the drawing say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.wiring import Services
from engine.library import read_folder
from engine.steps import SYSTEM, Person
from storage import sets
from tests.web.conftest import PROCESSES, Browser

OFFICER = Person(login="officer", name="Данияр Ахметов", roles=frozenset({"officer"}))


@pytest.fixture
def moved_on(services: Services, case: int, waiting: Callable[[int], dict[str, str]]) -> int:
    """The case after its first task: `decide` waits for the head."""
    services.engine.complete(waiting(case)["check"], {"conclusion": "Подтвердилось"}, OFFICER)
    return case


def data_of(browser: Browser, path: str) -> Any:
    return browser.client.get(path).get_json()


def test_the_index_names_every_process_and_who_published_it(browser: Callable[..., Browser]) -> None:
    page = browser("officer").get("/processes")
    assert "Проверка обращения" in page.text
    assert "tests" in page.text  # the note of the publication


def test_the_list_says_of_each_element_who_does_it_on_which_form_and_by_when(browser: Callable[..., Browser]) -> None:
    page = browser("officer").get("/processes/review")
    row = page.text[page.text.index("Проверить обращение") :]
    assert "задача человека" in row
    assert "T-1" in row
    assert "Принять решение" in row[: row.index("T-1") + 200]  # what comes next


def test_a_case_is_shown_where_it_stands_and_which_way_it_came(browser: Callable[..., Browser], moved_on: int) -> None:
    data = data_of(browser("head"), f"/api/cases/{moved_on}/map/review")
    assert list(data["open"]) == ["decide"]
    assert data["passed"] == {"begin": 1, "check": 1}
    assert data["flows_passed"] == ["f1", "f2"]


def test_the_list_of_a_case_links_to_the_task_that_waits(
    browser: Callable[..., Browser], moved_on: int, waiting: Callable[[int], dict[str, str]]
) -> None:
    page = browser("head").get(f"/cases/{moved_on}/map")
    assert f'href="/tasks/{waiting(moved_on)["decide"]}"' in page.html
    assert "задача ждёт с 12.01.2026" in page.text


def test_an_element_leads_to_what_the_case_left_there(browser: Callable[..., Browser], moved_on: int) -> None:
    head = browser("head")

    (answer,) = data_of(head, f"/api/cases/{moved_on}/map/review")["traces"]["check"]

    assert answer["text"].startswith("Ответ: Данияр Ахметов")
    assert "Подтвердилось" in head.get(answer["url"]).text
    assert f'href="{answer["url"]}"' in head.get(f"/cases/{moved_on}/map").html


def test_a_case_that_somebody_may_not_see_has_no_map(browser: Callable[..., Browser], case: int) -> None:
    stranger = browser("auditor")
    assert stranger.get(f"/cases/{case}/map").status == 404
    assert stranger.get(f"/api/cases/{case}/map/review").status == 404


def test_counts_leave_out_cases_that_the_reader_may_not_see(browser: Callable[..., Browser], moved_on: int) -> None:
    path = "/api/processes/review/{}/map"
    set_hash = sets.hash_of(read_folder(PROCESSES))
    assert data_of(browser("head"), path.format(set_hash))["passed"] == {"begin": 1, "check": 1}
    assert data_of(browser("auditor"), path.format(set_hash))["passed"] == {}


def test_a_case_keeps_the_map_of_the_set_that_it_began_with(
    browser: Callable[..., Browser], services: Services, case: int
) -> None:
    files = read_folder(PROCESSES)
    files["review.bpmn"] = files["review.bpmn"].replace("Принять решение".encode(), "Решить заново".encode())
    services.engine.publish(files, SYSTEM, "second")
    head = browser("head")
    assert "Принять решение" in head.get(f"/cases/{case}/map").text
    assert "Решить заново" in head.get("/processes/review").text


def test_an_older_set_is_marked_as_such(browser: Callable[..., Browser], services: Services) -> None:
    older = sets.hash_of(read_folder(PROCESSES))
    files = read_folder(PROCESSES)
    files["review.bpmn"] = files["review.bpmn"].replace("Принять решение".encode(), "Решить заново".encode())
    services.engine.publish(files, SYSTEM, "second")
    assert "не последний опубликованный набор" in browser("head").get(f"/processes/review/{older}").text


def test_an_older_set_is_shown_whole_and_leads_to_its_own_diagrams(
    browser: Callable[..., Browser], services: Services
) -> None:
    older = sets.hash_of(read_folder(PROCESSES))
    files = read_folder(PROCESSES)
    files["review.bpmn"] = files["review.bpmn"].replace("Принять решение".encode(), "Решить заново".encode())
    services.engine.publish(files, SYSTEM, "second")

    head = browser("head")
    assert f'href="/sets/{older}"' in head.get("/processes").html
    page = head.get(f"/sets/{older}")

    assert "не последний опубликованный набор" in page.text
    assert f'href="/processes/review/{older}"' in page.html


def test_a_form_is_explained_field_by_field(browser: Callable[..., Browser]) -> None:
    page = browser("officer").get(f"/forms/{sets.hash_of(read_folder(PROCESSES))}/decide.json")
    assert "decide.outcome" in page.text
    assert "Принять решение" in page.text  # where it is asked


def test_a_requirement_leads_to_the_elements_that_fulfil_it(browser: Callable[..., Browser], moved_on: int) -> None:
    page = browser("head").get("/requirements?q=T-1")
    assert 'href="/processes/review#check"' in page.html
    row = page.text[page.text.index("T-1") :]
    assert "Проверить обращение" in row
    assert "Ничего не нашлось" in browser("head").get("/requirements?q=nosuchword").text


def test_a_diagram_is_handed_out_as_it_was_published(browser: Callable[..., Browser]) -> None:
    set_hash = sets.hash_of(read_folder(PROCESSES))
    answer = browser("officer").client.get(f"/processes/review/{set_hash}/diagram.bpmn")
    assert answer.data == (PROCESSES / "review.bpmn").read_bytes()


def test_only_a_quality_engineer_is_offered_the_editor(browser: Callable[..., Browser]) -> None:
    assert "Изменить схемы" not in browser("officer").get("/processes").text


def test_a_stranger_is_led_to_the_sign_in_page(browser: Callable[..., Browser]) -> None:
    assert browser().get("/processes").path == "/sign-in"
