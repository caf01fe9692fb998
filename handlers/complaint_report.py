"""What a commission's report on a complaint says, as the fields of the paper that its members sign.

No step and no guard is here. Source: A 6.7.4, 6.7.5 (A-058, A-059).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.steps import Case
from handlers.item import CONCLUSION_NAMES


def report_fields(case: Case) -> dict[str, Any]:
    """Return the substance with each fact and its check, whether there is a breach, and the conclusion."""
    report = case["complaint_report"]
    return {
        "Содержание (сущность проблемы)": [_fact_row(row) for row in report["facts"]],
        "Нарушение в действиях органа": "есть" if report["breach"] == "PRESENT" else "нет",
        "Ссылки": report["references"],
        "Вывод": CONCLUSION_NAMES[str(report["conclusion"])],
    }


def _fact_row(row: Mapping[str, Any]) -> dict[str, str]:
    verdict = "подтверждён" if row["verdict"] == "CONFIRMED" else "опровергнут"
    return {
        "Факт": str(row["fact"]),
        "Проверка": str(row["check"]),
        "Установлено": str(row["result"]),
        "Вывод": verdict,
    }
