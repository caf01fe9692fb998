"""The write side of planned cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, or_, select, update

from storage.reading.rows import Row, every, first
from storage.steps import upsert
from storage.tables import planned_case

_WAITING = (planned_case.c.opened_case_id.is_(None), planned_case.c.cancelled_at.is_(None))


def plan(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Plan cases; a key that is planned already gets the new day and data, one that has opened stays as it is."""
    opened = {
        row["key"]
        for row in every(
            connection,
            select(planned_case.c.key).where(
                planned_case.c.key.in_([row["key"] for row in rows]), planned_case.c.opened_case_id.is_not(None)
            ),
        )
    }
    upsert(connection, planned_case, [row for row in rows if row["key"] not in opened], ("key",))


def cancel(connection: Connection, keys: Sequence[str], at: str) -> list[str]:
    """Cancel waiting plans by key or beginning of key; returns the keys that were cancelled."""
    if not keys:
        return []
    named = or_(*(planned_case.c.key.startswith(key, autoescape=True) for key in keys))
    found = [row["key"] for row in every(connection, select(planned_case.c.key).where(named, *_WAITING))]
    connection.execute(update(planned_case).where(planned_case.c.key.in_(found)).values(cancelled_at=at))
    return found


def waiting(connection: Connection, key: str) -> Row | None:
    """Read a plan that may still open."""
    return first(connection, select(planned_case).where(planned_case.c.key == key, *_WAITING))


def mark_opened(connection: Connection, key: str, case_id: int) -> None:
    """Note the case that a plan became."""
    connection.execute(update(planned_case).where(planned_case.c.key == key).values(opened_case_id=case_id))


def of_case(connection: Connection, case_id: int) -> list[Row]:
    """Read what a case has planned, earliest first; by the index on case_id."""
    query = select(planned_case).where(planned_case.c.case_id == case_id).order_by(planned_case.c.opens_at)
    return every(connection, query)
