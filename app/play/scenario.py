"""A scenario as a value, and how it is read from the YAML that a quality engineer writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from app.play.expected import EXPECTED_KEYS, demand_shape
from app.play.yaml_file import BadScenario, plain, read_yaml

__all__ = ["BadScenario", "PlayedStep", "Scenario", "parse", "read"]

STEP_KEYS = frozenset({"at", "as", "task", "data", "refused", "case", "note", "expect"})
SCENARIO_KEYS = frozenset({"title", "process", "profile", "start", "steps", "about", "requirements"})
START_KEYS = frozenset({"at", "by", "data"})
YEARS = range(2000, 2200)
"""In which a scenario may play: calendars and terms mean nothing outside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedStep:
    """One entry under `steps`: somebody does a task, time passes, or something must be so."""

    number: int
    at: datetime | None = None
    """In the zone of the profile, unless it names its own."""
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
    """In the zone of the profile, unless it names its own."""
    start_by: str
    start_data: Mapping[str, Any]
    steps: tuple[PlayedStep, ...]


def read(path: Path) -> Scenario:
    """Read a scenario; raises BadScenario."""
    loaded = read_yaml(path)
    if loaded is None:
        raise BadScenario("файл пуст; сценарий состоит из title, process, start и steps")
    return parse(path.as_posix(), loaded)


def parse(file: str, loaded: Any) -> Scenario:
    """Build a scenario from loaded YAML; raises BadScenario."""
    top = _mapping(plain(loaded), "сценарий")
    _demand_known(top, SCENARIO_KEYS, "сценарий")
    for part in ("process", "start", "steps"):
        if part not in top:
            raise BadScenario(f"нет раздела {part}; сценарий состоит из title, process, start и steps")
    start = _mapping(top["start"], "start")
    _demand_known(start, START_KEYS, "start")
    steps = top["steps"] or []
    if not isinstance(steps, list):
        raise BadScenario("steps: ожидается список шагов, каждый со знака «-»")
    return Scenario(
        file=file,
        title=str(top.get("title") or Path(file).stem),
        process=_word(top, "process", "сценарий"),
        readings=_mapping(top.get("profile") or {}, "profile"),
        start_at=_instant(start.get("at"), "start.at"),
        start_by=_word(start, "by", "start"),
        start_data=_mapping(start.get("data") or {}, "start.data"),
        steps=tuple(_step(number, step) for number, step in enumerate(steps, 1)),
    )


def _step(number: int, loaded: Any) -> PlayedStep:
    where = f"шаг {number}"
    step = _mapping(loaded, where)
    _demand_known(step, STEP_KEYS, where)
    if not step.keys() & {"at", "task", "expect"}:
        raise BadScenario(f"{where}: нет ни задачи (task), ни времени (at), ни ожидания (expect)")
    if "task" in step and "as" not in step:
        raise BadScenario(f"{where}: у задачи {step['task']} не сказано, кто её выполняет (as)")
    alone = sorted(step.keys() & {"as", "data", "refused"})
    if alone and "task" not in step:
        raise BadScenario(f"{where}: указано {alone[0]}, но не сказано, для какой задачи (task)")
    expect = step.get("expect")
    if expect is not None:
        _demand_known(_mapping(expect, f"{where}, expect"), EXPECTED_KEYS, f"{where}, expect")
        demand_shape(expect, f"{where}, expect")
    words = {name: _word(step, name, where) if name in step else None for name in ("as", "task", "refused", "case")}
    return PlayedStep(
        number=number,
        at=_instant(step["at"], f"{where}, at") if "at" in step else None,
        actor=words["as"],
        task=words["task"],
        data=_mapping(step.get("data") or {}, f"{where}, data"),
        refused=words["refused"],
        case=words["case"],
        expect=expect,
    )


def _mapping(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise BadScenario(f"{where}: ожидаются пары «имя: значение»")
    return value


def _word(mapping: Mapping[str, Any], key: str, where: str) -> str:
    value = mapping.get(key)
    if value in (None, ""):
        raise BadScenario(f"{where}: не указано {key}")
    if not isinstance(value, str):
        raise BadScenario(f"{where}, {key}: «{value}» — не имя; пишите одно слово, при нужде в кавычках")
    return value


def _demand_known(mapping: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    for name in mapping:
        if name in known:
            continue
        near = get_close_matches(name, known, 1)
        hint = f"похоже на «{near[0]}», " if near else ""
        raise BadScenario(f"{where}: неизвестно «{name}»; {hint}возможны {', '.join(sorted(known))}")


def _instant(value: Any, where: str) -> datetime:
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise BadScenario(f"{where}: «{value}» — не время; пишите как 2026-01-12T10:00") from error
    if found.year not in YEARS:
        raise BadScenario(f"{where}: год {found.year} вне пределов {YEARS.start}–{YEARS.stop - 1}")
    return found
