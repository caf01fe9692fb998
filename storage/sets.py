"""Diagram sets in the database: stored once by the hash of their contents, published by a row of their own."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from sqlalchemy import Connection, insert, select

from storage.blobs import put_blob
from storage.reading.rows import Row, first
from storage.tables import blob, diagram_file, diagram_set, publication


def hash_of(files: Mapping[str, bytes]) -> str:
    """Compute the name of a set: SHA-256 over its paths and the hashes of its contents, in order of path."""
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path}\0{hashlib.sha256(files[path]).hexdigest()}\n".encode())
    return digest.hexdigest()


def publish(connection: Connection, files: Mapping[str, bytes], *, at: str, by: str, note: str) -> str:
    """Store a set, if it is new, and make it the one with which new cases begin; returns its hash."""
    name = hash_of(files)
    known = connection.execute(select(diagram_set.c.hash).where(diagram_set.c.hash == name)).scalar_one_or_none()
    if known is None:
        connection.execute(insert(diagram_set).values(hash=name, created_at=at))
        rows = [
            {"set_hash": name, "path": path, "sha256": put_blob(connection, content)} for path, content in files.items()
        ]
        connection.execute(insert(diagram_file), rows)
    connection.execute(insert(publication).values(set_hash=name, at=at, by=by, note=note))
    return name


def current(connection: Connection) -> str | None:
    """Return the hash of the set that was published last, None on an empty database."""
    query = select(publication.c.set_hash).order_by(publication.c.id.desc()).limit(1)
    return connection.execute(query).scalar_one_or_none()


def current_publication(connection: Connection) -> Row | None:
    """Return the newest publication, None on an empty database."""
    query = select(publication).order_by(publication.c.id.desc()).limit(1)
    return first(connection, query)


def files_of(connection: Connection, set_hash: str) -> dict[str, bytes]:
    """Read the files of a set; empty for an unknown hash."""
    query = (
        select(diagram_file.c.path, blob.c.content)
        .join(blob, blob.c.sha256 == diagram_file.c.sha256)
        .where(diagram_file.c.set_hash == set_hash)
    )
    return {path: bytes(content) for path, content in connection.execute(query)}
