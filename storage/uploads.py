"""The write side of uploads: stored at once, so that a form that comes back with errors has not lost them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, delete, insert, select, update

from storage.blobs import put_blob
from storage.tables import attachment, blob, metadata


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


def forget_unfinished(connection: Connection, by: str, *, before: str) -> int:
    """Delete what somebody uploaded to start forms that were never sent, with the bytes that nobody else needs."""
    unfinished = (attachment.c.case_id.is_(None), attachment.c.by == by, attachment.c.at < before)
    hashes = set(connection.execute(select(attachment.c.sha256).where(*unfinished)).scalars())
    if not hashes:
        return 0
    gone = connection.execute(delete(attachment).where(*unfinished)).rowcount
    kept: set[str] = set()
    for column in _BLOBS:
        kept.update(connection.execute(select(column).where(column.in_(hashes))).scalars())
    connection.execute(delete(blob).where(blob.c.sha256.in_(hashes - kept)))
    return gone


_BLOBS = [key.parent for table in metadata.tables.values() for key in table.foreign_keys if key.column is blob.c.sha256]
"""Every column that names stored bytes."""


def keep_attachments(connection: Connection, case_id: int, keys: Iterable[str]) -> None:
    """Give uploads that a submission names to the case for good."""
    wanted = sorted(set(keys))
    if wanted:
        connection.execute(update(attachment).where(attachment.c.id.in_(wanted)).values(case_id=case_id))


def known_attachments(connection: Connection, keys: Sequence[str], case_id: int | None, login: str) -> set[str]:
    """Return those uploads that belong to the case, or to nobody but this person."""
    query = select(attachment.c.id).where(
        attachment.c.id.in_(keys),
        # A comparison with None would become IS NULL and let everybody's unfinished uploads through.
        (attachment.c.case_id == (-1 if case_id is None else case_id))
        | (attachment.c.case_id.is_(None) & (attachment.c.by == login)),
    )
    return set(connection.execute(query).scalars())
