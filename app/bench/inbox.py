"""The inbox of somebody for whom ten thousand open cases wait, and the cases themselves."""

from __future__ import annotations

from app.bench import model
from app.bench.browser import Browser
from app.bench.figures import percentile
from app.bench.step import answer_first, begin
from app.wiring import Services
from engine.service import Step
from storage.crowd import copy_cases, open_cases

STAGES = ("request_papers", "agree_visit", "decide")
"""The tasks with a timer: cases wait at these, a third at each, so that each has a timer that waits too."""
SPREAD_DAYS = 300
PAGES = ("/inbox", "/inbox?view=mine", "/inbox?when=soon", "/inbox?page=3")


def fill(services: Services, count: int) -> int:
    """Add this many open cases to the database, each with a timer that waits; returns how many are open then."""
    originals = [_brought_to(services, stage).case_id for stage in STAGES]
    copy_cases(services.database, originals, count, SPREAD_DAYS)
    with services.database.reading() as connection:
        return open_cases(connection)


def measure(browser: Browser, *, times: int) -> float:
    """Return the 95th percentile of the inbox page in milliseconds, over its first page, filters and a later page."""
    for page in PAGES:
        browser.get(page)
    taken = [browser.get(PAGES[number % len(PAGES)]).seconds for number in range(times)]
    return percentile(taken, 0.95)


def _brought_to(services: Services, element: str) -> Step:
    step = begin(services)
    for _ in range(len(model.ANSWERS)):
        if any(task["element"] == element for task in step.tasks):
            return step
        step = answer_first(services, step)
    raise RuntimeError(f"No case of the procedure came to {element}.")
