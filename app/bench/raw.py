"""The limit: the library in memory on the same diagram, and one bare commit a step."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

from app.bench import model
from engine.raw_run import RawProcess
from storage.bare import BareCommits

ROW = "x" * 200
"""What a bare commit writes: about one row."""


class RawSteps:
    """Takes whole cases through the bare library."""

    def __init__(self, folder: Path) -> None:
        self._process = RawProcess(model.files()["bench.bpmn"], model.PROCESS)
        self._commits = BareCommits(folder / "bare.db")
        self.commits: list[float] = []
        """Seconds of each bare commit so far: what the disk alone takes."""

    def one_case(self) -> list[float]:
        """Return the seconds of each step of one case."""
        case = self._process.start(model.START)
        taken = []
        while waiting := case.waiting():
            key, values = model.ANSWERS[waiting[0]]
            begun = perf_counter()
            case.complete(waiting[0], key, values)
            run = perf_counter()
            self._commits.commit(ROW)
            done = perf_counter()
            self.commits.append(done - run)
            taken.append(done - begun)
        if not case.has_ended():
            raise RuntimeError("The bare library did not come to the end of the procedure.")
        return taken

    def close(self) -> None:
        """Let go of the file."""
        self._commits.close()
