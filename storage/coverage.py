"""What the scenarios prove of a published set: kept when it was worked out, read by the pages."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from storage.sets import current
from storage.tables import diagram_file, set_coverage

TABLE = "requirements.csv"
"""A set without this file has nothing to prove."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """A proof that was worked out at `at`; `found` is what was worked out."""

    at: str
    found: dict[str, Any]


def unproven(connection: Connection, basis: str) -> str | None:
    """Return the set in force if it has requirements and no proof on this basis; each lookup by primary key."""
    name = current(connection)
    if name is None:
        return None
    has_table = select(diagram_file.c.path).where(diagram_file.c.set_hash == name, diagram_file.c.path == TABLE)
    proven = select(set_coverage.c.basis).where(set_coverage.c.set_hash == name)
    if connection.execute(proven).scalar_one_or_none() == basis or connection.execute(has_table).first() is None:
        return None
    return name


def keep(connection: Connection, set_hash: str, *, basis: str, at: str, found: dict[str, Any]) -> None:
    """Write the proof of a set in place of an older one."""
    connection.execute(delete(set_coverage).where(set_coverage.c.set_hash == set_hash))
    values = {"set_hash": set_hash, "basis": basis, "at": at, "json": json.dumps(found, ensure_ascii=False)}
    connection.execute(insert(set_coverage).values(values))


def of_set(connection: Connection, set_hash: str) -> Coverage | None:
    """Return the proof of a set, None while nobody has worked it out; by primary key."""
    query = select(set_coverage.c.at, set_coverage.c.json).where(set_coverage.c.set_hash == set_hash)
    row = connection.execute(query).first()
    return Coverage(at=row[0], found=json.loads(row[1])) if row else None
