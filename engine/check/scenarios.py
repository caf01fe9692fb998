"""Judges the shape of a scenario file; whether its expectations hold is for playing it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from engine.check.problem import Problem
from engine.messages import N_

_STEP_NEEDS = ({"expect"}, {"at"})


def scenario_problems(path: str, found: Any) -> Iterator[Problem]:
    """Yield what keeps a scenario from being played."""
    if not isinstance(found, Mapping):
        yield _problem(path, 1, N_("Сценарий должен начинаться с title, process, start и steps."))
        return
    for name in ("process", "start", "steps"):
        if name not in found:
            yield _problem(path, 1, N_("В сценарии нет раздела «{name}»."), name=name)
    steps = found.get("steps", [])
    if not isinstance(steps, list):
        yield _problem(path, 1, N_("Раздел steps должен быть списком."))
        return
    for number, step in enumerate(steps, 1):
        if not isinstance(step, Mapping) or not any(needs <= step.keys() for needs in _STEP_NEEDS):
            yield _problem(path, 1, N_("Шаг {number}: нужны at (время) или expect (ожидание)."), number=number)
        elif "at" in step and not _is_time(step["at"]):
            yield _problem(path, 1, N_("Шаг {number}: «{at}» не дата и время."), number=number, at=str(step["at"])[:60])


def _is_time(value: Any) -> bool:
    if isinstance(value, date):
        return True
    try:
        datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return False
    return True


def _problem(path: str, line: int, message: str, **facts: Any) -> Problem:
    return Problem(
        file=path,
        line=line,
        element="",
        severity="error",
        rule="scenario",
        message_template=message,
        cure_template=N_("Сравните с соседними сценариями: title, process, start, steps."),
        facts=facts,
    )
