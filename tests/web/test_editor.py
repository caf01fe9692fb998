"""Drafts, their checks and their publication, as a browser without JavaScript and the editor's script ask for them."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from app.wiring import Services
from storage import maps, people, sets
from tests.web.conftest import PROCESSES, Browser

DIAGRAM = (PROCESSES / "review.bpmn").read_bytes()
RENAMED = DIAGRAM.replace("Принять решение".encode(), "Решить заново".encode())
ERROR = {
    "file": "review.bpmn",
    "line": 7,
    "element": "decide",
    "severity": "error",
    "rule": "user-task-form",
    "message": "У задачи нет формы.",
    "cure": "Назовите форму.",
}


@pytest.fixture
def quality(services: Services, browser: Callable[..., Browser], password_hash: str) -> Browser:
    with services.database.writing() as connection:
        for login in ("quality", "quality2"):
            people.enter_person(connection, {"login": login, "name": login}, ["quality_engineer"])
            people.set_password(connection, login, password_hash)
    return browser("quality")


@pytest.fixture
def problems(monkeypatch: pytest.MonkeyPatch) -> list[Mapping[str, Any]]:
    """What the check finds: the small diagrams of these tests are not drawn, so the real one would refuse them."""
    found: list[Mapping[str, Any]] = []
    monkeypatch.setattr(Services, "check_draft", lambda self, files, translate: list(found))
    return found


def token(browser: Browser) -> str:
    return dict(browser.get("/editor").form("/language"))["_csrf"]


def save(browser: Browser, xml: bytes, seen_at: str = "") -> Any:
    values = {"xml": xml.decode(), "seen_at": seen_at, "_csrf": token(browser)}
    return browser.client.post("/editor/review/draft", data=values, headers={"Accept": "application/json"})


def upload(browser: Browser, content: bytes) -> Any:
    return browser.send(browser.get("/editor"), "/editor/upload", files={"file": (io.BytesIO(content), "mine.bpmn")})


def published_diagram(services: Services) -> bytes:
    with services.database.reading() as connection:
        return sets.files_of(connection, sets.current(connection) or "")["review.bpmn"]


def draft_paths(services: Services) -> list[str]:
    with services.database.reading() as connection:
        return [row["path"] for row in maps.drafts(connection)]


def test_the_editor_is_closed_to_everybody_but_quality_engineers(browser: Callable[..., Browser]) -> None:
    assert browser("head").get("/editor").status == 403
    assert browser("admin").get("/editor/review").status == 403


def test_an_uploaded_diagram_becomes_a_draft_and_changes_no_published_one(quality: Browser, services: Services) -> None:
    page = upload(quality, RENAMED)
    assert page.path == "/editor/review"
    assert quality.client.get("/editor/review/diagram.bpmn").data == RENAMED
    assert published_diagram(services) == DIAGRAM


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Файл пуст"),
        (b"<html><body/></html>", "HTML"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><x/>', "DOCTYPE"),
        (DIAGRAM[:900], "не читается как XML"),
    ],
)
def test_an_upload_that_is_no_diagram_is_refused_in_words(quality: Browser, content: bytes, words: str) -> None:
    assert words in upload(quality, content).text


def test_an_uploaded_diagram_without_a_drawing_is_kept_and_says_that_it_cannot_be_shown(quality: Browser) -> None:
    assert b"BPMNShape" not in DIAGRAM

    assert "нет рисунка" in upload(quality, DIAGRAM).text


def test_saving_over_a_draft_that_somebody_else_kept_meanwhile_is_refused(
    quality: Browser, browser: Callable[..., Browser]
) -> None:
    other = browser("quality2")
    assert save(quality, RENAMED).status_code == 200
    answer = save(other, DIAGRAM)
    assert answer.status_code == 409
    assert "quality" in answer.get_json()["error"]
    assert quality.client.get("/editor/review/diagram.bpmn").data == RENAMED


def test_saving_again_what_one_saved_oneself_is_accepted(quality: Browser) -> None:
    seen_at = save(quality, RENAMED).get_json()["seen_at"]
    assert save(quality, DIAGRAM, seen_at).status_code == 200


def test_a_draft_that_names_another_process_is_refused(quality: Browser) -> None:
    answer = save(quality, DIAGRAM.replace(b'process id="review"', b'process id="something_else"'))
    assert answer.status_code == 422


def test_a_draft_with_errors_is_not_published_and_the_errors_are_shown(
    quality: Browser, services: Services, problems: list[Mapping[str, Any]]
) -> None:
    problems.append(ERROR)
    upload(quality, RENAMED)
    page = quality.send(quality.get("/editor"), "/editor/publish", path="review.bpmn", note="Переименована задача")
    assert page.status == 422
    assert "У задачи нет формы." in page.text
    assert published_diagram(services) == DIAGRAM
    assert draft_paths(services) == ["review.bpmn"]


def test_a_publication_says_what_was_changed_and_why(
    quality: Browser, services: Services, problems: list[Mapping[str, Any]]
) -> None:
    upload(quality, RENAMED)
    page = quality.send(quality.get("/editor"), "/editor/publish", path="review.bpmn", note=" ")
    assert "напишите, что изменено" in page.text
    assert published_diagram(services) == DIAGRAM


def test_new_cases_follow_what_is_published_and_running_ones_keep_theirs(
    quality: Browser, services: Services, problems: list[Mapping[str, Any]], case: int
) -> None:
    upload(quality, RENAMED)
    page = quality.send(quality.get("/editor"), "/editor/publish", path="review.bpmn", note="Переименована задача")
    assert "Переименована задача" in page.text
    assert published_diagram(services) == RENAMED
    assert draft_paths(services) == []
    assert "Принять решение" in quality.get(f"/cases/{case}/map").text


def test_a_draft_that_was_begun_on_an_older_publication_is_marked(
    quality: Browser, services: Services, problems: list[Mapping[str, Any]]
) -> None:
    upload(quality, RENAMED)
    with services.database.reading() as connection:
        files = sets.files_of(connection, sets.current(connection) or "")
    files["review.bpmn"] = DIAGRAM.replace("Проверить обращение".encode(), "Изучить обращение".encode())
    from engine.steps import SYSTEM

    services.engine.publish(files, SYSTEM, "meanwhile")
    assert "начат на прежней версии" in quality.get("/editor").text


def test_the_check_answers_the_script_as_data(quality: Browser, problems: list[Mapping[str, Any]]) -> None:
    problems.append(ERROR)
    values = {"path": "review.bpmn", "_csrf": token(quality)}
    answer = quality.client.post("/editor/check", data=values, headers={"Accept": "application/json"})
    assert answer.get_json() == {"problems": [ERROR]}


def test_a_form_is_changed_as_text_and_must_be_readable(quality: Browser, services: Services) -> None:
    page = quality.get("/editor/text/forms/decide.json")
    refused = quality.send(page, "/editor/text/forms/decide.json", content='{"title": ')
    assert refused.status == 422
    assert "Не читается как JSON" in refused.text
    quality.send(page, "/editor/text/forms/decide.json", content='{"title": "Решение"}')
    assert draft_paths(services) == ["forms/decide.json"]


@pytest.mark.parametrize("path", ["../app/config.py", "forms/../x.json", "handlers/x.py", "forms/x.bpmn", "x.exe"])
def test_a_path_that_no_set_may_hold_cannot_be_edited(quality: Browser, path: str) -> None:
    assert quality.client.get(f"/editor/text/{path}").status_code in (404, 308)


def test_a_new_process_begins_with_a_diagram_that_can_be_read(quality: Browser, services: Services) -> None:
    page = quality.send(
        quality.get("/editor"), "/editor/new", process="supplier_audit", title='Аудит "поставщика" & партнёра'
    )
    assert page.path == "/editor/supplier_audit"
    assert draft_paths(services) == ["supplier_audit.bpmn"]


def test_a_draft_can_be_thrown_away(quality: Browser, services: Services) -> None:
    upload(quality, RENAMED)
    quality.send(quality.get("/editor/review"), "/editor/discard", discarded="review.bpmn")
    assert draft_paths(services) == []


def test_the_lists_offer_what_the_published_set_holds(quality: Browser) -> None:
    choices = quality.client.get("/editor/choices").get_json()
    assert {"value": "decide.json", "title": "Решение"}.items() <= next(
        form for form in choices["forms"] if form["value"] == "decide.json"
    ).items()
    assert "decide.outcome" in [entry["value"] for entry in choices["data"]]
    assert "reviewers" in [entry["value"] for entry in choices["groups"]]


def test_the_desk_tells_what_a_draft_changes(quality: Browser) -> None:
    changed = RENAMED.replace(b'name="deadline" value="check"', b'name="deadline" value="decide"')
    upload(quality, changed)
    text = quality.get("/editor").text
    assert "«Решить заново», название: Принять решение → Решить заново" in text
    assert "«Проверить обращение», срок: check → decide" in text


def test_the_diagrams_are_narrowed_to_the_words_that_are_looked_for(quality: Browser) -> None:
    assert 'href="/editor/review"' in quality.get("/editor?q=review").html
    page = quality.get("/editor?q=нетакойсхемы")

    assert 'href="/editor/review"' not in page.html
    assert "Ничего не нашлось" in page.text


def test_what_was_checked_without_errors_can_be_published_right_there(
    quality: Browser, problems: list[Mapping[str, Any]]
) -> None:
    def checked() -> str:
        data = {"_csrf": token(quality), "path": "review.bpmn"}
        return str(quality.client.post("/editor/check", data=data).get_data(as_text=True))

    assert 'name="path" value="review.bpmn"' in checked()
    assert 'action="/editor/publish"' in checked()
    problems.append(ERROR)
    assert 'action="/editor/publish"' not in checked()
