"""A database that fails while pages are served: each failure has a page of its own, which asks it nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import event

from app.wiring import Services
from tests.web.conftest import Browser

QUERY_ONLY = "PRAGMA query_only=ON"
Browsers = Callable[..., Browser]


@pytest.fixture
def file(services: Services) -> Path:
    found = services.database.file
    assert found is not None
    return found


def _spoil(services: Services, file: Path) -> None:
    services.database.close()
    for beside in file.parent.glob(f"{file.name}*"):
        beside.write_bytes(b"this was a database once" * 400)


def test_a_damaged_database_is_said_in_words_with_what_the_administrator_does(
    services: Services, file: Path, browser: Browsers
) -> None:
    clerk = browser("clerk")
    _spoil(services, file)

    page = clerk.get("/cases")

    assert page.status == 500
    assert "База данных повреждена" in page.text
    assert "reglament db restore" in page.text
    assert str(file) not in page.text


def test_a_database_that_cannot_be_opened_is_said_in_words_and_may_be_asked_again(
    services: Services, file: Path, browser: Browsers
) -> None:
    clerk = browser("clerk")
    services.database.close()
    away = file.parent.rename(file.parent.with_name("away"))

    page = clerk.get("/cases?q=x")

    assert page.status == 503
    assert page.response.headers["Retry-After"] == "60"
    assert "База данных недоступна" in page.text
    assert 'href="/cases?q=x"' in page.html
    away.rename(file.parent)
    assert clerk.get("/cases").status == 200


def test_a_database_that_is_closed_to_writing_is_not_taken_for_a_full_disk(
    services: Services, browser: Browsers, case: int, waiting: Callable[[int], dict[str, str]]
) -> None:
    officer = browser("officer")
    task = waiting(case)["check"]
    token = dict(officer.get("/inbox").form("/language"))["_csrf"]
    services.database.close()
    event.listen(services.database.engine, "connect", lambda connection, _record: connection.execute(QUERY_ONLY))

    answer = officer.client.post(f"/tasks/{task}/claim", data={"_csrf": token})

    assert answer.status_code == 503
    assert "В базу данных нельзя записать" in answer.get_data(as_text=True)


def test_a_reader_of_english_gets_the_page_in_english_by_the_cookie(
    services: Services, file: Path, browser: Browsers
) -> None:
    clerk = browser("clerk")
    clerk.client.set_cookie("language", "en")
    _spoil(services, file)

    assert '<html lang="en">' in clerk.get("/cases").html
