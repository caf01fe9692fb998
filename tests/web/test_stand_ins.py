"""What a reader is told when everybody who holds a task's role is closed out of the case."""

from __future__ import annotations

from collections.abc import Callable

from app.wiring import Services
from engine.steps import Person
from storage import accounts
from storage.steps import insert_rows
from tests.web.conftest import Browser

SINCE = "2026-01-01T00:00:00.000000+00:00"
Sign = Callable[..., Browser]
Waiting = Callable[[int], dict[str, str]]
OFFICER = Person(login="officer", name="Данияр Ахметов", roles=frozenset({"officer"}))

BOTH = Person(login="both", name="Ерлан Бекмухамбетов", roles=frozenset({"officer", "head"}))


def close_out(services: Services, case: int, *logins: str) -> None:
    rows = [{"case_id": case, "group": "reviewers", "login": one, "since": SINCE, "until": None} for one in logins]
    with services.database.writing() as connection:
        insert_rows(connection, "participant", rows)


def test_whoever_stands_in_is_told_why_the_task_came_to_them(
    browser: Sign, services: Services, case: int, waiting: Waiting
) -> None:
    with services.database.writing() as connection:
        accounts.set_active(connection, "head", active=False, at=SINCE, by="admin")
    services.engine.complete(waiting(case)["check"], {"conclusion": "всё верно"}, BOTH)  # who checks, does not decide

    page = browser("auditor").get(f"/tasks/{waiting(case)['decide']}")

    assert "Обычно эту задачу выполняет «Руководитель»" in page.text
    assert "Роль «Руководитель» замещает «Аудитор»" in browser("assessor").get(f"/cases/{case}").text


def test_a_task_that_nobody_may_do_says_what_an_administrator_has_to_change(
    browser: Sign, services: Services, case: int, waiting: Waiting
) -> None:
    services.engine.complete(waiting(case)["check"], {"conclusion": "всё верно"}, OFFICER)
    assert "Выполнить некому" not in browser("assessor").get(f"/cases/{case}").text

    close_out(services, case, "head", "both")

    page = browser("assessor").get(f"/cases/{case}")
    assert "Выполнить некому" in page.text
    assert "Пусть администратор назначит её ещё одному сотруднику" in page.text
