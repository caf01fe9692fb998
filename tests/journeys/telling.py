"""Tells a scenario through the pages: each step is done by its own person, in a browser, found in their inbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, BrowserContext, Locator, Page

from app.play.facts import difference
from app.play.scenario import PlayedStep, Scenario
from app.wiring import Services
from engine.clock import MovedClock
from engine.duties import obstacle
from engine.steps import Person, people_by_login
from engine.ticking import next_due, tick
from storage import reading_state, registers, sets, steps

PASSWORD = "obrazets-2026"
ZONE = ZoneInfo("Asia/Almaty")
SHUT = frozenset({"role", "independence", "taken"})
"""Refusals that show before anything can be typed."""


@dataclass(slots=True)
class Telling:
    """One story on a running server with a clock of its own."""

    services: Services
    clock: MovedClock
    address: str
    chromium: Browser
    case_id: int = 0
    number: str = ""
    actors: set[str] = field(default_factory=set)
    """Everybody who completed something through the pages."""
    contexts: dict[str, BrowserContext] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)
    script_errors: list[str] = field(default_factory=list)

    def tell(self, scenario: Scenario) -> None:
        """Tell the whole story; an expectation that does not hold fails the test with the step's title."""
        self.clock.move(scenario.start_at.replace(tzinfo=ZONE))
        self.start(scenario)
        for step in scenario.steps:
            if step.at is not None:
                self.move(step.at.replace(tzinfo=ZONE))
            if step.task is not None:
                self.act(step)
            if step.expect is not None:
                with self.services.database.reading() as connection:
                    found = difference(connection, self.case_id, step.expect)
                assert found is None, f"{step.title}: expected {found[0]}, seen {found[1]}"

    def start(self, scenario: Scenario) -> None:
        """Begin the case by filling in its start form."""
        page = self.page(scenario.start_by)
        page.goto(f"/cases/new/{scenario.process}")
        fill(page, scenario.start_data)
        submit(page)
        assert "/cases/new" not in page.url, told_problems(page)
        with self.services.database.reading() as connection:
            from storage.reading import cases
            from storage.reading.access import Viewer

            everything = Viewer(login="", sees_all=True)
            row = cases.cases(connection, everything, cases.Filter(), offset=0, limit=1)[0]
        self.case_id, self.number = row["id"], row["number"]
        self.actors.add(scenario.start_by)

    def act(self, step: PlayedStep) -> None:
        """Do one task, or see that it is refused."""
        login = self.login_of(step.actor or "")
        task_id = self.task_of(step.task or "", login)
        page = self.page(login)
        if step.refused in SHUT:
            page.goto(f"/tasks/{task_id}")
            assert page.locator("button[value=complete].first").count() == 0, f"{step.title}: the form is open"
            return
        page.goto(f"/inbox?q={self.number}")
        link = page.locator(f'a.title-link[href="/tasks/{task_id}"]')
        assert link.count() == 1, f"{step.title}: not in the inbox of {login}"
        link.click()
        page.wait_for_url(f"**/tasks/{task_id}", wait_until="domcontentloaded")
        fill(page, step.data)
        submit(page)
        if step.refused:
            assert page.locator(".summary").count() == 1, f"{step.title}: was not refused"
            return
        assert task_id not in page.url, f"{step.title}: {told_problems(page)}"
        self.actors.add(login)

    def page(self, login: str) -> Page:
        """The open browser window of somebody, signed in on first use."""
        if login not in self.pages:
            context = self.chromium.new_context(base_url=self.address, locale="ru-RU")
            context.route("**/dist/map.js", lambda route: route.abort())  # the map has stories of its own
            page = context.new_page()
            page.set_default_timeout(60_000)  # a busy machine is no failure
            page.on("pageerror", lambda error: self.script_errors.append(str(error)))
            page.goto("/sign-in")
            page.fill("#login", login)
            page.fill("#password", PASSWORD)
            page.press("#password", "Enter")
            page.wait_for_url("**/inbox")
            self.contexts[login], self.pages[login] = context, page
        return self.pages[login]

    def move(self, to: datetime) -> None:
        """Let time pass, with everything that it brings on the way."""
        while (due := next_due(self.services.engine)) is not None and due <= to:
            self.clock.move(max(due, self.clock.now()))
            if tick(self.services.engine) == 0:
                break
        self.clock.move(max(to, self.clock.now()))
        tick(self.services.engine)

    def login_of(self, name: str) -> str:
        """A login, else the participant of a case role, else the first holder of an organisation role."""
        people = self.people()
        if name in people:
            return name
        with self.services.database.reading() as connection:
            members = steps.participants(connection, self.case_id).get(name, [])
        return members[0] if members else next(one.login for one in people.values() if one.has_role(name))

    def task_of(self, element: str, login: str) -> str:
        """The open task of this element that the person may do, else any."""
        with self.services.database.reading() as connection:
            rows = [
                row for row in reading_state.open_tasks(connection, self.case_id).values() if row["element"] == element
            ]
            groups = steps.participants(connection, self.case_id)
            diagrams = self.services.library.set(sets.current(connection) or "")
        assert rows, f"{element} does not wait"
        person = self.people()[login]
        may = [row for row in rows if obstacle(row, person, groups, diagrams) is None]
        return str((may or rows)[0]["id"])

    def people(self) -> dict[str, Person]:
        """Everybody by login."""
        with self.services.database.reading() as connection:
            rows = registers.people(connection)
        return people_by_login(rows)

    def close(self) -> None:
        """Close every window."""
        for context in self.contexts.values():
            context.close()


def fill(page: Page, values: Mapping[str, Any]) -> None:
    """Fill in a form as a person does: what is seen first, then what the answers have made appear."""
    pending = list(_flat(values, ""))
    for _ in range(4):
        later = [one for one in pending if not _fill_one(page, *one)]
        if not later or len(later) == len(pending):
            assert not later, f"no field for {later}"
            return
        pending = later


def _flat(values: Mapping[str, Any], prefix: str) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for name, value in values.items():
        if isinstance(value, Mapping):
            found.extend(_flat(value, f"{prefix}{name}."))
        else:
            found.append((f"{prefix}{name}", value))
    return found


def _fill_one(page: Page, name: str, value: Any) -> bool:
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        return _fill_rows(page, name, value)
    fields = page.locator(f'form[data-live] [name="{name}"]')
    file = page.locator(f'form[data-live] [name="{name}:file"]')
    if file.count():
        names = value if isinstance(value, list) else [value]
        file.set_input_files(
            [{"name": one, "mimeType": "application/pdf", "buffer": b"%PDF-1.4 " + one.encode()} for one in names]
        )
        return True
    if fields.count() == 0 or not fields.first.is_visible():
        return isinstance(value, list) and not value
    kind = fields.first.get_attribute("type") or ""
    if kind == "checkbox":
        _tick(fields, [_text(one) for one in value] if isinstance(value, list) else [_text(value)])
    elif kind == "radio":
        page.locator(f'form[data-live] [name="{name}"][value="{_text(value)}"]').check()
    elif fields.first.evaluate("field => field.tagName") == "SELECT":
        fields.first.select_option(_text(value))
        fields.first.dispatch_event("change")
    else:
        fields.first.fill("\n".join(map(str, value)) if isinstance(value, list) else _text(value))
    return True


def _tick(boxes: Locator, wanted: list[str]) -> None:
    for index in range(boxes.count()):
        box = boxes.nth(index)
        box.set_checked((box.get_attribute("value") or "") in wanted)


def _fill_rows(page: Page, name: str, rows: list[Mapping[str, Any]]) -> bool:
    mark = page.locator(f'form[data-live] input[type=hidden][name="{name}"]')
    button = page.locator(f'form[data-live] button[value="add:{name}"]')
    if not button.is_visible() and mark.count() < len(rows):
        return False
    while mark.count() < len(rows):
        before = mark.count()
        button.click()
        mark.nth(before).wait_for(state="attached")
    while mark.count() > len(rows):  # what was filled in from the case beforehand and is not said here
        after = mark.count() - 1
        page.locator(f'form[data-live] button[value="delete:{name}.{after}"]').click()
        mark.nth(after).wait_for(state="detached")
    for index, row in enumerate(rows):
        fill(page, {f"{name}.{index}.{key}": value for key, value in _flat(row, "")})
    return True


def submit(page: Page) -> None:
    """Press the form's own button and wait for the answer; what is signed for somebody outside comes with its scan."""
    scan = page.locator("form[data-live] #scan")
    if scan.count():
        scan.set_input_files({"name": "скан.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 scan"})
    with page.expect_navigation(wait_until="domcontentloaded"):
        page.locator("form[data-live] .end-bar button[value=complete]").click()


def told_problems(page: Page) -> str:
    """What the page says is wrong."""
    shown = page.locator(".summary, .note.late, main h1")
    return " | ".join(shown.all_inner_texts())


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
