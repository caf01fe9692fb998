"""Who may know of what: the matrix of cases, papers and pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.wiring import Services
from storage.steps import insert_rows
from tests.web.conftest import Browser

Sign = Callable[..., Browser]
SINCE = "2026-01-01T00:00:00.000000+00:00"


def join(services: Services, case: int, group: str, login: str) -> None:
    with services.database.writing() as connection:
        insert_rows(
            connection,
            "participant",
            [{"case_id": case, "group": group, "login": login, "since": SINCE, "until": None}],
        )


@pytest.mark.parametrize(
    ("login", "status"),
    [
        ("clerk", 200),  # has a lane in the process
        ("officer", 200),
        ("head", 200),
        ("admin", 200),  # oversees
        ("assessor", 200),
        ("auditor", 404),  # holds an office, but not in this process
        ("applicant", 404),  # takes no part yet
    ],
)
def test_a_case_is_known_to_those_who_work_in_its_process_or_oversee_it(
    browser: Sign, case: int, login: str, status: int
) -> None:
    visitor = browser(login)

    assert visitor.get(f"/cases/{case}").status == status
    assert ("R-2026-0001" in visitor.get("/cases").text) == (status == 200)


def test_somebody_from_outside_sees_the_case_they_take_part_in(browser: Sign, services: Services, case: int) -> None:
    join(services, case, "applicant", "applicant")

    assert browser("applicant").get(f"/cases/{case}").status == 200


@pytest.mark.parametrize("login", ["head", "admin", "officer", "assessor"])
def test_a_case_is_hidden_from_whoever_it_is_closed_to_administrators_included(
    browser: Sign, services: Services, case: int, waiting: Callable[[int], dict[str, str]], login: str
) -> None:
    join(services, case, "no_access", login)
    task = waiting(case)["check"]
    visitor = browser(login)

    assert visitor.get(f"/cases/{case}").status == 404
    assert visitor.get(f"/tasks/{task}").status == 404
    assert visitor.get(f"/tasks/{task}/hand-over").status == 404
    assert visitor.get(f"/cases/{case}/map").status == 404
    assert visitor.post(f"/tasks/{task}/claim").status == 404
    assert visitor.post(f"/tasks/{task}/complete", conclusion="всё верно").status == 404
    assert "R-2026-0001" not in visitor.get("/search?q=R-2026-0001").text.replace("value", "")
    assert "Шум на площадке" not in visitor.get("/inbox").text


def test_somebody_who_left_a_group_sees_the_case_no_longer(browser: Sign, services: Services, case: int) -> None:
    join(services, case, "applicant", "applicant")
    with services.database.writing() as connection:
        from storage.steps import end_memberships

        end_memberships(connection, case, ["applicant"], SINCE)

    assert browser("applicant").get(f"/cases/{case}").status == 404


def test_a_party_reads_its_own_papers_and_not_those_of_the_body(
    browser: Sign, services: Services, case: int, waiting: Callable[[int], dict[str, str]]
) -> None:
    join(services, case, "applicant", "applicant")
    officer = browser("officer")
    page = officer.get(f"/tasks/{waiting(case)['check']}")
    officer.send(page, page.path + "/complete", conclusion="внутреннее суждение")

    party, head = browser("applicant"), browser("head")

    assert party.get("/submissions/1").status == 200  # what the case began with
    assert party.get("/submissions/2").status == 404
    assert "внутреннее суждение" in head.get("/submissions/2").text
    assert "Проверить обращение" not in party.get(f"/cases/{case}").text


@pytest.mark.parametrize(
    ("login", "path", "status"),
    [
        ("clerk", "/people", 403),
        ("head", "/people", 200),
        ("assessor", "/people", 200),
        ("admin", "/people/new", 200),
        ("clerk", "/incidents", 403),
        ("assessor", "/incidents", 200),
        ("admin", "/incidents/7", 404),
        ("applicant", "/cases/new/review", 403),
        ("clerk", "/cases/new/review", 200),
        ("clerk", "/cases/new/nothing", 404),
        ("clerk", "/journals", 200),
        ("clerk", "/journals/nothing", 404),
        ("clerk", "/uploads/nothing", 404),
        ("clerk", "/documents/5", 404),
        ("clerk", "/letters/5", 404),
        ("clerk", "/nothing", 404),
        ("clerk", "/cases/99999999999999999999999", 404),
        ("clerk", "/tasks/x", 404),
        ("clerk", "/inbox?view=x&when=y&page=-1&q=%25_%5C", 200),
    ],
)
def test_pages_are_open_to_those_whose_office_needs_them(browser: Sign, login: str, path: str, status: int) -> None:
    assert browser(login).get(path).status == status


def test_only_the_administrator_changes_people(browser: Sign) -> None:
    assessor, admin = browser("assessor"), browser("admin")

    assert assessor.post("/people/clerk", name="Другое имя", roles="head").status == 403
    page = admin.send(admin.get("/people/clerk"), "/people/clerk", name="Айгерим С.", roles=["clerk", "head"])
    assert page.path == "/people"
    assert "Айгерим С." in page.text


def test_the_administrator_cannot_shut_themselves_out(browser: Sign) -> None:
    admin = browser("admin")

    assert admin.send(admin.get("/people/admin"), "/people/admin", roles=["clerk"]).status == 422


def test_a_new_person_gets_a_password_that_is_shown_once_and_works(browser: Sign) -> None:
    admin = browser("admin")
    page = admin.send(admin.get("/people/new"), "/people/new", login="newcomer", name="Новый Человек", roles=["clerk"])
    page = admin.send(page, "/people/newcomer/password")

    password = page.html.split('<strong class="code">')[1].split("<")[0]
    assert browser().sign_in("newcomer", password).path == "/inbox"
    assert password not in admin.get("/people/newcomer").html


def test_a_login_is_given_once_only(browser: Sign) -> None:
    admin = browser("admin")

    page = admin.send(admin.get("/people/new"), "/people/new", login="clerk", name="Двойник", roles=["head"])

    assert page.status == 422
    assert "уже занято" in page.text
