"""One scenario being played: its engine, its clock, and whom and what the scenario's words mean in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo

from engine.clock import MovedClock
from engine.duties import obstacle
from engine.library import DiagramSet
from engine.service import Engine
from engine.signing import demands_scan, needs_scan
from engine.steps import Person
from storage import played, reading_state
from storage import steps as stored


class Failure(Exception):
    """A step did not go as the scenario says."""

    def __init__(self, expected: Any, seen: Any) -> None:
        self.expected = expected
        self.seen = seen
        super().__init__(f"expected {expected}, seen {seen}")


@dataclass(slots=True)
class Stage:
    """Where one scenario is played; every method raises Failure for a word that means nothing here."""

    engine: Engine
    diagrams: DiagramSet
    clock: MovedClock
    zone: ZoneInfo
    people: dict[str, Person]
    case_id: int = 0
    steps_done: int = 0

    def local(self, at: datetime) -> datetime:
        """Return the instant of a scenario's time: in the profile's zone, unless it names its own."""
        return at if at.tzinfo is not None else at.replace(tzinfo=self.zone)

    def person(self, name: str, case_id: int | None = None) -> Person:
        """A login, else the participant of a case role, else the first holder of an organisation role."""
        if name in self.people:
            return self.people[name]
        for login in self._members(name, case_id):
            if login in self.people:
                return self.people[login]
        for person in self.people.values():
            if name in person.roles:
                return person
        if name in self.diagrams.roles:
            raise Failure({"as": name}, "роль есть, но ни у кого из участников её сейчас нет; назовите логин")
        known = [*self.people, *self.diagrams.roles]
        raise Failure({"as": name}, f"такого логина или роли нет{like(name, known)}")

    def case(self, process: str | None) -> int:
        """Return the case that a step speaks of: the latest of a process, without one the scenario's own."""
        if process is None:
            return self.case_id
        if process not in self.diagrams.processes:
            raise Failure({"case": process}, f"такого процесса нет{like(process, self.diagrams.starting)}")
        with self.engine.database.reading() as connection:
            found = played.latest_case(connection, process)
        if found is None:
            raise Failure({"cases": {process: 1}}, {"cases": {}, "why": "такое дело ещё не открыто"})
        return found

    def open_task(self, element: str, actor: Person, case_id: int) -> Mapping[str, Any]:
        """Return the row of a task that waits, with `set_hash`: one that the actor may do, where several wait."""
        with self.engine.database.reading() as connection:
            rows = reading_state.open_tasks(connection, case_id).values()
            groups = stored.participants(connection, case_id)
            found = stored.case_row(connection, case_id)
        matching = [row for row in rows if row["element"] == element]
        if not matching or found is None:
            raise self._not_waiting(element, sorted(row["element"] for row in rows))
        diagrams = self.engine.library.set(found["set_hash"])
        may = [row for row in matching if obstacle(row, actor, groups, diagrams) is None]
        return {**(may or matching)[0], "set_hash": found["set_hash"]}

    def must_prove(self, task: Mapping[str, Any], actor: Person, values: Mapping[str, Any]) -> bool:
        """Whether completing the task enters what somebody from outside did, and a scan has to prove it."""
        diagrams = self.engine.library.set(task["set_hash"])
        with self.engine.database.reading() as connection:
            groups = stored.participants(connection, task["case_id"])
        node = diagrams.owner(task["process"]).node.get(task["element"])
        return needs_scan(task, actor, groups, diagrams) and demands_scan(node, values)

    def case_with(self, element: str, case: str | None) -> int:
        """Return the case in which a task is looked for: the one named, else the first in which it waits."""
        own = self.case(case)
        if case is not None:
            return own
        with self.engine.database.reading() as connection:
            waiting = played.cases_waiting_for(connection, element)
        return own if own in waiting or not waiting else waiting[-1]

    def _members(self, group: str, case_id: int | None) -> Iterable[str]:
        if case_id is None:
            return ()
        with self.engine.database.reading() as connection:
            return stored.participants(connection, case_id).get(group, [])

    def _not_waiting(self, element: str, waiting: list[str]) -> Failure:
        processes = self.diagrams.processes.values()
        tasks = {node.id for process in processes for node in process.nodes if node.kind == "userTask"}
        seen: dict[str, Any] = {"waiting": waiting}
        if element not in tasks:
            seen["why"] = f"такой задачи нет в схемах{like(element, tasks)}"
        return Failure({"waiting": [element]}, seen)


def demand_readings(profile: str, readings: Mapping[str, Any], chosen: Mapping[str, Any]) -> None:
    """Raise Failure for a reading that the profile has not, or a value that is none of its readings."""
    for name, value in chosen.items():
        if name not in readings:
            seen = f"в профиле {profile} такого толкования нет{like(name, readings)}"
            raise Failure({"profile": {name: value}}, seen)
        usual = readings[name].get("value")
        others = readings[name].get("alternatives", [])
        allowed = [usual, *others]
        # true is no 1 here: only equal values of one type are the same reading.
        if others and not any(type(value) is type(one) and value == one for one in allowed):
            names = ", ".join(map(str, allowed))
            raise Failure({"profile": {name: value}}, f"у толкования нет такого значения; возможны: {names}")
        if type(value) is not type(usual):
            raise Failure({"profile": {name: value}}, f"это значение не того вида; обычное значение: {usual}")


def like(name: str, known: Iterable[str]) -> str:
    """Return what to write instead: the nearest known name, or all of them where they are few."""
    names = sorted(set(known))
    near = get_close_matches(name, names, 1)
    if near:
        return f"; похоже на «{near[0]}»"
    return f"; есть: {', '.join(names)}" if 0 < len(names) <= 60 else ""
