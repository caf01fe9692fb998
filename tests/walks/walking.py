"""A walk through the shipped processes: people do what waits for them, with answers that could be, and time passes.

What must hold is asked after each step by functions from outside (`invariants`); here is only what may happen.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from app import sample
from app.play.attachments import with_attachments
from app.play.player import perform
from app.play.scenario import Scenario
from app.play.stage import Stage
from app.registry import bindings
from app.terms import terms_of
from engine.clock import MovedClock
from engine.duties import obstacle
from engine.errors import EngineError
from engine.library import DiagramSet, Library
from engine.service import Engine
from engine.steps import SYSTEM, Person, people_by_login
from engine.ticking import next_due, tick
from storage import registers, schema, tables
from storage import steps as stored
from storage.database import Database
from tests.walks.values import PROCESSES, Values, files, stories

BEGIN = datetime(2020, 1, 1, 4, 0, tzinfo=UTC)
ENOUGH = 200
"""Things that time brings about in one pause; more would be work without end."""


@cache
def library() -> Library:
    return Library(lambda name: files(), terms_of)


@dataclass
class Walk:
    """One walk through the cases of one database."""

    engine: Engine
    clock: MovedClock
    people: Mapping[str, Person]
    diagrams: DiagramSet
    random: Random
    values: Values
    holds: Callable[[Walk], None] = lambda walk: None
    """Asked after everything that happens; raises when something does not hold."""
    told: list[str] = field(default_factory=list)
    """What happened, one line each, to be read when something does not hold."""
    facts: dict[str, Any] = field(default_factory=dict)
    """What the invariants keep between two steps."""

    # What may happen ------------------------------------------------------------------------------------------------

    def follow(self, story: Scenario, steps: int | None = None, *, between: Callable[[], None] | None = None) -> None:
        """Do what a scenario tells, as far as these steps, and something of one's own before each task of it."""
        told = story.steps if steps is None else story.steps[:steps]
        self.tell(f"{Path(story.file).name}, {len(told)} of {len(story.steps)} steps")
        profile = self.diagrams.default_profile(story.process)
        zone = ZoneInfo(self.diagrams.profile["profiles"][profile]["zone"])
        people = dict(self.people)
        stage = Interrupted(engine=self.engine, diagrams=self.diagrams, clock=self.clock, zone=zone, people=people)
        stage.between = between
        failure = perform(stage, replace(story, steps=told))
        assert failure is None, self.story_of(str(failure))
        self.holds(self)

    def step(self) -> None:
        """Do one thing, begin something, or let time pass."""
        rows, chance = self.waiting(), self.random.random()
        if not rows and chance < 0.5:
            self.start(self.random.choice(stories()))
        elif not rows or chance < 0.15:
            self.wait(self.random.choice([0.1, 1, 1, 3, 10, 35, 100]))
        elif chance < 0.16:
            self.lapse()
        else:
            self.act(self.random.choice(rows))

    def start(self, story: Scenario) -> None:
        """Begin a case as some scenario did; some begin on what others have left in the journals, and are refused."""
        form = self.diagrams.start_form(story.process)
        actor = self.people[story.start_by]
        data = self.values.moved(story.start_data, story.start_at)
        attached = with_attachments(self.engine, form.schema, data, actor) if form else data
        try:
            step = self.engine.start(story.process, attached, actor)
        except EngineError as error:
            self.tell(f"{actor.login} was refused {story.process}: {error}")
            return
        self.tell(f"{actor.login} started {story.process} {step.number}")
        self.holds(self)

    def act(self, row: Mapping[str, Any], tries: int = 4) -> bool:
        """Let somebody who may do a task try it with several answers; whether one was taken."""
        able = self.able(row)
        return any(self.complete(row, self.random.choice(able)) for _ in range(tries if able else 0))

    def complete(self, row: Mapping[str, Any], actor: Person) -> bool:
        form = self.diagrams.form(row["form"])
        values = self.values.of(form.schema, row["element"])
        try:
            attached = with_attachments(self.engine, form.schema, values, actor, row["id"], row["case_id"])
            self.engine.complete(row["id"], attached, actor)
        except EngineError as error:
            self.tell(f"{actor.login} was refused {row['element']}: {error.code} {error}"[:200])
            return False
        self.tell(f"{actor.login} did {row['element']} with {json.dumps(values, ensure_ascii=False)}"[:600])
        self.holds(self)
        return True

    def wait(self, days: float) -> None:
        """Let time pass, with everything that it brings about, each at its own moment."""
        to = self.clock.now() + timedelta(days=days)
        for _ in range(ENOUGH):
            due = next_due(self.engine)
            if due is None or due > to:
                break
            self.clock.move(max(due, self.clock.now()))
            if tick(self.engine) == 0:
                break
        self.clock.move(to)
        tick(self.engine)
        self.tell(f"{days} days passed: {to:%Y-%m-%d %H:%M}")
        self.holds(self)

    def lapse(self) -> None:
        """Let the accreditation end today for one standard and code, as may happen to any body."""
        until = self.clock.now().date().isoformat()
        with self.engine.database.writing() as connection:
            query = select(tables.register_row).where(tables.register_row.c.register == "accreditation_scope")
            row = self.random.choice(connection.execute(query).mappings().all())
            fields = json.loads(row["fields"])
            fields["valid_to"] = min(str(fields["valid_to"]), until)
            changed = update(tables.register_row).where(tables.register_row.c.id == row["id"])
            connection.execute(changed.values(fields=stored.to_json(fields)))
        self.tell(f"the accreditation for {fields['standard']} {fields['code']} ended")

    def settle(self, rounds: int) -> None:
        """Let people do what waits as the scenarios do it, and time pass between; the walk goes on towards its end."""
        self.values = replace(self.values, changes=0)
        for _ in range(rounds):
            done = [self.act(row, tries=2) for row in self.waiting()]
            if not any(done):
                self.wait(self.random.choice([2, 10, 40]))

    # What is there --------------------------------------------------------------------------------------------------

    def waiting(self) -> list[dict[str, Any]]:
        with self.engine.database.reading() as connection:
            return [dict(row) for row in connection.execute(select(tables.open_task)).mappings()]

    def groups(self, case_id: int) -> dict[str, list[str]]:
        with self.engine.database.reading() as connection:
            return stored.participants(connection, case_id)

    def able(self, row: Mapping[str, Any]) -> list[Person]:
        """Return who may do a task."""
        groups = self.groups(row["case_id"])
        return [one for one in self.people.values() if obstacle(row, one, groups, self.diagrams) is None]

    def tell(self, what: str) -> None:
        self.told.append(what)

    def story_of(self, what: str) -> str:
        return "\n".join([what, *self.told])


class Interrupted(Stage):
    """The stage of a scenario on which something else happens before each of its tasks."""

    between: Callable[[], None] | None = None

    def open_task(self, element: str, actor: Person, case_id: int) -> Mapping[str, Any]:
        if self.between is not None:
            self.between()
        return super().open_task(element, actor, case_id)


@contextmanager
def walk(folder: Path, seed: int | str, holds: Callable[[Walk], None] = lambda walk: None) -> Iterator[Walk]:
    """Give a walk in a new database; the same seed goes the same way."""
    database = Database(f"sqlite:///{folder}/walk.db", synchronous="OFF")
    schema.create(database)
    with database.writing() as connection:
        sample.load(connection, sample.read(PROCESSES))
        rows = registers.people(connection)
    people = people_by_login(rows)
    clock, random = MovedClock(BEGIN), Random(seed)  # the same way again, no secret
    engine = Engine(database, library(), bindings(), clock)
    diagrams = library().set(engine.publish(files(), SYSTEM, "walk"))
    values = Values(random=random, clock=clock, people=people)
    try:
        yield Walk(
            engine=engine, clock=clock, people=people, diagrams=diagrams, random=random, values=values, holds=holds
        )
    finally:
        database.close()
