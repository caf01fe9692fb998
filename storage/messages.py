"""Messages between cases: what a child told, what a parent waits for, and which of the two meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, and_, delete, insert, or_, select, update

from storage.reading.rows import Row, every, first
from storage.tables import awaited_message, case, message


def tell(connection: Connection, row: Mapping[str, Any]) -> bool:
    """Keep a message until it is delivered; False when its key was told before, and nothing changes."""
    known = connection.execute(select(message.c.id).where(message.c.key == row["key"])).scalar_one_or_none()
    if known is None:
        connection.execute(insert(message).values(**row))
    return known is None


def deliverable(connection: Connection, limit: int = 50) -> list[int]:
    """Read the messages that can be settled: the case waits for them or has ended; oldest first, by ix_message_status.

    One that nobody waits for yet, and one whose case stands still at a fault, stays where it is.
    """
    query = (
        select(message.c.id)
        .join(case, case.c.id == message.c.to_case_id)
        .outerjoin(
            awaited_message,
            and_(awaited_message.c.case_id == message.c.to_case_id, awaited_message.c.message == message.c.message),
        )
        .where(
            message.c.status == "waiting",
            or_(case.c.status == "ended", and_(case.c.status == "open", awaited_message.c.task_id.is_not(None))),
        )
        .distinct()
        .order_by(message.c.id)
        .limit(limit)
    )
    return list(connection.execute(query).scalars())


def waiting(connection: Connection, message_id: int) -> Row | None:
    """Read a message that is not settled, with `from_number` of the case that told it and `from_process`."""
    query = (
        select(message, case.c.number.label("from_number"), case.c.process.label("from_process"))
        .join(case, case.c.id == message.c.from_case_id)
        .where(message.c.id == message_id, message.c.status == "waiting")
    )
    return first(connection, query)


def settle(connection: Connection, message_id: int, status: str, at: str) -> None:
    """Mark a message as delivered or unclaimed."""
    connection.execute(update(message).where(message.c.id == message_id).values(status=status, settled_at=at))


def awaited(connection: Connection, case_id: int) -> dict[str, str]:
    """Read the message events that wait in a case: task -> name of the message; by ix_awaited_message_case_id."""
    query = select(awaited_message.c.task_id, awaited_message.c.message).where(awaited_message.c.case_id == case_id)
    return {row.task_id: row.message for row in connection.execute(query)}


def awaiting(connection: Connection, case_id: int) -> list[Row]:
    """Read where a case waits for a message, oldest first; by ix_awaited_message_case_id."""
    query = select(awaited_message).where(awaited_message.c.case_id == case_id).order_by(awaited_message.c.since)
    return every(connection, query)


def close_awaited(connection: Connection, task_ids: Sequence[str]) -> None:
    """Forget message events that no longer wait."""
    if task_ids:
        connection.execute(delete(awaited_message).where(awaited_message.c.task_id.in_(task_ids)))
