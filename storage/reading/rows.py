"""Rows as plain mappings."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Executable

Row = dict[str, Any]


def every(connection: Connection, query: Executable) -> list[Row]:
    """Return all rows of a query, column name -> value."""
    return [dict(row._mapping) for row in connection.execute(query)]  # noqa: SLF001  the documented name of the view


def first(connection: Connection, query: Executable) -> Row | None:
    """Return the first row of a query, None if there is none."""
    row = connection.execute(query).first()
    return None if row is None else dict(row._mapping)  # noqa: SLF001  the documented name of the view
