"""Personal links: somebody without an account does their tasks in one case, and the link opens nothing else."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.wiring import Services
from engine.clock import MovedClock
from engine.duties import has_role
from engine.errors import LinkClosed, NotYours
from engine.library import read_folder
from engine.steps import SYSTEM, Admission, Person
from storage import links
from storage import steps as write
from storage.reading import cases
from tests.web.conftest import PROCESSES, START, Browser, Page

Sign = Callable[..., Browser]
Waiting = Callable[[int], dict[str, str]]
OFFICER = Person(login="officer", name="Данияр Ахметов", roles=frozenset({"officer"}))
HEAD = Person(login="head", name="Гульнара Касымова", roles=frozenset({"head"}))
CLERK = Person(login="clerk", name="Айгерим Сулейменова", roles=frozenset({"clerk"}))
GUEST = {"role": "applicant", "name": "Бауыржан Оспанов", "email": "b.ospanov@example.kz"}


@pytest.fixture
def asked(services: Services, case: int, waiting: Waiting) -> int:
    """A case in which the applicant's own task waits."""
    services.engine.complete(waiting(case)["check"], {"conclusion": "всё верно"}, OFFICER)
    services.engine.complete(waiting(case)["decide"], {"outcome": "accept"}, HEAD)
    return case


def made(clerk: Browser, case: int, **values: str) -> str:
    """Make a link and return its path, as shown this once."""
    page = clerk.get(f"/cases/{case}/links/new")
    page = clerk.send(page, f"/cases/{case}/links", **{**GUEST, "way": "show", **values})
    return "/l/" + re.findall(r'value="http://[^"]*/l/([^"]+)"', page.html)[0]


def events(services: Services, case: int) -> list[dict[str, Any]]:
    with services.database.reading() as connection:
        return cases.history(connection, case, 100)


def task_path(page: Page) -> str:
    return re.findall(r'href="(/l/[^"]+/tasks/[^"]+)"', page.html)[0]


def test_somebody_without_an_account_answers_by_the_link_and_the_record_says_so(
    browser: Sign, services: Services, asked: int, waiting: Waiting
) -> None:
    path = made(browser("clerk"), asked)
    guest = browser()

    page = guest.get(path)
    assert "Ответить органу" in page.text
    page = guest.get(task_path(page))
    page = guest.send(page, page.path, received="true")

    assert "Ваш ответ принят" in page.text
    assert waiting(asked) == {}
    done = next(one for one in events(services, asked) if one["type"] == "TaskCompleted" and one["element"] == "answer")
    assert done["data"]["via"] == "link"
    assert done["actor"].startswith("link:")
    assert done["actor_name"] == "Бауыржан Оспанов"
    staff = browser("head")
    number = re.findall(r"/submissions/(\d+)", staff.get(f"/cases/{asked}").html)[0]
    assert "по личной ссылке" in staff.get(f"/submissions/{number}").text


def test_what_staff_enter_on_behalf_is_not_said_to_come_by_a_link(
    services: Services, asked: int, waiting: Waiting
) -> None:
    services.engine.complete(waiting(asked)["answer"], {"received": True}, CLERK)

    done = next(one for one in events(services, asked) if one["type"] == "TaskCompleted")
    assert "via" not in done["data"]
    assert done["data"]["on_behalf_of"] == "applicant"


def test_staff_who_enter_an_answer_for_somebody_add_a_scan_of_it(
    browser: Sign, services: Services, asked: int, waiting: Waiting
) -> None:
    clerk = browser("clerk")
    page = clerk.get(f"/tasks/{waiting(asked)['answer']}")
    bad = clerk.send(page, page.path + "/complete", received="true", files={"_scan": (io.BytesIO(b"MZ"), "scan.exe")})
    assert bad.status == 422
    assert list(waiting(asked)) == ["answer"]

    clerk.send(page, page.path + "/complete", received="true", files={"_scan": (io.BytesIO(b"%PDF-1.7 x"), "лист.pdf")})

    assert waiting(asked) == {}
    number = re.findall(r"/submissions/(\d+)", browser("head").get(f"/cases/{asked}").html)[0]
    text = browser("head").get(f"/submissions/{number}").text
    assert "Ответ внёс сотрудник" in text
    assert "лист.pdf" in text


def test_only_the_fingerprint_of_a_link_is_kept(browser: Sign, services: Services, asked: int) -> None:
    path = made(browser("clerk"), asked)
    token = path.removeprefix("/l/")

    assert len(token) >= 43  # 256 bits in base64
    with services.database.reading() as connection:
        row = links.of_case(connection, asked)[0]
    assert row["token_hash"] == links.hash_of(token)
    assert token not in str(row) + str(events(services, asked))


def test_a_link_lives_as_long_as_the_profile_says_and_then_says_so(
    browser: Sign, asked: int, clock: MovedClock
) -> None:
    path = made(browser("clerk"), asked)

    clock.move(clock.now() + timedelta(days=29))
    assert browser().get(path).status == 200
    clock.move(clock.now() + timedelta(days=1))
    page = browser().get(path)
    assert page.status == 410
    assert "больше не действует" in page.text


def test_a_revoked_link_opens_nothing_and_takes_nothing(
    browser: Sign, services: Services, asked: int, waiting: Waiting
) -> None:
    clerk = browser("clerk")
    path = made(clerk, asked)
    guest = browser()
    page = guest.get(task_path(guest.get(path)))

    case_page = clerk.get(f"/cases/{asked}")
    clerk.send(case_page, re.findall(r"/links/\d+/revoke", case_page.html)[0])

    assert guest.get(path).status == 410
    assert guest.send(page, page.path, received="true").status == 410
    assert list(waiting(asked)) == ["answer"]
    kinds = [one["type"] for one in events(services, asked)]
    assert kinds.index("LinkRevoked") < kinds.index("LinkUsed") < kinds.index("LinkCreated")  # newest first


def test_the_engine_asks_the_record_itself_whether_a_link_is_open(
    services: Services, browser: Sign, asked: int, waiting: Waiting
) -> None:
    made(browser("clerk"), asked)
    invented = Admission(case_id=asked, role="applicant", token_hash="0" * 64)
    stranger = Person(login="link:invented", name="Некто", admission=invented)

    with pytest.raises(LinkClosed):
        services.engine.complete(waiting(asked)["answer"], {"received": True}, stranger)


def test_a_link_holds_its_role_in_its_case_alone() -> None:
    guest = Person(login="link:a", name="Гость", admission=Admission(case_id=7, role="applicant", token_hash="x"))
    task = {"case_id": 7, "role": "applicant", "scope": "case"}

    assert has_role(task, guest, {})
    assert not has_role({**task, "case_id": 8}, guest, {})
    assert not has_role({**task, "role": "decider"}, guest, {"decider": ["link:a"]})
    assert not has_role({**task, "role": "officer", "scope": "organisation"}, guest, {})


def test_a_link_opens_no_other_case_and_no_page_of_staff(
    browser: Sign, services: Services, asked: int, waiting: Waiting
) -> None:
    path = made(browser("clerk"), asked)
    other = services.engine.start("review", START, CLERK).case_id
    guest = browser()

    assert guest.get(f"{path}/tasks/{waiting(other)['check']}").status == 404
    for page in (f"/cases/{asked}", "/inbox", "/journals", "/processes", f"/tasks/{waiting(asked)['answer']}"):
        assert guest.get(page).path == "/sign-in"
    for page in ("/documents/1", "/documents/1.pdf", "/letters/1", "/uploads/x", "/tasks/x"):
        assert guest.get(path + page).status == 404


def test_what_staff_wrote_stays_with_staff(browser: Sign, asked: int) -> None:
    text = browser().get(made(browser("clerk"), asked)).text

    assert "всё верно" not in text  # the officer's conclusion
    assert "Данияр" not in text
    assert "Мешает работать" in text  # the party's own word


@pytest.mark.parametrize("token", ["x", "x" * 43, "../../cases/1", "%00", "х" * 43])
def test_an_unknown_link_gets_one_clear_page(browser: Sign, token: str) -> None:
    assert browser().get(f"/l/{token}").status == 404


def test_guessing_is_slowed_down(browser: Sign) -> None:
    guest = browser()

    assert {guest.get(f"/l/{'x' * 42}{number % 10}").status for number in range(30)} == {404, 429}


def test_the_address_travels_nowhere_else(browser: Sign, asked: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    path = made(browser("clerk"), asked)
    guest = browser()

    answer = guest.client.get(path)
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    guest.get(f"{path}/tasks/nothing")
    assert path.removeprefix("/l/") not in caplog.text


def test_a_draft_and_a_wrong_answer_lose_nothing(browser: Sign, asked: int) -> None:
    guest = browser()
    page = guest.get(task_path(guest.get(made(browser("clerk"), asked))))

    wrong = guest.send(page, page.path, received=None, comment="Прошу подождать")
    assert wrong.status == 422
    assert "Прошу подождать" in wrong.html
    kept = guest.send(page, page.path, received=None, comment="Прошу подождать", _do="draft")
    assert "Черновик сохранён" in kept.text
    assert "Прошу подождать" in guest.get(page.path).html


def test_a_task_that_staff_have_taken_is_not_answered_twice(
    browser: Sign, services: Services, asked: int, waiting: Waiting
) -> None:
    guest = browser()
    page = guest.get(task_path(guest.get(made(browser("clerk"), asked))))
    services.engine.claim(waiting(asked)["answer"], CLERK)

    answer = guest.send(page, page.path, received="true")

    assert answer.status == 409
    assert "Айгерим Сулейменова" in answer.text
    assert list(waiting(asked)) == ["answer"]


def test_an_answered_task_says_so(browser: Sign, asked: int) -> None:
    guest = browser()
    page = guest.get(task_path(guest.get(made(browser("clerk"), asked))))
    guest.send(page, page.path, received="true")

    again = guest.get(page.path)
    assert again.status == 410
    assert "Это уже сделано" in again.text
    # The same answer sent twice by a slow connection is one answer.
    assert guest.send(page, page.path, received="true").status == 410


@pytest.mark.parametrize(("login", "status"), [("clerk", 200), ("officer", 404), ("head", 404), ("applicant", 404)])
def test_a_link_is_given_by_those_who_may_act_for_the_role(browser: Sign, asked: int, login: str, status: int) -> None:
    assert browser(login).get(f"/cases/{asked}/links/new").status == status


def test_nobody_leads_around_the_separation_of_duties_by_a_link(services: Services, asked: int) -> None:
    from engine.links import Links

    shut_out = {"case_id": asked, "group": "no_access", "login": "clerk", "since": "2026", "until": None}
    with services.database.writing() as connection:
        write.insert_rows(connection, "participant", [shut_out])
    made_by = Links(database=services.database, library=services.library, clock=services.clock)

    with pytest.raises(Exception, match="Вы не можете"):
        made_by.create(asked, "applicant", "Подставной", "x@example.kz", CLERK)
    with pytest.raises(NotYours):
        made_by.create(asked, "applicant", "Подставной", "x@example.kz", OFFICER)


def test_a_letter_gets_its_link_only_when_it_is_sent(browser: Sign, services: Services, asked: int) -> None:
    clerk = browser("clerk")
    page = clerk.send(clerk.get(f"/cases/{asked}/links/new"), f"/cases/{asked}/links", **GUEST, way="letter")
    assert "поставлено в очередь" in page.text

    with services.database.reading() as connection:
        letter = next(row for row in cases.letters(connection, asked) if row["kind"] == "personal_link")
    assert links.MARK in letter["body"]
    with services.database.writing() as connection:
        first, second = links.body_of(connection, letter), links.body_of(connection, letter)

    paths = [re.findall(r"/l/[\w-]{43}", body)[0] for body in (first, second)]
    assert [browser().get(path).status for path in paths] == [404, 200]  # the letter sent last is the one that opens


def test_a_form_without_name_or_address_makes_no_link(browser: Sign, services: Services, asked: int) -> None:
    clerk = browser("clerk")
    page = clerk.get(f"/cases/{asked}/links/new")

    answer = clerk.send(page, f"/cases/{asked}/links", role="applicant", name="", email="не адрес", way="show")

    assert answer.status == 422
    assert "не адрес" in answer.html
    with services.database.reading() as connection:
        assert links.of_case(connection, asked) == []


def test_a_role_that_does_not_read_the_case_sees_its_own_task_and_nothing_else(
    browser: Sign, services: Services, waiting: Waiting
) -> None:
    files = dict(read_folder(PROCESSES))
    profile = files["profile.toml"].decode()
    files["profile.toml"] = profile.replace("outside = true", "outside = true\nreads_case = false", 1).encode()
    services.engine.publish(files, SYSTEM, "closed to the party")
    case = services.engine.start("review", START, CLERK).case_id
    services.engine.complete(waiting(case)["check"], {"conclusion": "всё верно"}, OFFICER)
    services.engine.complete(waiting(case)["decide"], {"outcome": "accept"}, HEAD)

    page = browser().get(made(browser("clerk"), case))

    assert "Ответить органу" in page.text
    assert "Мешает работать" not in page.text  # what the case began with
    assert "С чего началось дело" not in page.text
    assert "Документы" not in page.text
