"""The shipped processes on a real server, seen through a real browser."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from waitress.server import create_server

from app import sample
from app.config import PROCESSES, Argon2Cost, Config
from app.wiring import Services, upgraded
from engine.clock import Clock, MovedClock
from engine.library import read_folder
from engine.steps import SYSTEM
from tests.journeys.telling import Telling
from web import create_app
from web.passwords import passwords_of

PATIENCE = 60_000  # milliseconds; a busy machine is no failure
PASSWORD = "obrazets-2026"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
]


def installed(folder: Path, clock: Clock | None = None) -> Services:
    """Install the sample organisation with the shipped processes."""
    cost = Argon2Cost(time=1, memory_kib=8, parallelism=1)
    config = Config(
        data=folder,
        database_url=f"sqlite:///{folder / 'journeys.db'}",
        secret_key="a key for journeys",
        argon2=cost,
        sign_in_limit="1000 per minute",
    )
    services = upgraded(config, clock=clock)
    services.engine.publish(read_folder(PROCESSES), SYSTEM, "Первый набор")
    one_hash = passwords_of(cost).hash(PASSWORD)
    with services.database.writing() as connection:
        sample.load(connection, sample.read(PROCESSES), password_hash=lambda login: one_hash)
    return services


@contextmanager
def listening(services: Services) -> Iterator[str]:
    """Serve on loopback and give the address."""
    server = create_server(create_app(services), host="127.0.0.1", port=0, threads=8)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(timeout=60)


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """The sample organisation with the shipped processes."""
    services = installed(tmp_path_factory.mktemp("installation"))
    yield services
    services.close()


@pytest.fixture(scope="session")
def address(installation: Services) -> Iterator[str]:
    """The server's address; it listens on loopback while the tests run."""
    with listening(installation) as found:
        yield found


@pytest.fixture
def telling(chromium: Browser, tmp_path: Path) -> Iterator[Telling]:
    """A server of its own whose clock is moved, for a whole story."""
    clock = MovedClock(datetime(2020, 1, 1, tzinfo=UTC))
    services = installed(tmp_path, clock)
    with listening(services) as found:
        told = Telling(services=services, clock=clock, address=found, chromium=chromium)
        yield told
        told.close()
    services.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium; `manage.py test` tells where it is missing."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("No Chromium on this machine.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        expect.set_options(timeout=PATIENCE)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, address: str) -> Iterator[Callable[[str], Page]]:
    """Sign somebody in and give the page; an error in a script fails the test."""
    contexts = []
    errors: list[str] = []

    def sign_in(login: str) -> Page:
        context = chromium.new_context(base_url=address, viewport={"width": 1440, "height": 900}, locale="ru-RU")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto("/sign-in")
        page.fill("[name=login]", login)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return page

    yield sign_in
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture(scope="session")
def processes() -> Path:
    """The folder of the shipped processes."""
    return PROCESSES
