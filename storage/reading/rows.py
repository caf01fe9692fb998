"""Rows as plain mappings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Executable

Row = dict[str, Any]


def every(connection: Connection, query: Executable, values: Mapping[str, Any] | None = None) -> list[Row]:
    """Return all rows of a query, column name -> value; `values` are those of its parameters."""
    return [dict(row._mapping) for row in connection.execute(query, values)]  # noqa: SLF001  the documented name of the view


def first(connection: Connection, query: Executable, values: Mapping[str, Any] | None = None) -> Row | None:
    """Return the first row of a query, None if there is none."""
    row = connection.execute(query, values).first()
    return None if row is None else dict(row._mapping)  # noqa: SLF001  the documented name of the view
