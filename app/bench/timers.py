"""What the worker does each second when nothing is due: it looks, and restores no case."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from time import perf_counter

from app.bench import model
from app.bench.figures import MILLISECONDS
from engine.clock import MovedClock
from engine.ticking import tick
from storage import due_work
from storage.crowd import waiting_timers
from storage.instants import from_text


def measure(folder: Path, *, times: int) -> dict[str, float]:
    """Look for due work in an installation as a fresh process would, at an instant before the first of it."""
    looking = model.services(folder)
    with looking.database.reading() as connection:
        waiting = waiting_timers(connection)
        earliest = due_work.next_due(connection)
    if earliest is None:
        raise RuntimeError("Nothing waits for time in the measured installation.")
    looking.engine.clock = MovedClock(from_text(earliest))
    taken = []
    for _ in range(times):
        begun = perf_counter()
        if tick(looking.engine) != 0:
            raise RuntimeError("Something was due; nothing should have been.")
        taken.append(perf_counter() - begun)
    restored = looking.engine.restored_cases
    looking.close()
    return {"waiting_cases": waiting, "restored": restored, "ms": round(median(taken) * MILLISECONDS, 2)}
