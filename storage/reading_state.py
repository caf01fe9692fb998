"""What a restored case must know of its own rows; each query goes by the index on case_id."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, func, select

from storage.tables import document, open_task, timer


def open_tasks(connection: Connection, case_id: int) -> dict[str, dict[str, Any]]:
    """Read the open tasks of a case by id."""
    query = select(open_task).where(open_task.c.case_id == case_id).order_by(open_task.c.opened_at)
    return {row["id"]: dict(row) for row in connection.execute(query).mappings()}


def timers(connection: Connection, case_id: int) -> set[str]:
    """Read the ids of the timer events that wait."""
    return set(connection.execute(select(timer.c.task_id).where(timer.c.case_id == case_id)).scalars())


def document_count(connection: Connection, case_id: int) -> int:
    """Count the documents of a case; the next one is numbered after them."""
    return connection.execute(select(func.count()).where(document.c.case_id == case_id)).scalar_one()
