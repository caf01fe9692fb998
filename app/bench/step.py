"""A step of the engine: checked, run, stored in one durable transaction."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from app.bench import model
from app.wiring import Services
from engine.service import Step
from storage.counting import counted, size_of_case


class EngineSteps:
    """Takes whole cases through the engine."""

    def __init__(self, folder: Path) -> None:
        self._services = model.install(folder, model.files())

    def one_case(self) -> list[float]:
        """Return the seconds of each step of one case."""
        taken = []
        step = begin(self._services)
        while step.tasks:
            begun = perf_counter()
            step = answer_first(self._services, step)
            taken.append(perf_counter() - begun)
        return taken

    def written(self) -> Iterator[tuple[int, int]]:
        """Yield the statements and the bytes that each step of one case sends to the database."""
        step = begin(self._services)
        while step.tasks:
            with counted(self._services.database) as seen:
                step = answer_first(self._services, step)
            yield len(seen.texts), seen.written_bytes

    def half_finished_bytes(self) -> int:
        """Return what a case leaves in the database when half of its tasks are done."""
        step = begin(self._services)
        for _ in range(len(model.ANSWERS) // 2):
            step = answer_first(self._services, step)
        with self._services.database.reading() as connection:
            return size_of_case(connection, step.case_id)

    def close(self) -> None:
        """Let go of the database."""
        self._services.close()


def begin(services: Services) -> Step:
    """Begin a case of the procedure."""
    return services.engine.start(model.PROCESS, model.START, model.PERSON)


def answer_first(services: Services, step: Step) -> Step:
    """Complete the first of the open tasks."""
    task = step.tasks[0]
    return services.engine.complete(task["id"], model.ANSWERS[task["element"]][1], model.PERSON)
