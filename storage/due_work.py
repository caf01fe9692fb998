"""Work that time brings: timers, deadlines and retries that are due, found by index and without restoring any case."""

from __future__ import annotations

from sqlalchemy import Connection, func, select, update

from storage.reading.rows import Row, every
from storage.tables import deadline, incident, planned_case, timer


def due_timers(connection: Connection, now: str, limit: int = 100) -> list[Row]:
    """Read the timers that are due, earliest first; by the index on due_at."""
    query = select(timer).where(timer.c.due_at <= now).order_by(timer.c.due_at, timer.c.task_id).limit(limit)
    return every(connection, query)


def due_retries(connection: Connection, now: str) -> list[int]:
    """Read the ids of failed steps that are to be tried again; by the index on retry_at."""
    query = select(incident.c.id).where(incident.c.retry_at <= now, incident.c.resolved_at.is_(None))
    return list(connection.execute(query.order_by(incident.c.retry_at)).scalars())


def due_plans(connection: Connection, now: str, limit: int = 50) -> list[Row]:
    """Read the planned cases whose day has begun, earliest first; by the index on opens_at."""
    waiting = (planned_case.c.opened_case_id.is_(None), planned_case.c.cancelled_at.is_(None))
    query = select(planned_case).where(planned_case.c.opens_at <= now, *waiting)
    return every(connection, query.order_by(planned_case.c.opens_at, planned_case.c.key).limit(limit))


def passed_deadlines(connection: Connection, now: str, limit: int = 500) -> list[Row]:
    """Read the deadlines that have passed and are not marked yet; by the index on status and due_at."""
    query = select(deadline.c.id, deadline.c.case_id, deadline.c.element, deadline.c.term, deadline.c.due_on)
    passed = query.where(deadline.c.status == "running", deadline.c.due_at < now).limit(limit)
    return every(connection, passed)


def mark_missed(connection: Connection, ids: list[int]) -> None:
    """Mark deadlines as missed."""
    connection.execute(update(deadline).where(deadline.c.id.in_(ids)).values(status="missed"))


def next_due(connection: Connection) -> str | None:
    """Return the instant at which time brings the next work, None if nothing waits for time."""
    earliest = [
        connection.execute(query).scalar_one_or_none()
        for query in (
            select(func.min(timer.c.due_at)),
            select(func.min(deadline.c.due_at)).where(deadline.c.status == "running"),
            select(func.min(incident.c.retry_at)).where(incident.c.resolved_at.is_(None)),
            select(func.min(planned_case.c.opens_at)).where(
                planned_case.c.opened_case_id.is_(None), planned_case.c.cancelled_at.is_(None)
            ),
        )
    ]
    return min((instant for instant in earliest if instant), default=None)
