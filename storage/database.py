"""One way to the database: how a connection is opened, what a transaction is, which failures have a name.

SQLite is the embedded default. It is opened so that an answer given is an answer kept: write-ahead log, a full sync at
each commit, and the write lock taken at the beginning of a writing transaction, so that nobody is told "locked" in the
middle of a step.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError
from sqlalchemy.pool import QueuePool

__all__ = [
    "Connection", "Damaged", "Database", "Full", "Locked", "Newer", "ReadOnly", "StorageError", "Unreachable"
]  # fmt: skip

BUSY_MILLISECONDS = 10_000
"""How long a writer waits for another writer before the person is told to try again."""


class StorageError(Exception):
    """The database could not do what was asked."""


class Locked(StorageError):
    """Another writer held the database for too long."""


class Full(StorageError):
    """There is no room left where the database lies."""


class ReadOnly(Full):
    """Nothing can be written where the database lies: its file or folder is closed to this program."""


class Damaged(StorageError):
    """The file is broken, or was never a database."""


class Unreachable(StorageError):
    """The database cannot be opened: no folder, no rights, no server, no driver, or an address that means nothing."""


class Newer(StorageError):
    """A later version of the program has changed the database."""


class Database:
    """The database of one installation.

    `reading()` and `writing()` give a connection inside a transaction; leaving the block commits, an exception rolls
    back. Locked and Full are raised in place of the driver's own errors. `synchronous="OFF"` is for databases that
    are thrown away, such as those of scenarios.
    """

    def __init__(
        self,
        url: str,
        *,
        busy_milliseconds: int = BUSY_MILLISECONDS,
        pool_size: int = 16,
        synchronous: Literal["FULL", "OFF"] = "FULL",
    ) -> None:
        self.url = url
        self.busy_seconds = busy_milliseconds / 1000
        """How long one writer waits for another."""
        try:
            self.engine = (
                _sqlite(url, busy_milliseconds, pool_size, synchronous)
                if url.startswith("sqlite")
                else create_engine(url, hide_parameters=True)
            )
        except (ArgumentError, ImportError) as error:
            # The address may hold a password, so it is not repeated.
            raise Unreachable(f"{type(error).__name__}: {str(error).replace(url, '…')}") from error
        # SQLite's driver is told to begin nothing by itself (`_sqlite`), so that these words are all that begins.
        self._begin_words = ("BEGIN", "BEGIN IMMEDIATE") if url.startswith("sqlite") else ("", "")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection for queries; what it sees does not change while the block lasts."""
        with self._transaction(self._begin_words[0]) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection that holds the write lock from its first moment."""
        with self._transaction(self._begin_words[1]) as connection:
            yield connection

    @contextmanager
    def _transaction(self, words: str) -> Iterator[Connection]:
        # Not in an event of the library: one listener anywhere makes it ask about all events at every statement.
        with self._named_failures(), self.engine.begin() as connection:
            if words:
                connection.exec_driver_sql(words)
            yield connection

    @contextmanager
    def _named_failures(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            named = _named(error, self.place)
            if named is None:
                raise
            raise named from error

    @property
    def place(self) -> str:
        """Where the database is, for messages: without the password."""
        return self.engine.url.render_as_string(hide_password=True)

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()

    @property
    def file(self) -> Path | None:
        """The database's file, where it is one."""
        name = self.engine.url.database or ":memory:"
        return Path(name.removeprefix("file:")) if self.url.startswith("sqlite") and name != ":memory:" else None


def _named(error: DBAPIError, where: str) -> StorageError | None:
    text = str(error.orig).lower()
    if not isinstance(error, DatabaseError):
        return None
    for words, named in _NAMES:
        if any(word in text for word in words):
            return named(f"{where}: {error.orig}")
    return None


_NAMES: tuple[tuple[tuple[str, ...], type[StorageError]], ...] = (
    (("locked", "busy"), Locked),
    (("readonly",), ReadOnly),
    (("full", "disk i/o"), Full),
    (("not a database", "malformed"), Damaged),
    (("unable to open", "could not connect", "connection refused", "connection failed"), Unreachable),
)


def _sqlite(url: str, busy_milliseconds: int, pool_size: int, synchronous: str) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        hide_parameters=True,  # errors are logged, and what is stored is personal
        pool_size=pool_size,
        max_overflow=16,
        connect_args={"check_same_thread": False, "timeout": busy_milliseconds / 1000},
    )

    @event.listens_for(engine, "connect")
    def prepare(dbapi_connection: sqlite3.Connection, record: Any) -> None:
        # The driver must not begin transactions by itself: it begins them too late and without the write lock.
        dbapi_connection.isolation_level = None
        pragmas = ("journal_mode=WAL", f"synchronous={synchronous}", "foreign_keys=ON")
        # SQLite's own lower() knows ASCII only; people search in Russian, Kazakh and Uzbek.
        dbapi_connection.create_function("lower", 1, _lower, deterministic=True)
        for pragma in (*pragmas, f"busy_timeout={busy_milliseconds}"):
            dbapi_connection.execute(f"PRAGMA {pragma}")

    return engine


def _lower(value: str | None) -> str | None:
    return None if value is None else str(value).lower()
