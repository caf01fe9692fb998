"""A scenario as a value, and how it is read from the YAML that a quality engineer writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import yaml

STEP_KEYS = frozenset({"at", "as", "task", "data", "refused", "case", "note", "expect"})
EXPECTED_KEYS = frozenset(
    {"waiting", "data", "deadlines", "letters", "documents", "events", "cases", "ended"}
    | {"records", "participants", "case"}
)
SCENARIO_KEYS = frozenset({"title", "process", "profile", "start", "steps", "about", "requirements"})


class BadScenario(ValueError):
    """A scenario file that cannot be read; the message names the place and what to write instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedStep:
    """One entry under `steps`: somebody does a task, time passes, or something must be so."""

    number: int
    at: datetime | None = None
    """Naive: in the zone of the profile."""
    actor: str | None = None
    task: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    refused: str | None = None
    case: str | None = None
    expect: Mapping[str, Any] | None = None

    @property
    def title(self) -> str:
        """How the step is named in a report."""
        if self.expect is not None and self.task is None:
            return f"{self.number}: expect"
        when = f" {self.at.isoformat(timespec='minutes')}" if self.at else ""
        return f"{self.number}:{when} {self.actor or ''} {self.task or 'time passes'}".replace("  ", " ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A whole story of one case and the cases that it opens."""

    file: str
    title: str
    process: str
    readings: Mapping[str, Any]
    start_at: datetime
    start_by: str
    start_data: Mapping[str, Any]
    steps: tuple[PlayedStep, ...]


def read(path: Path) -> Scenario:
    """Read a scenario; raises BadScenario."""
    try:
        loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise BadScenario("файла нет; проверьте имя") from error
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"строка {mark.line + 1}, столбец {mark.column + 1}: " if mark else ""
        raise BadScenario(f"{place}файл не читается как YAML ({getattr(error, 'problem', None) or error})") from error
    return parse(path.as_posix(), loaded)


def parse(file: str, loaded: Any) -> Scenario:
    """Build a scenario from loaded YAML; raises BadScenario."""
    top = _mapping(loaded, "сценарий")
    _demand_known(top, SCENARIO_KEYS, "сценарий")
    start = _mapping(top.get("start"), "start")
    steps = top.get("steps", [])
    if not isinstance(steps, list):
        raise BadScenario("steps: ожидается список шагов")
    return Scenario(
        file=file,
        title=str(top.get("title") or Path(file).stem),
        process=_text(top, "process"),
        readings=_mapping(top.get("profile", {}), "profile"),
        start_at=_instant(start.get("at"), "start.at"),
        start_by=_text(start, "by"),
        start_data=plain(_mapping(start.get("data", {}), "start.data")),
        steps=tuple(_step(number, step) for number, step in enumerate(steps, 1)),
    )


def plain(value: Any) -> Any:
    """Return loaded YAML with days and instants as ISO text, as forms hold them."""
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def _step(number: int, loaded: Any) -> PlayedStep:
    where = f"шаг {number}"
    step = _mapping(loaded, where)
    _demand_known(step, STEP_KEYS, where)
    expect = step.get("expect")
    if expect is not None:
        _demand_known(_mapping(expect, f"{where}, expect"), EXPECTED_KEYS, f"{where}, expect")
    if "task" in step and "as" not in step:
        raise BadScenario(f"{where}: у задачи {step['task']} не сказано, кто её выполняет (as)")
    return PlayedStep(
        number=number,
        at=_instant(step["at"], f"{where}, at") if "at" in step else None,
        actor=str(step["as"]) if "as" in step else None,
        task=str(step["task"]) if "task" in step else None,
        data=plain(_mapping(step.get("data") or {}, f"{where}, data")),
        refused=str(step["refused"]) if "refused" in step else None,
        case=str(step["case"]) if "case" in step else None,
        expect=plain(expect) if expect is not None else None,
    )


def _mapping(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise BadScenario(f"{where}: ожидаются пары «имя: значение»")
    return value


def _text(mapping: Mapping[str, Any], key: str) -> str:
    if not mapping.get(key):
        raise BadScenario(f"{key}: не указано")
    return str(mapping[key])


def _demand_known(mapping: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    unknown = sorted(map(str, set(mapping) - known))
    if unknown:
        raise BadScenario(f"{where}: неизвестно «{unknown[0]}»; возможны {', '.join(sorted(known))}")


def _instant(value: Any, where: str) -> datetime:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return datetime.combine(value, time.min)
    try:
        return datetime.fromisoformat(str(value)).replace(tzinfo=None)
    except ValueError as error:
        raise BadScenario(f"{where}: «{value}» — не время; пишите как 2026-01-12T10:00") from error
