"""Plays a scenario through the same engine calls as the web, in a database of its own with a moved clock."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from app import sample
from app.play.attachments import add_scan, with_attachments
from app.play.facts import difference
from app.play.scenario import YEARS, PlayedStep, Scenario
from app.play.stage import Failure, Stage, demand_readings, like
from app.registry import bindings
from app.terms import terms_of
from engine.clock import MovedClock
from engine.errors import EngineError
from engine.library import DiagramSet, Library
from engine.service import Engine
from engine.steps import SYSTEM, people_by_login
from engine.ticking import next_due, tick
from storage import played, registers, schema
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
    ways: tuple[tuple[tuple[str, str], ...], ...] = ()
    """Of each case the same in the order in which it went."""
    documents: frozenset[tuple[str, str]] = frozenset()
    """(`process.element`, kind) of the documents that were issued."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """Kind of document -> its title."""

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
            failure = perform(stage, scenario)
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
            rows = registers.people(connection)
        people = people_by_login(rows)
        clock = MovedClock(datetime(YEARS.start, 1, 1, tzinfo=UTC) - timedelta(days=2))
        engine = Engine(database, self._library, bindings(), clock)
        diagrams = self._library.set(engine.publish(self._files, SYSTEM, "scenario"))
        profile = diagrams.default_profile(scenario.process)
        zone = ZoneInfo(_profile(diagrams, profile).get("zone", "UTC"))
        return Stage(engine=engine, diagrams=diagrams, clock=clock, zone=zone, people=people)


def perform(stage: Stage, scenario: Scenario) -> dict[str, Any] | None:
    """Play a scenario on a stage; returns the first failure in the shape of `play --json`, None if there is none."""
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
    diagrams, process = stage.diagrams, scenario.process
    if process not in diagrams.processes:
        raise Failure({"process": process}, f"такого процесса нет в схемах{like(process, diagrams.starting)}")
    stage.clock.move(stage.local(scenario.start_at))
    actor = stage.person(scenario.start_by)
    profile = diagrams.default_profile(process)
    demand_readings(profile, _profile(diagrams, profile).get("readings", {}), scenario.readings)
    try:
        form = diagrams.start_form(process)
        values = (
            with_attachments(stage.engine, form.schema, scenario.start_data, actor) if form else scenario.start_data
        )
        started = stage.engine.start(process, values, actor, readings=scenario.readings)
    except EngineError as error:
        raise Failure("дело открыто", f"{error.code}: {error}") from error
    stage.case_id = started.case_id
    _demand_no_incident(stage)


def _take(stage: Stage, step: PlayedStep) -> None:
    if step.at is not None:
        _move(stage, stage.local(step.at))
    if step.task is not None:
        _do_task(stage, step, step.task)
    if step.expect is not None:
        wanted = stage.case(step.expect.get("case", step.case))
        with stage.engine.database.reading() as connection:
            found = difference(connection, wanted, step.expect)
        if found is not None:
            raise Failure(*found)


def _move(stage: Stage, to: datetime) -> None:
    now = stage.clock.now()
    if to < now:
        was = now.astimezone(stage.zone).replace(tzinfo=None)
        raise Failure(f"время не раньше {was.isoformat()}, как у шага перед ним", to.replace(tzinfo=None).isoformat())
    for _ in range(MAX_TICKS):
        due = next_due(stage.engine)
        if due is None or due > to:
            break
        stage.clock.move(max(due, stage.clock.now()))
        if tick(stage.engine) == 0:
            break
    else:
        seen = f"сроки наступили {MAX_TICKS} раз подряд; проверьте циклы на схеме"
        raise Failure("сроки, которые когда-нибудь кончатся", seen)
    stage.clock.move(to)
    tick(stage.engine)


def _do_task(stage: Stage, step: PlayedStep, task: str) -> None:
    case_id = stage.case_with(task, step.case)
    actor = stage.person(step.actor or "", case_id)
    row = stage.open_task(task, actor, case_id)
    form = stage.engine.library.set(row["set_hash"]).form(row["form"])
    try:
        values = with_attachments(stage.engine, form.schema, step.data, actor, row["id"], case_id)
        if stage.must_prove(row, actor, values):
            add_scan(stage.engine, actor, row["id"], case_id)
        stage.engine.complete(row["id"], values, actor)
    except EngineError as error:
        seen = {"refused": error.code, "why": str(error)}
        if step.refused is None:
            raise Failure("задача выполнена", seen) from error
        if step.refused != error.code:
            raise Failure({"refused": step.refused}, seen) from error
        return
    if step.refused is not None:
        raise Failure({"refused": step.refused}, "задача выполнена, отказа не было")


def _profile(diagrams: DiagramSet, name: str) -> Mapping[str, Any]:
    table: Mapping[str, Any] = diagrams.profile.get("profiles", {}).get(name, {})
    return table


def _demand_no_incident(stage: Stage) -> None:
    with stage.engine.database.reading() as connection:
        found = played.first_incident(connection)
    if found is not None:
        element, error, trace = found
        raise Failure("шаг без сбоя", f"{element}: {error}\n{trace}")


def _report(stage: Stage, scenario: Scenario, failure: dict[str, Any] | None, seconds: float) -> Played:
    with stage.engine.database.reading() as connection:
        return Played(
            scenario=scenario.file,
            steps=stage.steps_done,
            failure=failure,
            cases=played.all_cases(connection),
            seconds=seconds,
            passages=frozenset(played.passages(connection)),
            ways=played.ways(connection),
            documents=frozenset(played.documents_issued(connection)),
            titles=played.document_titles(connection),
        )
