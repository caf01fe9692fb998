"""Pages as a whole: both languages, failures that are explained, speed of the inbox."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import insert

from app.wiring import Services
from engine.service import Engine
from engine.steps import Person
from storage.database import Full, Locked
from storage.reading import inbox
from storage.reading.access import Viewer
from storage.reading.inbox import Wanted
from storage.tables import case, open_task
from tests.web.conftest import BEGIN, START, Browser
from web import catalogue

Sign = Callable[..., Browser]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_no_sentence_that_a_reader_can_meet_is_without_words(language: str) -> None:
    assert catalogue.untranslated(language) == []


@pytest.mark.parametrize("language", ["ru", "en"])
def test_places_in_sentences_survive_translation(language: str) -> None:
    """A translation that loses `{name}` or `%(name)s` would lose a fact, one that invents it would fail."""
    import re

    places = re.compile(r"%\(\w+\)s|%\(\w+\)d|\{\w+\}")
    for message in catalogue.read(language):
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        first = message.id[0] if isinstance(message.id, tuple) else message.id
        if message.id and all(texts):
            for text in texts:
                assert set(places.findall(text)) == set(places.findall(first)), first


@pytest.mark.parametrize(
    "path", ["/inbox", "/cases", "/cases/new/review", "/cases/1", "/people", "/incidents", "/journals"]
)
def test_every_page_opens_in_english(browser: Sign, services: Services, path: str) -> None:
    with services.database.writing() as connection:
        from storage import people

        people.enter_person(connection, {"login": "all", "name": "All", "locale": "en"}, ["clerk", "admin"])
        people.set_password(connection, "all", people_hash(services))
    clerk = Person(login="clerk", name="Айгерим", roles=frozenset({"clerk"}))
    services.engine.start("review", START, clerk)

    page = browser("all").get(path)

    assert page.status == 200
    assert '<html lang="en">' in page.html


def people_hash(services: Services) -> str:
    from tests.web.conftest import PASSWORD
    from web.passwords import passwords_of

    return passwords_of(services.config.argon2).hash(PASSWORD)


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (Locked("locked"), 503, "База данных занята"),
        (Full("full"), 507, "не осталось места"),
        (OSError(28, "No space left on device"), 507, "не осталось места"),
        (RuntimeError("secret detail"), 500, "Ошибка в программе"),
    ],
)
def test_a_failure_is_explained_without_its_trace(
    browser: Sign, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, said: str
) -> None:
    clerk = browser("clerk")

    def fail(*given: Any, **named: Any) -> None:
        raise error

    monkeypatch.setattr(Engine, "start", fail)
    page = clerk.send(
        clerk.get("/cases/new/review"),
        "/cases/new/review",
        subject="Шум",
        kind="proposal",
        received_on="11.01.2026",
        **{"sites.0.city": "Кентау"},
    )

    assert page.status == status
    assert said in page.text
    assert "secret" not in page.html


def test_a_page_asked_for_in_the_wrong_way_says_so(browser: Sign) -> None:
    page = browser("clerk").post("/cases")

    assert page.status == 405
    assert "Откройте раздел из меню" in page.text


@contextmanager
def stopwatch() -> Iterator[list[float]]:
    taken: list[float] = []
    begun = time.perf_counter()
    yield taken
    taken.append(time.perf_counter() - begun)


def many_tasks(services: Services, count: int) -> None:
    """Ten thousand open cases, each with one task for an officer."""
    with services.database.writing() as connection:
        set_hash = inbox_set(services)
        cases = [
            {
                "id": number,
                "number": f"R-{number}",
                "process": "review",
                "set_hash": set_hash,
                "profile": "P",
                "readings": "{}",
                "subject": f"Предмет {number}",
                "status": "open",
                "version": 1,
                "started_at": "2026-01-01T00:00:00.000000+00:00",
                "started_by": "clerk",
                "engine_head": "{}",
            }
            for number in range(1, count + 1)
        ]
        tasks = [
            {
                "id": f"task-{number}",
                "case_id": number,
                "process": "review",
                "element": "check",
                "name": "Проверить обращение",
                "role": "officer",
                "scope": "organisation",
                "form": "check.json",
                "excludes": "reviewers",
                "opened_at": "2026-01-01T00:00:00.000000+00:00",
                "due_at": f"2026-0{1 + number % 6}-{1 + number % 28:02}T18:59:59.000000+00:00",
                "data_key": "check",
            }
            for number in range(1, count + 1)
        ]
        connection.execute(insert(case), cases)
        connection.execute(insert(open_task), tasks)


def inbox_set(services: Services) -> str:
    from storage import sets

    with services.database.reading() as connection:
        return sets.current(connection) or ""


def test_an_inbox_of_ten_thousand_cases_reads_a_page_and_not_the_table(services: Services) -> None:
    many_tasks(services, 10_000)
    officer = Viewer(login="officer", roles=frozenset({"officer"}), processes=frozenset({"review"}))
    wanted = Wanted(now=BEGIN)

    with services.database.reading() as connection:
        inbox.tasks(connection, officer, wanted, offset=0, limit=50)
        with stopwatch() as taken:
            rows = inbox.tasks(connection, officer, wanted, offset=0, limit=50)
        count = inbox.count(connection, officer, wanted)
        plan = " ".join(
            str(row)
            for row in connection.exec_driver_sql(
                "EXPLAIN QUERY PLAN SELECT id FROM open_task WHERE role = 'officer' ORDER BY due_at LIMIT 50"
            )
        )

    assert [row["due_at"] for row in rows] == sorted(row["due_at"] for row in rows)
    assert len(rows) == 50
    assert count == inbox.MOST_COUNTED + 1
    assert "ix_open_task_role" in plan
    assert taken[0] < 0.2  # a bound against reading the table, not a benchmark


def test_the_inbox_is_searched_without_regard_to_case_and_in_russian(services: Services) -> None:
    many_tasks(services, 30)
    officer = Viewer(login="officer", roles=frozenset({"officer"}), processes=frozenset({"review"}))

    with services.database.reading() as connection:
        found = inbox.tasks(connection, officer, Wanted(now=BEGIN, text="предмет 17"), offset=0, limit=50)

    assert [row["number"] for row in found] == ["R-17"]


def test_many_sections_stand_in_one_line_and_the_rest_under_a_word_of_their_own(
    browser: Callable[..., Browser],
) -> None:
    page = browser("admin").get("/processes")

    line, _, rest = page.html.partition('<nav class="main-nav"')[2].partition("<details")
    more = rest.partition("</details>")[0]
    assert line.count("<a ") == 5
    assert 'aria-current="page">Карта процессов' in line  # where the reader is stands in the line, whatever its place
    assert 'class="only-wide" aria-current' not in line  # and on a telephone too
    assert [title for title in ("Люди", "Сбои") if f">{title}<" in more] == ["Люди", "Сбои"]


def test_a_few_sections_need_no_word_for_more_on_a_wide_page(browser: Callable[..., Browser]) -> None:
    page = browser("officer").get("/inbox")

    assert '<details class="menu only-narrow">' in page.html
