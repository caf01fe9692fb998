"""The outbox: letters that wait to be sent, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select, update

from storage.chain import Event, append
from storage.reading.rows import Row, every
from storage.tables import letter


def waiting(connection: Connection, now: str, limit: int = 50) -> list[Row]:
    """Read the letters whose next try is due, oldest first; by the index on next_try_at."""
    query = select(letter).where(letter.c.next_try_at <= now).order_by(letter.c.next_try_at, letter.c.id).limit(limit)
    return every(connection, query)


def mark_sent(connection: Connection, row: Mapping[str, Any], at: str, proof: str) -> None:
    """Note that a letter was sent, with the proof of it."""
    sent = update(letter).where(letter.c.id == row["id"])
    connection.execute(sent.values(sent_at=at, proof=proof, next_try_at=None, attempts=row["attempts"] + 1))
    data = {"kind": row["kind"], "message_id": row["message_id"], "proof": proof}
    append(connection, [Event(type="LetterSent", actor="system", at=at, case_id=row["case_id"], data=data)])


def mark_failed(connection: Connection, row: Mapping[str, Any], next_try_at: str) -> None:
    """Note that a letter could not be sent now; it is tried again."""
    failed = update(letter).where(letter.c.id == row["id"])
    connection.execute(failed.values(attempts=row["attempts"] + 1, next_try_at=next_try_at))
