"""The server is killed in the middle of its work: what it answered is there, and what it did not can be sent again."""

from __future__ import annotations

import http.client
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.parse
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.config import Argon2Cost, Config
from app.wiring import upgraded
from engine.library import read_folder
from engine.steps import SYSTEM
from storage import chain, people, played
from storage.database import Database
from web.passwords import passwords_of

ROOT = Path(__file__).resolve().parents[2]
PROCESSES = ROOT / "tests" / "web" / "processes"
PASSWORD = "длинная фраза для входа"
APPLICATION = {
    "subject": "Шум на площадке",
    "kind": "complaint",
    "reason": "Мешает работать",
    "received_on": "12.01.2026",
    "sites": "0",
    "sites.0.city": "Кентау",
    "sites.0.people": "3",
}


@dataclass(slots=True)
class Client:
    """A person's browser, as far as posting goes: one cookie jar, no redirects followed."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Return status, location and body; raises OSError or HTTPException when the server is gone."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            return self._answer(connection, method, path, fields)

    def _answer(
        self, connection: http.client.HTTPConnection, method: str, path: str, fields: dict[str, str] | None
    ) -> tuple[int, str, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if fields is not None:
            body = urllib.parse.urlencode(fields)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body, headers)
        with closing(connection.getresponse()) as answer:
            for cookie in answer.msg.get_all("Set-Cookie") or []:
                name, _, value = cookie.partition(";")[0].partition("=")
                self.cookies[name] = value
            return answer.status, answer.getheader("Location") or "", answer.read().decode()

    def token(self, path: str) -> str:
        """Return the form token of a page."""
        found = re.search(r'name="_csrf"[^>]*value="([^"]+)"', self.ask("GET", path)[2])
        assert found is not None
        return found[1]

    def sign_in(self) -> None:
        """Sign the clerk in."""
        fields = {"_csrf": self.token("/sign-in"), "login": "clerk", "password": PASSWORD}
        assert self.ask("POST", "/sign-in", fields)[0] in (302, 303)

    def begin(self, token: str, key: str) -> int:
        """Open a case with an idempotency key; returns the status."""
        return self.ask("POST", "/cases/new/review", {"_csrf": token, "_key": key, **APPLICATION})[0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    config = Config(data=tmp_path, database_url=f"sqlite:///{tmp_path / 'reglament.db'}")
    services = upgraded(config)
    services.engine.publish(read_folder(PROCESSES), SYSTEM)
    with services.database.writing() as connection:
        people.enter_person(connection, {"login": "clerk", "name": "Клерк"}, ["clerk"])
        cheap = passwords_of(Argon2Cost(time=1, memory_kib=8, parallelism=1))
        people.set_password(connection, "clerk", cheap.hash(PASSWORD))
    services.close()
    return tmp_path


def serve(folder: Path) -> tuple[subprocess.Popen[str], int]:
    command = [sys.executable, "-m", "app.cli", "serve", "--data", str(folder), "--port", "0"]
    server = subprocess.Popen(
        [*command, "--processes", str(PROCESSES)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert server.stdout is not None
    for line in server.stdout:
        found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
        if found:
            return server, int(found[1])
    raise AssertionError("the server did not say where it listens")


@pytest.fixture
def servers() -> Iterator[list[subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []
    yield started
    for server in started:
        server.kill()
        server.wait()
        assert server.stdout is not None
        server.stdout.close()


@dataclass(slots=True)
class Keys:
    """The commands that were sent, by what the sender knows of them."""

    answered: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)

    def send_until_the_server_is_gone(self, client: Client, token: str) -> None:
        """Open one case after another."""
        while True:
            key = str(uuid.uuid4())
            self.unanswered.append(key)
            try:
                assert client.begin(token, key) == 303
            except (OSError, http.client.HTTPException):
                return
            self.unanswered.remove(key)
            self.answered.append(key)

    def send_again(self, client: Client, token: str, keys: list[str]) -> None:
        """Send commands a second time, as a person does who got no answer."""
        for key in keys:
            assert client.begin(token, key) == 303


def signed_in(folder: Path, servers: list[subprocess.Popen[str]]) -> tuple[Client, str]:
    server, port = serve(folder)
    servers.append(server)
    client = Client(port)
    client.sign_in()
    return client, client.token("/cases/new/review")


def test_a_server_killed_at_any_moment_has_kept_what_it_answered(
    folder: Path, servers: list[subprocess.Popen[str]]
) -> None:
    keys = Keys()
    for seconds in (0.15, 0.4, 0.65):
        client, token = signed_in(folder, servers)
        keys.send_again(client, token, keys.unanswered)
        keys.answered += keys.unanswered
        keys.unanswered.clear()
        busy = threading.Thread(target=keys.send_until_the_server_is_gone, args=(client, token))
        busy.start()
        time.sleep(seconds)
        servers[-1].send_signal(signal.SIGKILL)
        busy.join(timeout=120)
        assert not busy.is_alive()

    client, token = signed_in(folder, servers)
    keys.send_again(client, token, [*keys.unanswered, *keys.answered])

    database = Database(f"sqlite:///{folder / 'reglament.db'}")
    with database.reading() as connection:
        assert chain.first_break(connection) is None
        assert played.first_incident(connection) is None
        cases = played.all_cases(connection)
    database.close()
    assert len(keys.answered) > 3
    assert len(cases) == len({*keys.answered, *keys.unanswered})
