"""What a person waits for: a task's form sent to the real server and its answer, over a kept connection on loopback.

The page is loaded before and is no part of the measure; session, CSRF token, the reading of the form and its check are.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from time import perf_counter

from app.bench import model
from app.bench.browser import Browser
from app.bench.figures import spread
from app.bench.serving import HOST
from engine.library import DiagramSet

CLIENTS = 4
_HEADING = re.compile(r"<h1>(.*?)</h1>", re.DOTALL)


class HttpSteps:
    """Takes whole cases through the pages of a running server."""

    def __init__(self, port: int) -> None:
        self._port = port
        nodes = DiagramSet("", model.files()).process(model.PROCESS).nodes
        self._elements = {node.name: node.id for node in nodes if node.kind == "userTask"}

    def measure(self, *, cases: int, warm_up: int = 2) -> dict[str, float]:
        """Return the spread of one client's steps, and the cases per second of several clients at once."""
        one = self.signed_in()
        for _ in range(warm_up):
            self.one_case(one)
        taken = [seconds for _ in range(cases) for seconds in self.one_case(one)]
        one.close()
        return {**spread(taken), "cases_per_s": round(self._cases_per_second(cases), 2)}

    def signed_in(self) -> Browser:
        """Return a browser whose person has signed in."""
        browser = Browser(HOST, self._port)
        browser.sign_in()
        return browser

    def one_case(self, browser: Browser, *, tasks: int | None = None) -> list[float]:
        """Begin a case and complete its tasks (all, or the first few); returns the seconds of each step."""
        browser.get(f"/cases/new/{model.PROCESS}")
        path = browser.begin_case().location
        taken: list[float] = []
        while path.startswith("/tasks/") and (tasks is None or len(taken) < tasks):
            answer = browser.complete(f"{path}/complete", self._element(browser.get(path).text))
            taken.append(answer.seconds)
            path = answer.location
        if tasks is None and len(taken) != len(model.ANSWERS):
            raise RuntimeError(f"A case took {len(taken)} steps instead of {len(model.ANSWERS)}.")
        return taken

    def _element(self, page: str) -> str:
        found = _HEADING.search(page)
        return self._elements[unescape(found[1]).strip() if found else ""]

    def _cases_per_second(self, cases: int) -> float:
        browsers = [self.signed_in() for _ in range(CLIENTS)]
        begun = perf_counter()
        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(lambda browser: [self.one_case(browser) for _ in range(max(1, cases // CLIENTS))], browsers))
        seconds = perf_counter() - begun
        for browser in browsers:
            browser.close()
        return CLIENTS * max(1, cases // CLIENTS) / seconds
