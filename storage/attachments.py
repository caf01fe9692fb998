"""The write side of uploads."""

from __future__ import annotations

from sqlalchemy import Connection, insert

from storage.steps import put_blob
from storage.tables import attachment


def add(
    connection: Connection,
    *,
    key: str,
    content: bytes,
    filename: str,
    media_type: str,
    by: str,
    at: str,
    task_id: str | None = None,
    case_id: int | None = None,
) -> None:
    """Store an upload under a key of the caller's (a UUID); the same content is stored once."""
    row = {
        "id": key,
        "case_id": case_id,
        "task_id": task_id,
        "filename": filename,
        "media_type": media_type,
        "size": len(content),
        "sha256": put_blob(connection, content),
        "by": by,
        "at": at,
    }
    connection.execute(insert(attachment).values(**row))
