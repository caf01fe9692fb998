"""What the database is asked and given: statements of a stretch of work, and the size of what a case leaves behind.

For the benchmark; nothing else counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, event, select

from storage.database import Database
from storage.tables import case, metadata

_READING = ("SELECT", "WITH", "PRAGMA")
_FRAMING = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT")


@dataclass(slots=True)
class Statements:
    """What was sent to the database; `BEGIN` and `COMMIT` do not count, a statement with many rows counts once."""

    texts: list[str] = field(default_factory=list)
    written_bytes: int = 0
    """Bound parameters of the writing statements: UTF-8 of texts, 8 a number."""


@contextmanager
def counted(database: Database) -> Iterator[Statements]:
    """Count the statements that go to a database while the block lasts, of all threads."""
    seen = Statements()

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        text = statement.lstrip().upper()
        if text.startswith(_FRAMING):
            return
        seen.texts.append(statement)
        if not text.startswith(_READING):
            rows = parameters if many else [parameters]
            seen.written_bytes += sum(_size(value) for row in rows for value in _values(row))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def size_of_case(connection: Connection, case_id: int) -> int:
    """Return the bytes of all rows of a case: its state, data, tasks, deadlines, submissions, events and papers.

    Values are counted as `Statements` counts them, without indexes and page overhead.
    """
    total = 0
    for table in metadata.tables.values():
        owner = case.c.id if table is case else table.c.get("case_id")
        if owner is not None:
            rows = connection.execute(select(table).where(owner == case_id))
            total += sum(_size(value) for row in rows for value in row)
    return total


def _values(row: Any) -> Iterable[Any]:
    return row.values() if isinstance(row, Mapping) else row


def _size(value: Any) -> int:
    if value is None:
        return 0
    if isinstance(value, str):
        return len(value.encode())
    return len(value) if isinstance(value, bytes) else 8
