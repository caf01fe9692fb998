"""What a walker writes into a form: an answer of some scenario brought to today, changed here and there, or made up."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from app.play.scenario import Scenario, read
from engine.clock import Clock
from engine.forms import is_shown
from engine.library import read_folder
from engine.steps import Person

PROCESSES = Path(__file__).parents[2] / "processes"
WORDS = ("Дело", "нет", "Асель Нұрланқызы", "длинный текст " * 20, "<b>&", "0", "{x}", "😀", "2026-01-12")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@cache
def files() -> Mapping[str, bytes]:
    return read_folder(PROCESSES)


@cache
def stories() -> Sequence[Scenario]:
    return [read(path) for path in sorted((PROCESSES / "scenarios").glob("*.yaml"))]


@cache
def answers() -> Mapping[str, Sequence[tuple[Mapping[str, Any], datetime]]]:
    """Element -> what is answered there in the scenarios, each with the time of the answer."""
    found: dict[str, list[tuple[Mapping[str, Any], datetime]]] = {}
    for story in stories():
        at = story.start_at
        for step in story.steps:
            at = step.at or at
            if step.task and step.refused is None:
                found.setdefault(step.task, []).append((step.data, at))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """Answers of one walk."""

    random: Random
    clock: Clock
    people: Mapping[str, Person]
    changes: float = 0.03
    """How likely a field of a known answer becomes another."""

    def of(self, schema: Mapping[str, Any], element: str) -> dict[str, Any]:
        """Return an answer for an element, mostly one of which its form approves."""
        known = answers().get(element, ())
        if not known or self.random.random() < 5 * self.changes:
            return self.made_up(schema)
        data, at = self.random.choice(known)
        return self.changed(schema, self.moved(data, at))

    def moved(self, value: Any, at: datetime) -> Any:
        """Return an answer with its days as far from now as they were from its own time."""
        away = self.clock.now().date() - at.date()
        if isinstance(value, Mapping):
            return {name: self.moved(inner, at) for name, inner in value.items()}
        if isinstance(value, list):
            return [self.moved(inner, at) for inner in value]
        if isinstance(value, str) and _DAY.fullmatch(value):
            return (date.fromisoformat(value) + away).isoformat()
        return value

    def changed(self, schema: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
        """Return an answer of which a field here and there is another, missing, or said twice."""
        found = {}
        for name, value in values.items():
            prop = schema.get("properties", {}).get(name, {})
            chance = self.random.random()
            if chance < self.changes:
                found[name] = self.value(prop)
            elif chance > 1.3 * self.changes or name in schema.get("required", ()):
                found[name] = self._inner(prop, value)
        return found

    def _inner(self, prop: Mapping[str, Any], value: Any) -> Any:
        if isinstance(value, dict):
            return self.changed(prop, value)
        if isinstance(value, list) and value and isinstance(value[0], dict):
            rows = [self.changed(prop.get("items", {}), row) for row in value if self.random.random() > self.changes]
            return [*rows, *rows[:1]] if self.random.random() < self.changes else rows
        return value

    def made_up(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """Return an answer that knows nothing but the form."""
        required: Sequence[str] = schema.get("required", ())
        found: dict[str, Any] = {}
        for name, prop in schema.get("properties", {}).items():
            if is_shown(prop, found) and (name in required or self.random.random() < 0.4):
                found[name] = self.value(prop)
        return found

    def value(self, prop: Mapping[str, Any]) -> Any:
        """Return one value that a field could have."""
        choices = [one["const"] for one in prop.get("oneOf", ())] or list(prop.get("enum", ()))
        if choices:
            return self.random.choice(choices)
        match prop.get("type"):
            case "object":
                return self.made_up(prop)
            case "array":
                least, most = prop.get("minItems", 0), min(prop.get("maxItems", 4), 4)
                rows = range(self.random.randint(least, max(least, most)))
                return [self.value(prop.get("items", {})) for _ in rows]
            case "boolean":
                return prop.get("const", self.random.random() < 0.7)
            case "integer" | "number":
                return self._number(int(prop.get("minimum", 0)), int(prop.get("maximum", 1000)))
        return self._text(prop)

    def _number(self, low: int, high: int) -> int:
        return self.random.choice([low, low + 1, self.random.randint(low, low + 40), high])

    def _text(self, prop: Mapping[str, Any]) -> str:
        match prop.get("format"):
            case "date":
                days = self.random.choice([-30, -3, -1, 0, 0, 1, 5, 40])
                return (self.clock.now().date() + timedelta(days=days)).isoformat()
            case "person":
                role = prop.get("x-role", "officer")
                holders = [one.login for one in self.people.values() if one.has_role(role)]
                return self.random.choice(holders or list(self.people))
            case "email":
                return "a@kentau.example"
            case "attachment":
                return "лист.pdf"
        return self.random.choice(WORDS)[: prop.get("maxLength", 200)].ljust(prop.get("minLength", 1), "я")
