"""`reglament serve` and `work` as processes of their own: what they print, how they end, what they never write down."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
import threading
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

from app.options import PROCESSES
from storage import chain
from storage.database import Database
from tests.app.conftest import small_set

ROOT = Path(__file__).resolve().parents[2]
PEOPLE = yaml.safe_load((PROCESSES / "sample" / "organisation.yaml").read_text(encoding="utf-8"))["people"]
PASSWORD = "obrazets-2026"


@dataclass(slots=True)
class Running:
    """A started program; its output is collected line by line, as it comes."""

    process: subprocess.Popen[str]
    out: list[str] = field(default_factory=list)
    err: list[str] = field(default_factory=list)
    ready: threading.Event = field(default_factory=threading.Event)

    def follow(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.out.append(line)
            if "Ctrl+C" in line:
                self.ready.set()
        self.ready.set()

    def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=60)
        assert self.process.stderr is not None
        self.err = self.process.stderr.read().splitlines()
        return code


def start(*words: str | Path) -> Running:
    environment = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REGLAMENT_DATA")}
    command = [sys.executable, "-m", "app.cli", *map(str, words)]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    running = Running(process)
    threading.Thread(target=running.follow, daemon=True).start()
    assert running.ready.wait(120)
    return running


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("served")


@pytest.fixture(scope="module")
def served(folder: Path) -> Iterator[Running]:
    running = start("serve", "--port", "0", "--data", folder / "var", "--processes", small_set(folder / "processes"))
    yield running
    running.process.kill()
    running.process.communicate()


def port(running: Running) -> int:
    return int(running.out[0].rpartition(":")[2])


def ask(running: Running, method: str, path: str, fields: dict[str, str] | None = None, cookie: str = "") -> str:
    """Return the page, with its cookies before it."""
    connection = http.client.HTTPConnection("127.0.0.1", port(running), timeout=60)
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request(method, path, urllib.parse.urlencode(fields or {}), headers)
    answer = connection.getresponse()
    page = "; ".join(value.split(";")[0] for value in answer.msg.get_all("Set-Cookie") or []) + "\n"
    page += answer.read().decode()
    connection.close()
    return page


def test_the_address_and_the_sample_sign_ins_are_printed_at_once_and_once(served: Running) -> None:
    text = "".join(served.out)

    assert re.match(r"Reglament: http://127\.0\.0\.1:\d+\n", text)
    assert text.count("http://") == 1
    assert text.count(PASSWORD) == 1
    assert text.count("ОБРАЗЕЦ") == 1
    printed = [line.split()[0] for line in served.out if line.startswith("  ")]
    assert printed == [person["login"] for person in PEOPLE]


def test_the_sign_ins_that_were_printed_work_and_no_person_is_in_the_log(served: Running, folder: Path) -> None:
    for login, password in (("clerk", "wrong password"), ("clerk", PASSWORD)):
        page = ask(served, "GET", "/sign-in")
        cookie, token = page.split("\n")[0], re.findall(r'name="_csrf"[^>]*value="([^"]+)"', page)[0]
        answer = ask(served, "POST", "/sign-in", {"_csrf": token, "login": login, "password": password}, cookie)
    signed_in = answer.split("\n")[0]
    inbox = ask(served, "GET", "/inbox", cookie=signed_in)
    ask(served, "GET", "/no/such/page", cookie=signed_in)
    ask(served, "POST", "/cases/new/complaints_report", {"year": "x"}, cookie=signed_in)

    code = served.end()

    assert code == 0
    clerk = next(person for person in PEOPLE if person["login"] == "clerk")
    assert clerk["name"] in inbox
    log = "\n".join(served.err)
    told = [person[key] for person in PEOPLE for key in ("login", "name", "email") if person.get(key)]
    told += [PASSWORD, "wrong password", "127.0.0.1"]
    assert [one for one in told if re.search(rf"\b{re.escape(one)}\b", log)] == []
    assert "Traceback" not in log
    with Database(f"sqlite:///{folder}/var/reglament.db").reading() as connection:
        assert chain.first_break(connection) is None


def test_a_worker_alone_says_that_it_works_and_ends_when_told(folder: Path) -> None:
    running = start("work", "--data", folder / "var")

    code = running.end()

    assert code == 0
    assert running.out == ["Обработчик сроков и писем работает; Ctrl+C — остановить.\n"]
    running.process.communicate()


def test_a_closed_pipe_ends_quietly() -> None:
    command = f"{sys.executable} -m app.cli --help | head -c 10"
    done = subprocess.run(["sh", "-c", command], cwd=ROOT, capture_output=True, check=False)

    assert done.stderr == b""
