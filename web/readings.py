"""Readings of the source: those that a new case can be given in place of the profile's own, and those that it has."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.exceptions import BadRequest

from engine.diagram import Process
from engine.library import DiagramSet
from web.evidence.reach import reach
from web.language import said
from web.navigation import confidence, plain
from web.services import services
from web.values import words

FIELD = "reading."
"""What the name of a choice in a form begins with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One way to read."""

    code: str
    """The value as JSON."""
    title: str
    is_usual: bool
    """Whether the profile says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A reading with its ways and the one that is chosen."""

    name: str
    title: str
    source: str
    confidence: str
    note: str
    options: tuple[Option, ...]
    chosen: str

    @property
    def field(self) -> str:
        """The name of its field."""
        return FIELD + self.name

    @property
    def is_own(self) -> bool:
        """Whether another way than the profile's is chosen."""
        return not any(one.is_usual and one.code == self.chosen for one in self.options)


def choices(found: DiagramSet, process: str, chosen: Mapping[str, Any]) -> list[Choice]:
    """Return the readings that a case of a process can be given, in the profile's order."""
    table = _table(found, found.default_profile(process))
    asked = _asked(found, process)
    return [
        _choice(name, entry, chosen) for name, entry in table.items() if entry.get("alternatives") and name in asked
    ]


def chosen_in(form: Mapping[str, str], found: DiagramSet, process: str) -> dict[str, Any]:
    """Return what a form chooses in place of the profile's readings; raises BadRequest for what it does not offer."""
    own: dict[str, Any] = {}
    for choice in choices(found, process, {}):
        code = form.get(choice.field, choice.chosen)
        if code not in {one.code for one in choice.options}:
            raise BadRequest
        if code != choice.chosen:
            own[choice.name] = json.loads(code)
    return own


def own_readings(found: DiagramSet, case: Mapping[str, Any]) -> list[Choice]:
    """Return the readings that a case has in place of those of its profile."""
    table = _table(found, case["profile"])
    own = json.loads(case["readings"] or "{}")
    return [_choice(name, table[name], own) for name in own if name in table]


def _table(found: DiagramSet, profile: str) -> Mapping[str, Any]:
    table: Mapping[str, Any] = found.profile.get("profiles", {}).get(profile, {}).get("readings", {})
    return table


def _choice(name: str, entry: Mapping[str, Any], chosen: Mapping[str, Any]) -> Choice:
    ways = [entry["value"], *entry.get("alternatives", ())]
    value = chosen.get(name, entry["value"])
    return Choice(
        name=name,
        title=said(str(entry.get("title", name))),
        source=said(str(entry.get("source", ""))),
        confidence=confidence(str(entry.get("confidence", ""))),
        note=said(str(entry.get("note", ""))),
        options=tuple(Option(code=_code(way), title=_way(name, way), is_usual=way == entry["value"]) for way in ways),
        chosen=_code(value),
    )


def _way(name: str, value: Any) -> str:
    told = words().reading(name, value)
    return ", ".join(map(plain, told)) if isinstance(told, list) else plain(told)


def _code(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _asked(found: DiagramSet, process: str) -> frozenset[str]:
    """Return the readings that a process, what it calls, and the terms of its profile ask for."""
    known: dict[str, frozenset[str]] = found.__dict__.setdefault("_asked_readings", {})
    if process not in known:
        handlers = services().engine.handlers
        names = {
            reading
            for one in _called(found, process)
            for node in one.nodes
            for name in (node.operator.name if node.operator else "", node.properties.get("guard", ""))
            if name in handlers
            for reading in reach(handlers[name].call).readings
        }
        terms = found.profile.get("profiles", {}).get(found.default_profile(process), {}).get("terms", {})
        known[process] = frozenset(names | {name for term in terms.values() for name in _followed(term)})
    return known[process]


def _followed(term: Mapping[str, Any]) -> Iterator[str]:
    """The readings to which a term leaves its days, its roll or its start."""
    if term.get("day_type") == "as_read":
        yield "daytype.default"
    if term.get("roll") == "as_read":
        yield "roll"
    yield from term.get("starts", {})


def _called(found: DiagramSet, process: str) -> Iterator[Process]:
    ahead, seen = [process], set[str]()
    while ahead:
        name = ahead.pop()
        if name in seen or name not in found.processes:
            continue
        seen.add(name)
        yield found.processes[name]
        ahead += [node.called_element for node in found.processes[name].nodes if node.called_element]
