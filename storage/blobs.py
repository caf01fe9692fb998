"""Contents under their hash, each stored once."""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection, insert, select

from storage.tables import blob


def put_blob(connection: Connection, content: bytes) -> str:
    """Store content under its hash (SHA-256, hex) and return the hash; the same content is stored once."""
    sha256 = hashlib.sha256(content).hexdigest()
    known = connection.execute(select(blob.c.sha256).where(blob.c.sha256 == sha256)).scalar_one_or_none()
    if known is None:
        connection.execute(insert(blob).values(sha256=sha256, content=content))
    return sha256


def sha256_of(text: str) -> str:
    """Compute the hash of a text (SHA-256 over its UTF-8, hex)."""
    return hashlib.sha256(text.encode()).hexdigest()
