"""Plays a scenario through the same engine calls as the web, in a database of its own with a moved clock."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from app import sample
from app.play.attachments import with_attachments
from app.play.facts import difference
from app.play.scenario import PlayedStep, Scenario
from app.registry import bindings
from app.terms import terms_of
from engine.clock import MovedClock
from engine.duties import obstacle
from engine.errors import EngineError
from engine.library import Library
from engine.service import Engine
from engine.steps import SYSTEM, Person
from engine.ticking import next_due, tick
from storage import played, reading_state, schema, sets
from storage import steps as stored
from storage.database import Database

MAX_TICKS = 5_000  # between two steps of a scenario; more means that time brings work without end


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """How a scenario went, and where its cases passed."""

    scenario: str
    steps: int
    failure: dict[str, Any] | None
    cases: list[dict[str, Any]]
    seconds: float
    passages: frozenset[tuple[str, str]] = frozenset()
    """(process, element) that were completed."""
    handlers: frozenset[str] = frozenset()
    documents: frozenset[tuple[str, str]] = frozenset()
    """(`process.element`, kind) of the documents that were issued."""

    def as_dict(self) -> dict[str, Any]:
        """Return the shape of `play --json`."""
        return {
            "scenario": self.scenario,
            "passed": self.failure is None,
            "steps": self.steps,
            "failure": self.failure,
            "cases": self.cases,
            "seconds": round(self.seconds, 3),
        }


class Failure(Exception):
    """A step did not go as the scenario says."""

    def __init__(self, expected: Any, seen: Any) -> None:
        self.expected = expected
        self.seen = seen
        super().__init__(f"expected {expected}, seen {seen}")


@dataclass(slots=True)
class Stage:
    """One scenario being played."""

    engine: Engine
    clock: MovedClock
    zone: ZoneInfo
    people: dict[str, Person]
    case_id: int = 0
    steps_done: int = 0
    counts: dict[str, int] = field(default_factory=dict)


class Player:
    """Plays scenarios against one set of files; the set is parsed once for all of them."""

    def __init__(self, files: Mapping[str, bytes], processes: Path) -> None:
        self._files = files
        self._described = sample.read(processes)
        self._library = Library(lambda name: files, terms_of)

    def play(self, scenario: Scenario) -> Played:
        """Play one scenario to its end or its first failure."""
        began = time.perf_counter()
        with self._stage(scenario) as stage:
            failure = _run(stage, scenario)
            return _report(stage, scenario, failure, time.perf_counter() - began)

    @contextmanager
    def _stage(self, scenario: Scenario) -> Iterator[Stage]:
        with tempfile.TemporaryDirectory(prefix="reglament-play-") as folder:
            # Nothing outlives the scenario, so nothing need reach the disk.
            database = Database(f"sqlite:///{folder}/play.db", synchronous="OFF")
            try:
                yield self._prepared(database, scenario)
            finally:
                database.close()

    def _prepared(self, database: Database, scenario: Scenario) -> Stage:
        schema.create(database)
        with database.writing() as connection:
            sample.load(connection, self._described)
            rows = stored.people(connection)
        people = {
            row["login"]: Person(login=row["login"], name=row["name"], roles=frozenset(row["roles"])) for row in rows
        }
        clock = MovedClock(datetime(2000, 1, 1, tzinfo=ZoneInfo("UTC")))
        engine = Engine(database, self._library, bindings(), clock)
        diagrams = self._library.set(engine.publish(self._files, SYSTEM, "scenario"))
        profile = diagrams.default_profile(scenario.process)
        zone = ZoneInfo(diagrams.profile.get("profiles", {}).get(profile, {}).get("zone", "UTC"))
        clock.move(scenario.start_at.replace(tzinfo=zone))
        return Stage(engine=engine, clock=clock, zone=zone, people=people)


def _run(stage: Stage, scenario: Scenario) -> dict[str, Any] | None:
    title = "start"
    try:
        _start(stage, scenario)
        for step in scenario.steps:
            title = step.title
            _take(stage, step)
            _demand_no_incident(stage)
            stage.steps_done = step.number
    except Failure as failure:
        return {"step": title, "expected": failure.expected, "seen": failure.seen}
    return None


def _start(stage: Stage, scenario: Scenario) -> None:
    actor = _person(stage, scenario.start_by)
    diagrams = stage.engine.library.set(_current(stage))
    try:
        form = diagrams.start_form(scenario.process)
        values = (
            with_attachments(stage.engine, form.schema, scenario.start_data, actor) if form else scenario.start_data
        )
        started = stage.engine.start(scenario.process, values, actor, readings=scenario.readings)
    except EngineError as error:
        raise Failure("started", f"{error.code}: {error}") from error
    stage.case_id = started.case_id
    _demand_no_incident(stage)


def _take(stage: Stage, step: PlayedStep) -> None:
    if step.at is not None:
        _move(stage, step.at.replace(tzinfo=stage.zone))
    case_id = _case(stage, step.case)
    if step.task is not None:
        _do_task(stage, step, case_id)
    if step.expect is not None:
        wanted = _case(stage, step.expect.get("case")) if "case" in step.expect else case_id
        with stage.engine.database.reading() as connection:
            found = difference(connection, wanted, step.expect)
        if found is not None:
            raise Failure(*found)


def _move(stage: Stage, to: datetime) -> None:
    if to < stage.clock.now():
        raise Failure("a time after the step before", to.isoformat())
    for _ in range(MAX_TICKS):
        due = next_due(stage.engine)
        if due is None or due > to:
            break
        stage.clock.move(max(due, stage.clock.now()))
        if tick(stage.engine) == 0:
            break
    stage.clock.move(to)
    tick(stage.engine)


def _do_task(stage: Stage, step: PlayedStep, case_id: int) -> None:
    actor = _person(stage, step.actor or "", case_id)
    row = _open_task(stage, case_id, step.task or "", actor)
    live_set = stage.engine.library.set(row["set_hash"])
    values = with_attachments(stage.engine, live_set.form(row["form"]).schema, step.data, actor, row["id"], case_id)
    try:
        stage.engine.complete(row["id"], values, actor)
    except EngineError as error:
        if step.refused is None:
            raise Failure("done", f"{error.code}: {error}") from error
        if step.refused != error.code:
            raise Failure({"refused": step.refused}, {"refused": error.code, "why": str(error)}) from error
        return
    if step.refused is not None:
        raise Failure({"refused": step.refused}, "done")


def _open_task(stage: Stage, case_id: int, element: str, actor: Person) -> Mapping[str, Any]:
    with stage.engine.database.reading() as connection:
        rows = reading_state.open_tasks(connection, case_id)
        groups = stored.participants(connection, case_id)
        found = stored.case_row(connection, case_id)
    matching = [row for row in rows.values() if row["element"] == element]
    if not matching or found is None:
        raise Failure({"waiting": [element]}, {"waiting": sorted(row["element"] for row in rows.values())})
    diagrams = stage.engine.library.set(found["set_hash"])
    may = [row for row in matching if obstacle(row, actor, groups, diagrams) is None]
    return {**(may or matching)[0], "set_hash": found["set_hash"]}


def _person(stage: Stage, name: str, case_id: int | None = None) -> Person:
    """A login, else the participant of a case role, else the first holder of an organisation role."""
    if name in stage.people:
        return stage.people[name]
    if case_id is not None:
        with stage.engine.database.reading() as connection:
            members = stored.participants(connection, case_id).get(name, [])
        if members:
            return stage.people[members[0]]
    for person in stage.people.values():
        if name in person.roles:
            return person
    raise Failure("a login or a role", name)


def _case(stage: Stage, process: str | None) -> int:
    if process is None:
        return stage.case_id
    with stage.engine.database.reading() as connection:
        found = played.latest_case(connection, process)
    if found is None:
        raise Failure({"cases": {process: 1}}, {"cases": {}})
    return found


def _current(stage: Stage) -> str:
    with stage.engine.database.reading() as connection:
        name = sets.current(connection)
    return name or ""


def _demand_no_incident(stage: Stage) -> None:
    with stage.engine.database.reading() as connection:
        found = played.first_incident(connection)
    if found is not None:
        element, error, trace = found
        raise Failure("no incident", f"{element}: {error}\n{trace}")


def _report(stage: Stage, scenario: Scenario, failure: dict[str, Any] | None, seconds: float) -> Played:
    with stage.engine.database.reading() as connection:
        return Played(
            scenario=scenario.file,
            steps=stage.steps_done,
            failure=failure,
            cases=played.all_cases(connection),
            seconds=seconds,
            passages=frozenset(played.passages(connection)),
            handlers=frozenset(played.handlers_called(connection)),
            documents=frozenset(played.documents_issued(connection)),
        )
