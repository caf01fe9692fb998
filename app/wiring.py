"""Puts the rooms together: one object with everything that web, worker and command line need."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.config import Config
from app.evidence import Evidence
from app.play.files import play_files, scenario_files
from app.press import Press
from app.printing import templates_of
from app.proofs import template_problems
from app.register import in_force, qr_of
from app.registry import bindings
from app.signing import Desk
from app.terms import terms_of
from engine.check import check_set, context_of
from engine.clock import Clock, SystemClock
from engine.library import Library, read_folder
from engine.service import Engine
from engine.steps import Binding
from outside.tables import PrintedTable, sheets, workbook
from storage import schema, sets
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
    press: Press
    desk: Desk
    evidence: Evidence

    def check_draft(self, files: Mapping[str, bytes], translate: Callable[[str], str] = str) -> list[dict[str, Any]]:
        """Check a set that is not published; the shape of `check --json`, its templates mapped by `translate`."""
        with self.database.reading() as connection:
            current = sets.current(connection)
        proven = self.library.set(current).files if current else {}
        found = [*check_set(files, context_of(files, self.handlers)), *template_problems(files, proven)]
        return [problem.as_dict(translate) for problem in found]

    def play_draft(self, files: Mapping[str, bytes]) -> list[dict[str, Any]]:
        """Play all scenarios against a set that is not published; the shape of `play --json`."""
        processes = self.config.processes
        return [one.as_dict() for one in play_files(scenario_files([processes / "scenarios"]), files, processes)]

    def in_force(self, versions: Sequence[Mapping[str, Any]], at: datetime) -> dict[str, Any] | None:
        """Return what is in force of a certificate at a moment, None before its first state."""
        return in_force(versions, at)

    def print_table(self, kind: str, **table: Any) -> bytes:
        """Return a table as a file of this kind, `xlsx` or `pdf`."""
        return (workbook if kind == "xlsx" else sheets)(PrintedTable(**table))

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
    press = Press(database, library, clock, templates_of(read_folder(config.processes)), qr_of(config.public_url))
    return Services(
        config=config,
        database=database,
        library=library,
        engine=engine,
        clock=clock,
        handlers=bound,
        press=press,
        desk=Desk(database, press, clock),
        evidence=Evidence(database, _trusted(config)),
    )


def upgraded(config: Config, *, clock: Clock | None = None) -> Services:
    """Put an installation together after bringing its database up to date."""
    database = Database(config.database_url)
    schema.upgrade(database)
    return build(config, clock=clock, database=database)


def _trusted(config: Config) -> list[bytes]:
    """Read the certificates in `trusted/` of the data folder: the roots whose keys people sign with."""
    folder = config.data / "trusted"
    return [path.read_bytes() for path in sorted(folder.glob("*")) if path.suffix in (".pem", ".crt", ".cer")]


def _files(database: Database, name: str) -> Mapping[str, bytes]:
    with database.reading() as connection:
        return sets.files_of(connection, name)
