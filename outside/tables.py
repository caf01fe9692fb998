"""Tables for other programs and for paper: a workbook (XLSX) and a PDF on landscape sheets.

In a workbook days and numbers are days and numbers; every text is written as text, so what looks like a formula is
never one.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from outside.pdf import render

TEMPLATE = Path(__file__).with_name("journal.typ")
LONGEST_CELL = 32_767  # characters, of the file format
LONGEST_SHEET_NAME = 31
_NO_SHEET_NAME = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
NARROWEST, WIDEST = 8, 60  # characters
Cell = str | int | float | date


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedTable:
    """A table as people read it."""

    title: str
    organisation: str
    language: str
    conditions: Sequence[str]
    """By what its rows were chosen, a sentence each."""
    note: str
    """Stands at the foot of each sheet: who made it and when."""
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    made_at: datetime


def workbook(table: PrintedTable) -> bytes:
    """Return the table as XLSX, its head frozen and with filters."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False})
    book.set_properties({"title": table.title, "company": table.organisation, "created": table.made_at})
    sheet = book.add_worksheet(table.title.translate(_NO_SHEET_NAME)[:LONGEST_SHEET_NAME].strip() or "1")
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#EEEEEE", "border": 1})
    formats = {
        "text": book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}),
        "number": book.add_format({"num_format": "General", "valign": "top"}),
        "day": book.add_format({"num_format": "dd.mm.yyyy", "valign": "top", "align": "left"}),
    }
    for place, title in enumerate(table.head):
        sheet.write_string(0, place, title[:LONGEST_CELL], bold)
    for number, row in enumerate(table.rows, 1):
        for place, value in enumerate(row):
            _write(sheet, number, place, value, formats)
    for place, width in enumerate(_widths(table)):
        sheet.set_column(place, place, width)
    sheet.freeze_panes(1, 0)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.head) - 1)
    sheet.set_landscape()
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)
    book.close()
    return buffer.getvalue()


def _write(sheet: Any, row: int, column: int, value: Cell, formats: Mapping[str, Any]) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, value[:LONGEST_CELL], formats["text"])
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, formats["day"])
    else:
        sheet.write_number(row, column, value, formats["number"])


def said(value: Cell) -> str:
    """Return a cell as it stands on paper.

    >>> said(date(2026, 3, 2)), said(1.5), said(12)
    ('02.03.2026', '1,5', '12')
    """
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    return value if isinstance(value, str) else f"{value:.10g}".replace(".", ",")


def sheets(table: PrintedTable) -> bytes:
    """Return the table as PDF/A on landscape A4 sheets; raises PdfError."""
    data = {
        "title": table.title,
        "organisation": table.organisation,
        "language": table.language,
        "conditions": list(table.conditions),
        "note": table.note,
        "head": list(table.head),
        "rows": [[said(value) for value in row] for row in table.rows],
    }
    return render({TEMPLATE.name: TEMPLATE.read_bytes()}, TEMPLATE.name, data, at=table.made_at)


def _widths(table: PrintedTable) -> list[int]:
    """Return how wide each column is, in characters: as its longest line, within bounds."""
    found = []
    for place, title in enumerate(table.head):
        lines = [title, *(line for row in table.rows for line in said(row[place]).split("\n"))]
        found.append(min(max(len(line) for line in lines) + 2, WIDEST))
    return [max(width, NARROWEST) for width in found]
