"""A calendar holds days and what they are: a row that is none would keep every new case from beginning."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import PurePosixPath

from engine.check.registry import Report, set_rule
from engine.check.whole import Whole
from engine.messages import N_

_KINDS = ("holiday", "working")


@set_rule("calendar-rows")
def check(whole: Whole, report: Report) -> None:
    """Refuse rows without a day or with a kind that nobody knows, and a day that is named twice."""
    for path, data in whole.files.items():
        if PurePosixPath(path).parent.name == "calendars" and PurePosixPath(path).suffix == ".csv":
            _judge(data.decode("utf-8-sig", "replace"), report.within(path))


def _judge(text: str, report: Report) -> None:
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if not line.startswith("#")]
    seen: set[str] = set()
    for (number, _line), row in zip(lines[1:], csv.DictReader(line for _, line in lines), strict=False):
        day, kind = row.get("date") or "", row.get("kind") or ""
        if not _is_day(day) or kind not in _KINDS:
            report.at(
                "", number,
                N_("Строка «{day}, {kind}» — не день календаря."),
                N_("Нужны столбцы date (2026-12-31) и kind (holiday или working)."),
                day=day, kind=kind,
            )  # fmt: skip
        elif day in seen:
            report.at("", number, N_("День {day} назван дважды."), N_("Оставьте одну строку."), day=day)
        seen.add(day)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
