"""Ways in which the pages were broken once: what strangers, the curious and bad luck may send."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from time import monotonic
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from app.wiring import Services, build
from engine.clock import MovedClock
from engine.steps import Person
from storage import accounts, maps, people, sets
from storage import steps as write
from storage.database import Database
from storage.reading import cases
from tests.web.conftest import PASSWORD, START, Browser
from tests.web.test_access import SINCE, join
from web import create_app

Sign = Callable[..., Browser]
Waiting = Callable[[int], dict[str, str]]
CLERK = Person(login="clerk", name="Айгерим Сулейменова", roles=frozenset({"clerk"}))
PDF = b"%PDF-1.7"


def post(browser: Browser, address: str, **values: Any) -> Any:
    """Post fields, files among them, without having seen a form; redirects are not followed."""
    token = dict(browser.get("/inbox").form("/language"))["_csrf"]
    return browser.client.post(address, data={"_csrf": token, **values})


def files_of(services: Services, case: int) -> list[str]:
    with services.database.reading() as connection:
        return [row["filename"] for row in cases.attachments(connection, case)]


# Who may do what ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["complete", "update", "draft"])
@pytest.mark.parametrize("login", ["assessor", "head", "admin", "officer2"])
def test_a_file_is_not_kept_when_it_comes_from_somebody_who_may_not_do_the_task(
    browser: Sign, services: Services, case: int, waiting: Waiting, login: str, command: str
) -> None:
    task = waiting(case)["check"]
    browser("officer").post(f"/tasks/{task}/claim")

    file = (io.BytesIO(PDF), "чужой.pdf")
    post(browser(login), f"/tasks/{task}/complete", **{"_do": command, "conclusion": "x", "files:file": file})

    assert files_of(services, case) == []


@pytest.mark.parametrize("login", ["applicant", "assessor", "clerk"])
def test_to_whom_a_task_can_be_handed_is_told_to_nobody_who_may_not_do_it(
    browser: Sign, services: Services, case: int, waiting: Waiting, login: str
) -> None:
    join(services, case, "applicant", "applicant")

    page = browser(login).get(f"/tasks/{waiting(case)['check']}/hand-over")

    assert page.status == 403
    assert "Данияр Ахметов" not in page.text


def test_the_tasks_of_somebody_who_is_shut_out_are_free_again(
    browser: Sign, services: Services, case: int, waiting: Waiting
) -> None:
    task = waiting(case)["check"]
    browser("officer").post(f"/tasks/{task}/claim")
    assert browser("officer2").post(f"/tasks/{task}/claim").status == 409

    with services.database.writing() as connection:
        accounts.set_active(connection, "officer", False, at=SINCE, by="admin")

    assert browser("officer2").post(f"/tasks/{task}/claim").status == 200
    assert "Возвращено роли" in browser("officer2").get(f"/cases/{case}").text


@pytest.mark.parametrize(("roles", "status"), [({"clerk"}, 200), ({"officer", "clerk"}, 409)])
def test_a_task_is_free_again_when_whoever_has_it_loses_its_role(
    browser: Sign, services: Services, case: int, waiting: Waiting, roles: set[str], status: int
) -> None:
    task = waiting(case)["check"]
    browser("officer").post(f"/tasks/{task}/claim")

    with services.database.writing() as connection:
        accounts.set_roles(connection, "officer", roles, at=SINCE, by="admin")

    assert browser("officer2").post(f"/tasks/{task}/claim").status == status


@pytest.mark.parametrize(("login", "is_shown"), [("admin", False), ("assessor", False), ("both_admin", True)])
def test_an_incident_shows_confidential_answers_to_the_cleared_alone(
    browser: Sign, services: Services, case: int, waiting: Waiting, password_hash: str, login: str, is_shown: bool
) -> None:
    proofs = [{"title": "А", "file": "x", "closed": True}]
    values = {"conclusion": "видно всем", "secret": "рецептура", "proofs": proofs}
    row = {"case_id": case, "element": "check", "error": "сбой", "trace": "", "input": write.to_json({"check": values})}
    with services.database.writing() as connection:
        people.enter_person(connection, {"login": "both_admin", "name": "Двое"}, ["admin", "head"])
        people.set_password(connection, "both_admin", password_hash)
        write.insert_rows(connection, "incident", [{**row, "at": SINCE, "retry_at": None}])

    page = browser(login).get("/incidents/1")

    assert "видно всем" in page.text
    assert ("рецептура" in page.text) == is_shown
    with services.database.reading() as connection:
        looks = [one for one in cases.history(connection, case, 100) if one["type"] == "ConfidentialRead"]
    assert len(looks) == is_shown


# What may be sent ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["/\\[", "/\\℀.kz", "/x\r\ny: z", "//chuzhoy.kz", "/\\chuzhoy.kz", "/\t/chuzhoy.kz", "/\x00"]
)
def test_after_signing_in_nobody_is_led_away(browser: Sign, address: str) -> None:
    visitor = browser()
    token = dict(visitor.get("/sign-in").form("/sign-in"))["_csrf"]

    answer = visitor.client.post(
        "/sign-in", data={"_csrf": token, "login": "clerk", "password": PASSWORD, "next": address}
    )

    assert answer.status_code == 303
    assert answer.headers["Location"] in ("/inbox", "/%00")


@pytest.mark.parametrize("name", ["files.²", "sites.²", "sites." + "9" * 5000, "", "..", "files.0.0", "x" * 5000])
def test_a_file_under_a_name_that_no_form_has_is_not_kept(
    browser: Sign, services: Services, case: int, waiting: Waiting, name: str
) -> None:
    file = (io.BytesIO(PDF), "a.pdf")

    answer = post(browser("officer"), f"/tasks/{waiting(case)['check']}/complete", **{name + ":file": file, "_do": "x"})

    assert answer.status_code == 200
    assert files_of(services, case) == []


@pytest.mark.parametrize(
    "content",
    [
        rb'{"subject": "\ud800"}',
        rb'{"\ud800": 1}',
        rb'subject: "\U00110000"',
        b"subject: !!timestamp 99999-01-01",
        b"subject: !!timestamp 2026-01-01T00:00:00+99:99",
        b"people: 0x" + b"f" * 9000,
        b"people: !!int x",
        b"amount: !!float x",
        b"subject: !!bool x",
    ],
)
def test_an_application_file_with_values_that_are_none_is_told_from_its_line(browser: Sign, content: bytes) -> None:
    for name in ("a.json", "a.yaml"):
        answer = post(browser("clerk"), "/cases/new/review", _do="file", file=(io.BytesIO(content), name))

        assert answer.status_code == 422
        assert "не прочитан" in answer.get_data(as_text=True)


def test_a_key_that_somebody_else_or_another_task_has_used_holds_nobody_up(
    browser: Sign, services: Services, case: int, waiting: Waiting
) -> None:
    services.engine.start("review", START, CLERK, key="один ключ")
    officer = browser("officer")
    first = services.engine.start("review", START, CLERK).case_id

    for number in (case, first):
        answer = post(officer, f"/tasks/{waiting(number)['check']}/complete", conclusion="x", _key="один ключ")
        assert answer.status_code == 303
        assert "check" not in waiting(number)


# The editor ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def engineers(services: Services, browser: Sign, password_hash: str) -> tuple[Browser, Browser]:
    with services.database.writing() as connection:
        for login in ("quality", "quality2"):
            people.enter_person(connection, {"login": login, "name": login}, ["quality_engineer"])
            people.set_password(connection, login, password_hash)
    return browser("quality"), browser("quality2")


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Let something happen while a set is checked, which takes seconds; the check then finds nothing."""
    monkeypatch.setattr(Services, "check_draft", lambda self, files, translate: act() and [])


@pytest.mark.parametrize("path", ["forms/decide.json", "profile.toml"])
@pytest.mark.parametrize("inner", ["9" * 6000, "[" * 5000 + "]" * 5000, '{"a":' * 3000 + "1" + "}" * 3000])
def test_a_text_that_python_stumbles_over_is_not_kept(
    engineers: tuple[Browser, Browser], services: Services, path: str, inner: str
) -> None:
    content = f'{{"a": {inner}}}' if path.endswith(".json") else f"a = {inner.replace(':', '=')}"

    answer = post(engineers[0], f"/editor/text/{path}", content=content)

    assert answer.status_code == 422
    with services.database.reading() as connection:
        assert maps.drafts(connection) == []


def test_a_set_that_was_published_during_the_check_is_not_undone(
    engineers: tuple[Browser, Browser], services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = engineers
    post(first, "/editor/text/forms/decide.json", content='{"title": "Одно"}')
    post(second, "/editor/text/forms/answer.json", content='{"title": "Другое"}')
    files = services.library.set(current(services)).files
    other = {**files, "forms/answer.json": '{"title": "Другое"}'.encode()}
    meanwhile(monkeypatch, lambda: services.engine.publish(other, CLERK))

    answer = post(first, "/editor/publish", path="forms/decide.json", note="Одно")

    assert answer.status_code == 409
    assert "Тем временем опубликован другой набор" in answer.get_data(as_text=True)
    assert services.library.set(current(services)).files == other
    with services.database.reading() as connection:
        assert "forms/decide.json" in {row["path"] for row in maps.drafts(connection)}


def test_what_was_written_into_a_draft_during_its_publication_is_not_lost(
    engineers: tuple[Browser, Browser], services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = engineers
    form = "/editor/text/forms/decide.json"
    post(first, form, content='{"title": "Одно"}')
    meanwhile(monkeypatch, lambda: post(second, form, content='{"title": "Дальше"}'))

    assert post(first, "/editor/publish", path="forms/decide.json", note="Одно").status_code == 302

    assert services.library.set(current(services)).files["forms/decide.json"] == '{"title": "Одно"}'.encode()
    assert "Дальше" in first.get(form).text


@pytest.mark.parametrize("address", ["/editor/text/forms/decide.json", "/editor/documents/sheet.typ"])
def test_of_two_who_change_a_text_at_once_the_second_is_told_and_loses_nothing(
    engineers: tuple[Browser, Browser], address: str
) -> None:
    pages = [one.get(address) for one in engineers]
    assert engineers[0].send(pages[0], address, content='{"title": "Одно"}').status == 200

    page = engineers[1].send(pages[1], address, content='{"title": "Другое"}')

    assert page.status in (409, 422)
    assert "тем временем сохранил" in page.text
    assert "Другое" in page.html
    assert "Одно" in engineers[0].get(address).html


def current(services: Services) -> str:
    with services.database.reading() as connection:
        return sets.current(connection) or ""


def test_control_signs_that_were_pasted_are_left_out(
    browser: Sign, services: Services, case: int, waiting: Waiting
) -> None:
    text = "раз\x01\x0b\x1b\x7f\x85\ufffe два\r\n\tтри"

    post(browser("officer"), f"/tasks/{waiting(case)['check']}/complete", conclusion=text)

    with services.database.reading() as connection:
        assert cases.data(connection, case)["check"]["conclusion"] == "раз два\n\tтри"


# Many at once -------------------------------------------------------------------------------------------------------


@pytest.fixture
def processes(services: Services, app: Flask, clock: MovedClock) -> Iterator[list[Flask]]:
    """Two programs on one database."""
    other = build(services.config, clock=clock)
    yield [app, create_app(other)]
    other.close()


def together(people_at: Sequence[Browser], address: str, **values: str) -> list[int]:
    """Post the same from everybody at once; returns the HTTP codes."""
    tokens = [dict(one.get("/inbox").form("/language"))["_csrf"] for one in people_at]
    gate = Barrier(len(people_at))

    def send(one: Browser, token: str) -> int:
        gate.wait()
        answer = one.client.post(address, data={"_csrf": token, **values})
        if answer.status_code == 409:
            assert "«Проверить обращение» — выполнено:" in answer.get_data(as_text=True)
            assert "годится" in answer.get_data(as_text=True)
        return answer.status_code

    with ThreadPoolExecutor(len(people_at)) as pool:
        return list(pool.map(send, people_at, tokens))


def signed(app: Flask, login: str) -> Browser:
    one = Browser(app)
    one.sign_in(login)
    return one


def test_of_many_who_do_one_task_at_once_one_is_first_and_the_others_are_told_who(
    processes: list[Flask], services: Services, case: int, waiting: Waiting
) -> None:
    logins = ["officer", "officer2", "both"] * 2
    found = together(
        [signed(processes[number % 2], login) for number, login in enumerate(logins)],
        f"/tasks/{waiting(case)['check']}/complete",
        conclusion="годится",
    )

    assert sorted(found) == [303] + [409] * 5
    assert list(waiting(case)) == ["decide"]


def test_the_same_form_sent_ten_times_at_once_is_taken_once(
    processes: list[Flask], services: Services, case: int, waiting: Waiting
) -> None:
    browsers = [signed(processes[number % 2], "officer") for number in range(2)] * 5
    done = together(browsers, f"/tasks/{waiting(case)['check']}/complete", conclusion="годится", _key="один")

    assert done == [303] * 10
    with services.database.reading() as connection:
        assert [row["element"] for row in cases.submissions(connection, case)] == ["check", "begin"]


def test_a_database_that_somebody_holds_is_said_to_all_who_wait_after_one_term(
    services: Services, case: int, waiting: Waiting, tmp_path: Path, clock: MovedClock
) -> None:
    impatient = Database(services.config.database_url, busy_milliseconds=700)
    app = create_app(build(services.config, clock=clock, database=impatient))
    browsers, task = [signed(app, "officer")] * 5, waiting(case)["check"]
    holder = sqlite3.connect(tmp_path / "test.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")

    begun = monotonic()
    found = together(browsers, f"/tasks/{task}/complete", conclusion="годится")
    took = monotonic() - begun
    holder.execute("ROLLBACK")

    assert found == [503] * 5
    assert took < 3
    assert waiting(case) == {"check": task}
    assert post(browsers[0], f"/tasks/{task}/complete", conclusion="годится").status_code == 303
    impatient.close()


def test_a_full_disk_is_said_and_what_was_there_can_be_read(
    services: Services, app: Flask, case: int, waiting: Waiting
) -> None:
    officer, task = signed(app, "officer"), waiting(case)["check"]
    with services.database.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    services.database.engine.dispose()
    event.listen(
        services.database.engine, "connect", lambda raw, _: raw.execute(f"PRAGMA max_page_count={pages}") and None
    )

    answer = post(officer, f"/tasks/{task}/complete", conclusion="x" * 200_000)

    assert answer.status_code == 507
    assert "нужно освободить место" in answer.get_data(as_text=True)
    assert waiting(case) == {"check": task}
    assert officer.get(f"/tasks/{task}").status == 200
