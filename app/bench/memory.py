"""How much memory a process holds."""

from __future__ import annotations

import subprocess
from pathlib import Path

from app.bench.browser import Browser
from app.bench.http import HttpSteps

KILOBYTES = 1024.0


def fill(steps: HttpSteps, browser: Browser, cases: int) -> None:
    """Begin cases through the pages and do the first step of each, so that the server has had all of them in hand."""
    for _ in range(cases):
        steps.one_case(browser, tasks=1)


def resident_mb(process_id: int) -> float:
    """Return the resident memory of a process in megabytes, now."""
    status = Path(f"/proc/{process_id}/status")
    if status.is_file():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS:"))
        return round(int(line.split()[1]) / KILOBYTES, 1)
    asked = ["ps", "-o", "rss=", "-p", str(process_id)]
    said = subprocess.run(asked, capture_output=True, text=True, check=True).stdout  # noqa: S603  # a number of ours
    return round(int(said) / KILOBYTES, 1)
