"""Signing in, what protects it, and what every answer carries."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.wiring import Services
from storage import accounts
from tests.web.conftest import PASSWORD, Browser

Sign = Callable[..., Browser]


def test_a_stranger_is_led_to_the_sign_in_page_and_back_to_where_they_were_going(browser: Sign) -> None:
    stranger = browser()

    page = stranger.get("/cases?status=open")
    assert page.path == "/sign-in"
    after = stranger.send(page, "/sign-in", login="clerk", password=PASSWORD)

    assert after.path == "/cases"


@pytest.mark.parametrize("there", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_signing_in_never_leads_to_another_site(browser: Sign, there: str) -> None:
    stranger = browser()

    page = stranger.send(stranger.get("/sign-in"), "/sign-in", login="clerk", password=PASSWORD, next=there)

    assert page.path == "/inbox"


@pytest.mark.parametrize(("login", "password"), [("clerk", "wrong"), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_pair_is_refused_in_the_same_words(browser: Sign, login: str, password: str) -> None:
    page = browser().sign_in(login, password)

    assert page.status == 422
    assert "Имя или пароль не подходят" in page.text


def test_too_many_wrong_passwords_shut_the_door_for_that_login_alone(browser: Sign) -> None:
    for _ in range(5):
        assert browser().sign_in("head", "wrong").status == 422

    assert browser().sign_in("head").status == 429
    assert browser().sign_in("clerk").path == "/inbox"


def test_somebody_who_was_shut_out_is_signed_out_at_once(browser: Sign, services: Services) -> None:
    officer = browser("officer")
    with services.database.writing() as connection:
        accounts.set_active(connection, "officer", active=False, at="2026-01-01T00:00:00.000000+00:00", by="admin")

    assert officer.get("/inbox").path == "/sign-in"
    assert browser().sign_in("officer").status == 422


def test_a_new_password_ends_the_sessions_of_other_machines(browser: Sign) -> None:
    here, there = browser("clerk"), browser("clerk")
    new = "ещё одна длинная фраза"

    page = here.send(here.get("/password"), "/password", old=PASSWORD, new=new, again=new)

    assert page.path == "/inbox"
    assert there.get("/inbox").path == "/sign-in"
    assert browser().sign_in("clerk", new).path == "/inbox"


@pytest.mark.parametrize(
    ("old", "new", "again", "said"),
    [
        ("wrong", "новая фраза для входа", "новая фраза для входа", "не ваш нынешний"),
        (PASSWORD, "коротко", "коротко", "Не короче 10"),
        (PASSWORD, "новая фраза для входа", "другая", "не совпали"),
        (PASSWORD, PASSWORD, PASSWORD, "совпадает с нынешним"),
    ],
)
def test_a_password_that_will_not_do_is_explained(browser: Sign, old: str, new: str, again: str, said: str) -> None:
    clerk = browser("clerk")

    page = clerk.send(clerk.get("/password"), "/password", old=old, new=new, again=again)

    assert page.status == 422
    assert said in page.text


@pytest.mark.parametrize(
    "path", ["/sign-in", "/inbox", "/tasks/x/complete", "/language", "/cases/new/review", "/people/new"]
)
def test_a_post_without_the_token_does_nothing(browser: Sign, path: str) -> None:
    assert browser("admin").client.post(path, data={"login": "clerk"}).status_code in (400, 405)


@pytest.mark.parametrize("path", ["/sign-in", "/inbox", "/cases", "/nothing-here"])
def test_every_page_carries_the_headers_that_protect_it(browser: Sign, path: str) -> None:
    headers = browser("clerk").client.get(path).headers

    policy = headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


def test_the_session_cookie_is_closed_to_scripts_and_to_other_sites(browser: Sign) -> None:
    stranger = browser()
    token = dict(stranger.get("/sign-in").form("/sign-in"))["_csrf"]

    answer = stranger.client.post("/sign-in", data={"_csrf": token, "login": "clerk", "password": PASSWORD})

    cookie = next(value for value in answer.headers.getlist("Set-Cookie") if value.startswith("reglament="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_the_session_cookie_travels_by_https_only_where_the_page_came_by_https(browser: Sign) -> None:
    answer = browser().client.get("/sign-in", base_url="https://reglament.example")

    assert all("Secure" in value for value in answer.headers.getlist("Set-Cookie"))


def test_the_language_is_switched_and_remembered(browser: Sign, services: Services) -> None:
    clerk = browser("clerk")

    page = clerk.post("/language", language="en", next="/cases")

    assert page.path == "/cases"
    assert '<html lang="en">' in page.html
    assert "Cases" in page.text
    with services.database.reading() as connection:
        from storage.reading import people as reading

        assert (reading.person(connection, "clerk") or {})["locale"] == "en"
