"""A small process with forms of every kind, people of every standing, and a browser without JavaScript."""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert
from werkzeug.test import Client, TestResponse

from app.config import Argon2Cost, Config
from app.wiring import Services, upgraded
from engine.clock import MovedClock
from engine.library import read_folder
from engine.steps import SYSTEM
from storage import people
from storage.chain import Event, append
from storage.tables import document
from web import create_app
from web.passwords import passwords_of

PROCESSES = Path(__file__).parent / "processes"
PASSWORD = "длинная фраза для проверки"
BEGIN = datetime(2026, 1, 12, 5, 0, tzinfo=UTC)  # a Monday, 10:00 in Almaty
PEOPLE = {
    "clerk": ("Айгерим Сулейменова", ["clerk"]),
    "officer": ("Данияр Ахметов", ["officer"]),
    "officer2": ("Сауле Ибраева", ["officer"]),
    "head": ("Гульнара Касымова", ["head"]),
    "both": ("Ерлан Бекмухамбетов", ["officer", "head"]),
    "admin": ("Игорь Лазарев", ["admin"]),
    "assessor": ("Сауле Нурпеисова", ["assessor"]),
    "auditor": ("Асель Тулегенова", ["auditor"]),
    "applicant": ("Бауыржан Оспанов", []),
}


@pytest.fixture(scope="session")
def password_hash() -> str:
    return passwords_of(Argon2Cost(time=1, memory_kib=8, parallelism=1)).hash(PASSWORD)


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock(BEGIN)


@pytest.fixture
def services(tmp_path: Path, clock: MovedClock, password_hash: str) -> Iterator[Services]:
    config = Config(
        data=tmp_path,
        database_url=f"sqlite:///{tmp_path / 'test.db'}",
        secret_key="a key for tests",
        upload_bytes=100_000,
        argon2=Argon2Cost(time=1, memory_kib=8, parallelism=1),
        sign_in_limit="5 per minute",
    )
    built = upgraded(config, clock=clock)
    built.engine.publish(read_folder(PROCESSES), SYSTEM, "tests")
    with built.database.writing() as connection:
        people.save_setting(connection, "organisation", "ТОО «Сарыарка-Сертико»")
        for login, (name, roles) in PEOPLE.items():
            people.enter_person(connection, {"login": login, "name": name}, roles)
            people.set_password(connection, login, password_hash)
    yield built
    built.close()


class Page:
    """An answer, read as a browser reads it."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.html = response.get_data().decode(errors="replace")
        self.text = html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", self.html)))
        self.path = response.request.path

    def form(self, action: str) -> list[tuple[str, str]]:
        """Return the fields that a browser would send for the form with this action, buttons aside."""
        parser = Fields(action)
        parser.feed(self.html)
        assert parser.found, f"no form {action} in {self.path}"
        return parser.fields


class Browser:
    """A browser without JavaScript: follows redirects, keeps cookies, posts what a form holds."""

    def __init__(self, app: Any) -> None:
        self.client = Client(app)

    def get(self, path: str) -> Page:
        return Page(self.client.get(path, follow_redirects=True))

    def sign_in(self, login: str, password: str = PASSWORD) -> Page:
        page = self.get("/sign-in")
        return self.send(page, "/sign-in", login=login, password=password)

    def send(
        self, page: Page, action: str, *, follow: bool = True, files: dict[str, Any] | None = None, **values: Any
    ) -> Page:
        """Post a form of the page with some fields filled in; a value of None leaves a field out."""
        fields = [(name, value) for name, value in page.form(action) if name not in values]
        data: dict[str, Any] = {}
        for name, value in fields:
            data.setdefault(name, []).append(value)
        for name, value in values.items():
            if value is not None:
                data[name] = list(value) if isinstance(value, list | tuple) else [value]
        data.update(files or {})
        return Page(self.client.post(action, data=data, follow_redirects=follow))

    def post(self, path: str, **values: Any) -> Page:
        """Post fields with the token of a page, but without having seen a form."""
        token = dict(self.get("/inbox").form("/language"))["_csrf"]
        return Page(self.client.post(path, data={"_csrf": token, **values}, follow_redirects=True))


class Fields(HTMLParser):
    """Collects what a browser would send."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action = action
        self.found = self.inside = False
        self.fields: list[tuple[str, str]] = []
        self.select = self.area = ""
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = given.get("action", "") == self.action and not self.found
            self.found = self.found or self.inside
        if not self.inside or "disabled" in given:
            return
        if tag == "input":
            self.input(given)
        elif tag == "select":
            self.select, self.first = given["name"], None
        elif tag == "option" and self.select:
            self.option(given)
        elif tag == "textarea":
            self.area, self.text = given["name"], ""

    def input(self, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        is_off = kind in ("radio", "checkbox") and "checked" not in given
        if given.get("name") and kind != "file" and not is_off:
            self.fields.append((given["name"], given.get("value", "on" if kind == "checkbox" else "")))

    def option(self, given: dict[str, str]) -> None:
        """A select sends its first option until another one is chosen."""
        if self.first is None:
            self.first = given.get("value", "")
            self.fields.append((self.select, self.first))
        if "selected" in given:
            self.fields[-1] = (self.select, given.get("value", ""))

    first: str | None = None

    def handle_data(self, data: str) -> None:
        if self.area:
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "select":
            self.select = ""
        elif tag == "textarea" and self.area:
            # A browser drops the first line feed of a text area and sends the others as CR LF.
            self.fields.append((self.area, self.text.removeprefix("\n").replace("\n", "\r\n")))
            self.area = ""


@pytest.fixture
def app(services: Services) -> Any:
    return create_app(services, {"TESTING": False})


@pytest.fixture
def browser(app: Any) -> Callable[..., Browser]:
    def sign_in(login: str = "") -> Browser:
        opened = Browser(app)
        if login:
            opened.sign_in(login)
        return opened

    return sign_in


START = {
    "subject": "Шум на площадке",
    "kind": "complaint",
    "reason": "Мешает работать",
    "received_on": "2026-01-11",
    "sites": [{"city": "Кентау", "people": 3}],
}


@pytest.fixture
def case(services: Services) -> int:
    """A case that has just begun: `check` waits for an officer."""
    from engine.steps import Person

    clerk = Person(login="clerk", name="Айгерим Сулейменова", roles=frozenset({"clerk"}))
    return services.engine.start("review", START, clerk).case_id


@pytest.fixture
def waiting(services: Services) -> Callable[[int], dict[str, str]]:
    """Element -> id of the open task, for a case."""
    from storage.reading import inbox

    def look(case_id: int) -> dict[str, str]:
        with services.database.reading() as connection:
            return {row["element"]: row["id"] for row in inbox.tasks_of_case(connection, case_id)}

    return look


AT = "2026-01-12T06:00:00.000000+00:00"
FIELDS = json.dumps({"Решение": "Принять", "Итого": 1.5}, ensure_ascii=False)
SIGNERS = json.dumps(["Гульнара Касымова, руководитель органа", "Асель Тулегенова, эксперт-аудитор", "Гость"])


@pytest.fixture
def paper(services: Services, case: int) -> int:
    """A document that the head and an auditor sign, and a guest without an account."""
    sha256 = hashlib.sha256(FIELDS.encode()).hexdigest()
    told = {"kind": "act", "number": "R-2026-0001/1", "sha256": sha256}
    with services.database.writing() as connection:
        row = connection.execute(
            insert(document).values(
                case_id=case,
                title="Акт",
                fields=FIELDS,
                signers=SIGNERS,
                must_sign='["auditor"]',
                confidential=False,
                element="decide",
                at=AT,
                by="head",
                **told,
            )
        ).inserted_primary_key
        append(connection, [Event(type="DocumentIssued", actor="head", at=AT, case_id=case, data=told)])
        stored_id = int(row[0]) if row else 0
    join(services, case, "auditor")
    return stored_id


def join(services: Services, case: int, login: str) -> None:
    from storage.tables import participant

    with services.database.writing() as connection:
        connection.execute(insert(participant).values(case_id=case, group="team", login=login, since=AT))
