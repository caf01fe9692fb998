"""The write side of uploads: stored at once, so that a form that comes back with errors has not lost them."""

from __future__ import annotations

import uuid

from sqlalchemy import Connection, insert

from storage.steps import put_blob
from storage.tables import attachment


def keep(
    connection: Connection,
    *,
    filename: str,
    media_type: str,
    content: bytes,
    by: str,
    at: str,
    case_id: int | None = None,
    task_id: str | None = None,
) -> str:
    """Store an upload and return its id; without a case only `by` may see it."""
    key = str(uuid.uuid4())
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
    connection.execute(insert(attachment).values(row))
    return key
