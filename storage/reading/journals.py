"""Journals over all cases: which there are, and their rows searched, filtered and sorted."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import JSON, ColumnElement, Connection, Select, String, cast, func, or_, select

from storage.reading.access import Viewer, like, may_see
from storage.reading.rows import Row, every
from storage.tables import case, record

KEY, CASE, AT = "_key", "_case", "_at"
"""Columns that every journal has, beside those of its own fields."""
NEWEST = 500
"""From so many rows the columns of a journal are known."""
_RUSSIAN_DAY = re.compile(r"(?:(\d{1,2})\.)?(\d{1,2})\.(\d{4})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What part of a journal is asked for; columns are fields of its rows, or KEY, CASE, AT."""

    text: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    """Column -> text that it holds."""
    sort: str = AT
    is_descending: bool = True


def journals(connection: Connection, viewer: Viewer) -> list[Row]:
    """Return each journal with the number of its rows in cases that the viewer may see; reads the whole index."""
    query = (
        select(record.c.journal, func.count().label("rows"), func.max(record.c.at).label("last"))
        .join(case, case.c.id == record.c.case_id)
        .where(may_see(viewer))
        .group_by(record.c.journal)
        .order_by(record.c.journal)
    )
    return every(connection, query)


def columns(connection: Connection, viewer: Viewer, name: str) -> list[str]:
    """Return the fields that the newest rows of a journal have, in their order; empty if the viewer sees no row."""
    query = _rows(viewer, name).order_by(record.c.at.desc()).limit(NEWEST)
    found: dict[str, None] = {}
    for row in every(connection, query):
        found.update(dict.fromkeys(json.loads(row["fields"])))
    return list(found)


def rows(
    connection: Connection, viewer: Viewer, name: str, wanted: Wanted, *, offset: int = 0, limit: int
) -> list[Row]:
    """Return a page of a journal, `fields` read, with the case's number; by primary key prefix (journal)."""
    query = _rows(viewer, name)
    if wanted.text:
        pattern = like(wanted.text)
        everywhere = (record.c.key, record.c.fields, case.c.number)
        query = query.where(or_(*(_holds(column, pattern) for column in everywhere)))
    for column, text in wanted.filters.items():
        words = case.c.number if column == CASE else _column(connection, column)
        query = query.where(or_(*(_holds(words, like(one)) for one in (text, _iso(text)) if one)))
    order = _column(connection, wanted.sort)
    newest = (record.c.at.desc(), record.c.key.desc())
    query = query.order_by(order.desc() if wanted.is_descending else order.asc(), *newest)
    found = every(connection, query.offset(offset).limit(limit))
    return [{**row, "fields": json.loads(row["fields"])} for row in found]


def _rows(viewer: Viewer, name: str) -> Select[Any]:
    query = select(record, case.c.number).join(case, case.c.id == record.c.case_id)
    return query.where(record.c.journal == name, may_see(viewer))


def _column(connection: Connection, name: str) -> ColumnElement[Any]:
    own: dict[str, ColumnElement[Any]] = {KEY: record.c.key, CASE: case.c.id, AT: record.c.at}
    if name in own:
        return own[name]
    if connection.dialect.name == "sqlite":
        # The library's own way would make text of numbers, and 90 would come after 600.
        return func.json_extract(record.c.fields, f'$."{name}"')
    found: ColumnElement[Any] = cast(record.c.fields, JSON)[name].as_string()
    return found


def _holds(column: ColumnElement[Any], pattern: str) -> ColumnElement[bool]:
    return func.lower(cast(column, String)).like(pattern, escape="\\")


def _iso(text: str) -> str:
    """Return a day or month as rows hold it, empty for anything else.

    >>> _iso("6.04.2026"), _iso("04.2026"), _iso("Кентау")
    ('2026-04-06', '2026-04', '')
    """
    found = _RUSSIAN_DAY.fullmatch(text.strip())
    if not found:
        return ""
    day, month, year = found.groups()
    return f"{year}-{int(month):02d}" + (f"-{int(day):02d}" if day else "")
