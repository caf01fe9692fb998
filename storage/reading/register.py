"""Journals' rows with their history: every state in which a row was."""

from __future__ import annotations

import json

from sqlalchemy import Connection, select

from storage.reading.rows import Row, every
from storage.tables import case, record_version

MOST = 50_000


def history(connection: Connection, journal: str, key: str) -> list[Row]:
    """Return the states of one row in order, `fields` read, with the case's number; by ix_record_version_journal."""
    return _read(connection, journal, key)


def histories(connection: Connection, journal: str) -> dict[str, list[Row]]:
    """Return the states of all rows by their key; a body has hundreds or thousands of certificates."""
    found: dict[str, list[Row]] = {}
    for row in _read(connection, journal, None):
        found.setdefault(row["key"], []).append(row)
    return found


def _read(connection: Connection, journal: str, key: str | None) -> list[Row]:
    query = (
        select(record_version, case.c.number)
        .join(case, case.c.id == record_version.c.case_id)
        .where(record_version.c.journal == journal)
        .order_by(record_version.c.id)
        .limit(MOST)
    )
    if key is not None:
        query = query.where(record_version.c.key == key)
    return [{**row, "fields": json.loads(row["fields"])} for row in every(connection, query)]
