"""Many cases out of one: rows as the engine wrote them, with names of their own, to see pages and worker under load.

For the benchmark. Events are not copied: the chain of an installation is no place for copies.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Table, func, insert, select

from storage.database import Database
from storage.instants import to_text
from storage.tables import case, event, metadata, timer

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_AT_ONCE = 200
"""Cases whose rows are sent together."""


def copy_cases(database: Database, originals: Sequence[int], count: int, days: int) -> None:
    """Copy cases in turn until there are `count` copies; their deadlines are spread over that many days from their own.

    Ids of tasks are new in each copy, in the engine's state too, so that a copy can be restored and goes on. Nobody
    else may begin cases meanwhile; everything else goes on, for no transaction is long.
    """
    with database.reading() as connection:
        first = connection.execute(select(func.max(case.c.id))).scalar_one() + 1
        templates = [_rows_of(connection, case_id) for case_id in originals]
    for start in range(0, count, _AT_ONCE):
        numbers = range(start, min(start + _AT_ONCE, count))
        copies = [_copy(templates[number % len(templates)], first + number, number % days) for number in numbers]
        with database.writing() as connection:
            for table in _owned():
                rows = [row for copied in copies for row in copied.get(table.name, ())]
                if rows:
                    connection.execute(insert(table), rows)


def open_cases(connection: Connection) -> int:
    """Count the cases that are open."""
    return connection.execute(select(func.count()).select_from(case).where(case.c.status == "open")).scalar_one()


def waiting_timers(connection: Connection) -> int:
    """Count the timers that wait."""
    return connection.execute(select(func.count()).select_from(timer)).scalar_one()


def _owned() -> Iterator[Table]:
    """Yield the tables with rows of cases, the case itself first."""
    yield case
    for table in metadata.sorted_tables:
        if "case_id" in table.c and table is not event:
            yield table


def _rows_of(connection: Connection, case_id: int) -> str:
    found = {}
    for table in _owned():
        owner = case.c.id if table is case else table.c.case_id
        found[table.name] = [dict(row) for row in connection.execute(select(table).where(owner == case_id)).mappings()]
    return json.dumps(found, ensure_ascii=False)


def _copy(template: str, case_id: int, later: int) -> Mapping[str, list[dict[str, Any]]]:
    new: dict[str, str] = {}
    text = _UUID.sub(lambda found: new.setdefault(found[0], str(uuid4())), template)
    rows: dict[str, list[dict[str, Any]]] = json.loads(text)
    for name, found in rows.items():
        for row in found:
            _make_own(metadata.tables[name], row, case_id, timedelta(days=later))
    return rows


def _make_own(table: Table, row: dict[str, Any], case_id: int, later: timedelta) -> None:
    if table is case:
        row.update(id=case_id, number=f"{row['number']}-{case_id}")
        return
    row["case_id"] = case_id
    if isinstance(row.get("id"), int):
        del row["id"]  # the database gives a new one
    for name in ("key", "message_id"):
        if name in row and table.name in ("submission", "letter", "record"):
            row[name] = None if row[name] is None else f"{row[name]}-{case_id}"
    if row.get("due_at"):
        row["due_at"] = to_text(datetime.fromisoformat(row["due_at"]) + later)
    if row.get("due_on"):
        row["due_on"] = (date.fromisoformat(row["due_on"]) + later).isoformat()
