"""Tables for other programs and for paper: a workbook (XLSX) and a PDF on landscape sheets.

Every value of a workbook is written as text: what looks like a formula is never one.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import xlsxwriter

from outside.pdf import render

TEMPLATE = Path(__file__).with_name("journal.typ")
LONGEST_CELL = 32_767  # characters, of the file format
LONGEST_SHEET_NAME = 31
_NO_SHEET_NAME = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
NARROWEST, WIDEST = 8, 60  # characters


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
    rows: Sequence[Sequence[str]]
    made_at: datetime


def workbook(table: PrintedTable) -> bytes:
    """Return the table as XLSX, its head frozen and with filters."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False})
    book.set_properties({"title": table.title, "company": table.organisation, "created": table.made_at})
    sheet = book.add_worksheet(table.title.translate(_NO_SHEET_NAME)[:LONGEST_SHEET_NAME].strip() or "1")
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#EEEEEE", "border": 1})
    plain = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    for place, title in enumerate(table.head):
        sheet.write_string(0, place, title[:LONGEST_CELL], bold)
    for number, row in enumerate(table.rows, 1):
        for place, value in enumerate(row):
            sheet.write_string(number, place, value[:LONGEST_CELL], plain)
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


def sheets(table: PrintedTable) -> bytes:
    """Return the table as PDF/A on landscape A4 sheets; raises PdfError."""
    data = {
        "title": table.title,
        "organisation": table.organisation,
        "language": table.language,
        "conditions": list(table.conditions),
        "note": table.note,
        "head": list(table.head),
        "rows": [list(row) for row in table.rows],
        "widths": [width**0.7 for width in _widths(table)],  # wide columns may wrap, narrow ones should not
    }
    return render({TEMPLATE.name: TEMPLATE.read_bytes()}, TEMPLATE.name, data, at=table.made_at)


def _widths(table: PrintedTable) -> list[int]:
    """Return how wide each column is, in characters: as its longest line, within bounds."""
    found = []
    for place, title in enumerate(table.head):
        lines = [title, *(line for row in table.rows for line in row[place].split("\n"))]
        found.append(min(max(len(line) for line in lines) + 2, WIDEST))
    return [max(width, NARROWEST) for width in found]
