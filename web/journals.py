"""Journals: searched, filtered, sorted, and taken away as a workbook or on paper with the same rows."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request, send_file, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from storage.reading import journals
from storage.reading.journals import AT, CASE, KEY, Wanted
from web.language import day, language, local, moment
from web.navigation import installation, plain
from web.paging import Paging
from web.services import services
from web.values import entered, words
from web.visitor import viewer
from web.words import journal_name

room = Blueprint("journals", __name__)

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
PAGE = 50
MOST = {"xlsx": 20_000, "pdf": 2_000}
"""Rows of one file; what was left out stands in its conditions."""
MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
HIDDEN = ("Дело", "Учётные записи")
"""Fields that pages leave out: the case has a column of its own, and people stand by name in another one."""
FILTER = "f."
"""What the name of a column's filter begins with in the address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a journal as its page shows it."""

    name: str
    title: str
    filter: str
    href: str
    """Where its head leads: sorted by it, or the other way round."""
    order: str
    """`ascending`, `descending` or nothing, as aria-sort has it."""


@room.get("/journals")
def index() -> str:
    """Show which journals there are."""
    with services().database.reading() as connection:
        rows = journals.journals(connection, viewer()) if viewer().may_read() else []
    return render_template("journals/index.html", rows=rows, journal_name=journal_name)


@room.get("/journals/<name>")
def show(name: str) -> str:
    """Show the rows of one journal in cases that the person may see."""
    columns = _columns(name)
    wanted = _wanted(columns)
    paging = Paging.asked(PAGE)
    with services().database.reading() as connection:
        rows = journals.rows(connection, viewer(), name, wanted, offset=paging.offset, limit=PAGE + 1)
    kept: dict[str, Any] = {key: value for key, value in request.args.items() if key != "page" and value}
    return render_template(
        "journals/journal.html",
        name=name,
        title=journal_name(name),
        rows=paging.cut(rows),
        columns=[_shown(name, column, wanted, kept) for column in (KEY, CASE, *columns, AT)],
        fields=columns,
        paging=paging,
        wanted=wanted,
        files={kind: url_for("journals.file", name=name, kind=kind, **kept) for kind in MEDIA},
        hidden={key: kept[key] for key in ("sort", "down") if key in kept},
    )


@room.get("/journals/<name>.<any(xlsx, pdf):kind>")
def file(name: str, kind: str) -> Response:
    """Give the rows that the page would show, all of them, as a file."""
    columns = _columns(name)
    wanted = _wanted(columns)
    most = MOST[kind]
    with services().database.reading() as connection:
        rows = journals.rows(connection, viewer(), name, wanted, limit=most + 1)
    conditions = _conditions(wanted)
    if len(rows) > most:
        conditions.append(gettext("показаны первые %(count)s записей", count=most))
    now = services().clock.now()
    content = services().print_table(
        kind,
        title=journal_name(name),
        organisation=installation()["organisation"],
        language=language(),
        conditions=conditions,
        note=gettext("Сформировано %(when)s, %(who)s", when=moment(now), who=current_user.name),
        head=[_title(column) for column in (KEY, CASE, *columns, AT)],
        rows=[_cells(row, columns) for row in rows[:most]],
        made_at=now,
    )
    filename = f"{journal_name(name)} {day(now)}.{kind}"
    return send_file(io.BytesIO(content), mimetype=MEDIA[kind], as_attachment=True, download_name=filename)


def _columns(name: str) -> list[str]:
    """Return the fields of a journal that the person may know of."""
    with services().database.reading() as connection:
        known = {row["journal"] for row in journals.journals(connection, viewer())} if viewer().may_read() else set()
        if name not in known:
            raise NotFound
        found = journals.columns(connection, viewer(), name)
    # A quotation mark would end the path by which the database finds the field.
    return [column for column in found if '"' not in column and column not in HIDDEN]


def _wanted(columns: Sequence[str]) -> Wanted:
    known = (KEY, CASE, AT, *columns)
    given = {key.removeprefix(FILTER): value for key, value in request.args.items() if key.startswith(FILTER)}
    asked = request.args.get("sort", AT)
    sort = asked if asked in known else AT
    return Wanted(
        text=request.args.get("q", "").strip()[:100],
        filters={column: given[column].strip()[:100] for column in known if given.get(column, "").strip()},
        sort=sort,
        is_descending=request.args.get("down", "1" if sort == AT else "") == "1",
    )


def _shown(name: str, column: str, wanted: Wanted, kept: Mapping[str, Any]) -> Column:
    is_sorted = wanted.sort == column
    turned = {**kept, "sort": column, "down": "1" if is_sorted and not wanted.is_descending else "0"}
    return Column(
        name=FILTER + column,
        title=_title(column),
        filter=wanted.filters.get(column, ""),
        href=url_for("journals.show", name=name, **turned),
        order=("descending" if wanted.is_descending else "ascending") if is_sorted else "",
    )


def _title(column: str) -> str:
    known = {KEY: gettext("Запись"), CASE: gettext("Дело"), AT: gettext("Внесено")}
    return known.get(column) or words().column(column)


def _conditions(wanted: Wanted) -> list[str]:
    conditions = [gettext("поиск: %(text)s", text=wanted.text)] if wanted.text else []
    return conditions + [f"{_title(column)}: {text}" for column, text in wanted.filters.items()]


def _cells(row: Mapping[str, Any], columns: Sequence[str]) -> list[Any]:
    fields = [_cell(row["fields"][column]) if column in row["fields"] else "" for column in columns]
    return [row["key"], row["number"], *fields, local(row["at"]).date()]


def _cell(value: Any) -> Any:
    """Return a value as a cell: a number or a day as what it is, anything else in words."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and _DAY.fullmatch(value):
        with suppress(ValueError):
            return date.fromisoformat(value)
    return _text(entered(value))


def _text(value: Any) -> str:
    """Return a value as one text, lines for lists and groups."""
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_text(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return "\n".join(_text(inner) for inner in value)
    return plain(value)
