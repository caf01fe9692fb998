"""Tries templates that are not published: each is set once with a document made up of everything that may come."""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from typing import Any

from app.printing import FOLDER, SHEET, printed, templates_of, version_of
from engine.check import Problem
from engine.check.templates import template_problem
from outside.pdf import PdfError, render

AT = datetime(2026, 1, 12, 5, 0, tzinfo=UTC)
SAMPLE: Mapping[str, Any] = {
    "kind": "sample",
    "title": "Образец документа",
    "number": "С-2026-0001/1",
    "at": "2026-01-12T05:00:00.000000+00:00",
    "sha256": "0" * 64,
    "confidential": False,
    "signers": ["Ғалия Қасымова, руководитель органа", "Oʻktam Yoʻldoshev, заявитель"],
    "fields": {
        "Дело": "С-2026-0001",
        "Заявитель": "ТОО «Кентау-Бетон»",
        "БИН": "180540012345",
        "Стандарты": ["ISO 9001", "ISO 14001"],
        "Дата": "2026-01-12",
        "Итого": 12.5,
        "Принято": True,
        "Пусто": None,
        "Перечень": [],
        "Строки": [{"Номер": "1", "Содержание": "Ҳужжатлар кўриб чиқилди; құжаттар қаралды"}, {"Номер": "2"}],
    },
}
"""A document with a value of every sort; a template must set it whatever its own kind holds."""


def template_problems(files: Mapping[str, bytes], proven: Mapping[str, bytes]) -> list[Problem]:
    """Return the templates of a set that cannot be set; those that are in `proven` just so are not tried again."""
    templates, before = templates_of(files), templates_of(proven)
    untried = [
        name
        for name in sorted(templates)
        if not name.startswith("_") and not (name in before and version_of(before, name) == version_of(templates, name))
    ]
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:  # each waits for a child process of its own
        return [problem for problem in pool.map(partial(_tried, templates), untried) if problem is not None]


def _tried(templates: Mapping[str, bytes], name: str) -> Problem | None:
    zone = timezone(timedelta(hours=5))
    data = printed(
        SAMPLE, {"number": "С-2026-0001"}, "Орган", zone=zone, is_sample=True, template=version_of(templates, name)
    )
    if name == SHEET:
        data["signers"] = []
    try:
        render(templates, name, data, at=AT)
    except PdfError as error:
        return template_problem(f"{FOLDER}{error.file or name}", error.line or 0, str(error))
    return None
