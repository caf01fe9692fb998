"""Puts the rooms together: one object with everything that web, worker and command line need."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.config import Config
from app.play.files import play_files, scenario_files
from app.printing import TEMPLATE, printed
from app.registry import bindings
from app.terms import terms_of
from engine.check import check_set, context_of
from engine.clock import Clock, SystemClock
from engine.library import Library
from engine.service import Engine
from engine.steps import Binding
from outside.pdf import render
from storage import people, schema, sets
from storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The parts of a running installation."""

    config: Config
    database: Database
    library: Library
    engine: Engine
    clock: Clock
    handlers: Mapping[str, Binding]

    def print_document(self, document: Mapping[str, Any], case: Mapping[str, Any], organisation: str) -> bytes:
        """Return a stored document as PDF/A; raises PdfError when the template does not fit it."""
        with self.database.reading() as connection:
            is_sample = people.read_setting(connection, "sample") == "true"
        zone = self.library.terms(case["set_hash"], case["profile"], "{}").zone
        data = printed(document, case, organisation, zone=zone, is_sample=is_sample)
        return render(self.config.processes / TEMPLATE, data)

    def check_draft(self, files: Mapping[str, bytes], translate: Callable[[str], str] = str) -> list[dict[str, Any]]:
        """Check a set that is not published; the shape of `check --json`, its templates mapped by `translate`."""
        return [problem.as_dict(translate) for problem in check_set(files, context_of(files, self.handlers))]

    def play_draft(self, files: Mapping[str, bytes]) -> list[dict[str, Any]]:
        """Play all scenarios against a set that is not published; the shape of `play --json`."""
        processes = self.config.processes
        return [one.as_dict() for one in play_files(scenario_files([processes / "scenarios"]), files, processes)]

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()


def build(
    config: Config,
    *,
    clock: Clock | None = None,
    database: Database | None = None,
    handlers: Mapping[str, Binding] | None = None,
) -> Services:
    """Put an installation together; the database must be up to date (`storage.schema.upgrade`).

    `handlers` take the place of those in the room `handlers`.
    """
    database = database or Database(config.database_url)
    clock = clock or SystemClock()
    bound = bindings() if handlers is None else handlers
    library = Library(lambda name: _files(database, name), terms_of)
    engine = Engine(database, library, bound, clock)
    return Services(config=config, database=database, library=library, engine=engine, clock=clock, handlers=bound)


def upgraded(config: Config, *, clock: Clock | None = None) -> Services:
    """Put an installation together after bringing its database up to date."""
    database = Database(config.database_url)
    schema.upgrade(database)
    return build(config, clock=clock, database=database)


def _files(database: Database, name: str) -> Mapping[str, bytes]:
    with database.reading() as connection:
        return sets.files_of(connection, name)
