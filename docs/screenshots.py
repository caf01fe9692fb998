"""Takes the pictures of the pages: python docs/screenshots.py writes docs/screenshots/*.png.

A sample installation is made in a temporary folder, scenarios are played into it up to a telling moment, and the pages
are photographed as their readers see them. It needs what `manage.py test` needs.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, sync_playwright
from waitress.server import create_server

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app import sample  # noqa: E402
from app.config import PROCESSES, Argon2Cost, Config  # noqa: E402
from app.play.player import perform  # noqa: E402
from app.play.scenario import read  # noqa: E402
from app.play.stage import Stage  # noqa: E402
from app.wiring import Services, upgraded  # noqa: E402
from docs.render import BROWSERS, FLAGS  # noqa: E402
from engine.clock import MovedClock  # noqa: E402
from engine.library import read_folder  # noqa: E402
from engine.steps import SYSTEM, people_by_login  # noqa: E402
from storage import registers  # noqa: E402
from storage.reading import cases  # noqa: E402
from web import create_app  # noqa: E402
from web.passwords import passwords_of  # noqa: E402

TARGET = ROOT / "docs" / "screenshots"
PASSWORD = "obrazets-2026"  # noqa: S105  # of the sample organisation
STORIES = [
    ("certification-refused-then-appeal", 21),
    ("certification-team-replacement", 32),
    ("certification-granted-three-sites", 60),
    ("appeal-tied-vote", 26),
    ("complaint-about-body", 12),
    ("proposal-studied", 9),
]
"""Scenario and the number of its steps that are played."""
PICTURES = [
    ("inbox", "head", "/inbox"),
    ("task", "head", "/inbox"),
    ("case", "head", "/cases/3"),
    ("map", "assessor", "/cases/3/map"),
    ("process", "assessor", "/processes/certification"),
    ("editor", "quality", "/editor/certification"),
]
"""Picture, who looks, at what."""
YEAR = [
    "complaint-about-body", "complaint-about-head", "complaint-about-applicant-extended", "complaint-from-employee",
    "complaint-from-supervisory-body", "complaint-about-director", "complaint-about-head-and-director",
    "appeal-tied-vote", "appeal-reopened", "complaints-report",
]  # fmt: skip
"""The stories of a year of complaints and appeals, and the report on it."""
ZONE = ZoneInfo("Asia/Almaty")


def installation(folder: Path, stories: list[tuple[str, int]]) -> Services:
    """Make the sample organisation and play the stories into it, on one clock, in the order of their time."""
    cost = Argon2Cost(time=1, memory_kib=8, parallelism=1)
    config = Config(data=folder, database_url=f"sqlite:///{folder / 'pictures.db'}", secret_key="pictures", argon2=cost)  # noqa: S106
    clock = MovedClock(datetime(2025, 1, 1, tzinfo=UTC))
    services = upgraded(config, clock=clock)
    diagrams = services.library.set(services.engine.publish(read_folder(PROCESSES), SYSTEM, "Поставляемые схемы"))
    one_hash = passwords_of(cost).hash(PASSWORD)
    with services.database.writing() as connection:
        sample.load(connection, sample.read(PROCESSES), password_hash=lambda login: one_hash)
        rows = registers.people(connection)
    people = people_by_login(rows)
    latest = clock.now()
    for name, steps in stories:
        scenario = read(PROCESSES / "scenarios" / f"{name}.yaml")
        if name == "complaints-report":  # what it expects is true of an empty year alone
            told = tuple(replace(step, expect=None) for step in scenario.steps if step.task or step.at)
            scenario = replace(scenario, steps=told)
        own = MovedClock(datetime(2025, 1, 1, tzinfo=UTC))
        services.engine.clock = own
        stage = Stage(engine=services.engine, diagrams=diagrams, clock=own, zone=ZONE, people=people)
        failure = perform(stage, replace(scenario, steps=scenario.steps[:steps]))
        if failure is not None:
            sys.exit(f"{name}: {failure}")
        latest = max(latest, own.now())
    clock.move(latest)
    services.engine.clock = clock
    return services


@contextmanager
def served(services: Services) -> Iterator[str]:
    """Give the address of a server on loopback."""
    server = create_server(create_app(services), host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(timeout=10)


def photograph(browser: Browser, address: str, name: str, login: str, path: str) -> None:
    """Sign somebody in and write the picture of a page, or of the first task that waits for them."""
    context = browser.new_context(base_url=address, viewport={"width": 1440, "height": 960}, locale="ru-RU")
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.goto(path)
    if name == "task":
        page.click("a[href^='/tasks/']")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(800)
    page.screenshot(path=TARGET / f"{name}.png")
    context.close()


def report(folder: Path) -> None:
    """Write the picture of the first sheet of the annual report, as it is printed."""
    services = installation(folder, [(name, 999) for name in YEAR])
    with services.database.reading() as connection:
        found = next(row["id"] for row in cases.documents(connection, len(YEAR)) if row["kind"] == "annual_report")
    (folder / "report.pdf").write_bytes(services.press.printed(found))
    services.close()
    command = [shutil.which("pdftoppm") or sys.exit("No pdftoppm on this machine."), "-r", "80", "-png", "-singlefile"]
    subprocess.run([*command, str(folder / "report.pdf"), str(TARGET / "annual_report")], check=True)  # noqa: S603


def main() -> int:
    """Write every picture."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        sys.exit("No Chromium on this machine.")
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        services = installation(Path(folder), STORIES)
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        with served(services) as address:
            for name, login, path in PICTURES:
                photograph(browser, address, name, login, path)
        browser.close()
        services.close()
    with tempfile.TemporaryDirectory() as folder:
        report(Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
