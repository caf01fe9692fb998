"""Values of results, journals and documents in the reader's language.

They are said as the forms of the set name them, else as `web.labels` and `web.codes` list them.
What nobody names is shown as it is, never hidden.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, g

from engine.library import DiagramSet
from engine.steps import SYSTEM
from storage.reading import people
from web.codes import CODES, READINGS, STATUSES
from web.forms.schema import Schema
from web.labels import LABELS
from web.language import said
from web.navigation import diagrams, duration, person_name
from web.services import services

_LENGTH = re.compile(r"P\d+[YMWD]")


@dataclass(slots=True)
class _Learned:
    """What the forms of one set say of names and codes, in Russian."""

    titles: dict[str, str] = field(default_factory=dict)
    """By path."""
    leaves: dict[str, str] = field(default_factory=dict)
    """By the last part of the path, as the first form says it."""
    codes: dict[tuple[str, str], str] = field(default_factory=dict)
    """By the last part of the path and the code."""
    alone: dict[str, str] = field(default_factory=dict)
    """By the code alone, empty where forms give it several meanings."""

    def learn(self, path: str, schema: Schema) -> None:
        leaf = path.rpartition(".")[2]
        if "title" in schema:
            self.titles.setdefault(path, str(schema["title"]))
            if leaf != path:
                self.leaves.setdefault(leaf, str(schema["title"]))
        for choice in (*schema.get("oneOf", ()), *schema.get("items", {}).get("oneOf", ())):
            code, title = str(choice.get("const")), str(choice.get("title", ""))
            self.codes.setdefault((leaf, code), title)
            self.alone[code] = title if self.alone.get(code, title) == title else ""


def _learned(found: DiagramSet) -> _Learned:
    known: _Learned | None = found.__dict__.get("_learned_words")
    if known is None:
        known = _Learned()
        for form in found.forms.values():
            known.learn(form.stem, form.schema)
            for path, schema in _fields(form.schema, form.stem):
                known.learn(path, schema)
        found.__dict__["_learned_words"] = known
    return known


class Words:
    """Says values in the reader's language; `names` gives people by login."""

    def __init__(self, found: DiagramSet | None, names: Mapping[str, str]) -> None:
        self._names = names
        self._known = _learned(found) if found else _Learned()

    def label(self, path: str) -> str:
        """Return what stands at a path (`audit_time.total`) in words."""
        leaf = path.rpartition(".")[2]
        known = self._known
        return said(known.titles.get(path) or LABELS.get(leaf) or known.leaves.get(leaf)) or said(leaf)

    def reading(self, name: str, value: Any) -> Any:
        """Return the value of a reading in words, as it is where it has none."""
        whole = ", ".join(map(str, value)) if isinstance(value, list) else value
        found = READINGS.get(f"{name}={whole}")
        return said(found) if found else self.told(value, "reading")

    def told(self, value: Any, path: str) -> Any:
        """Return a value with labels for names and words for codes, lists and groups included."""
        if isinstance(value, Mapping):
            return {self.label(f"{path}.{name}"): self.told(inner, f"{path}.{name}") for name, inner in value.items()}
        if isinstance(value, list):
            if any(isinstance(one, Mapping) for one in value):
                return self._rows([one for one in value if isinstance(one, Mapping)], path)
            return [self.told(one, path) for one in value] if value else "—"
        if not isinstance(value, str):
            return value
        if _LENGTH.fullmatch(value):
            return duration(value)
        leaf = path.rpartition(".")[2].removeprefix("proposed_")
        found = self._known.codes.get((leaf, value)) or CODES.get(value) or STATUSES.get(value)
        return said(found or self._known.alone.get(value)) or self._person(value) or "—"

    def entered(self, value: Any) -> Any:
        """Return a value of a journal's row or of a document, whose names are words already.

        A text that is a code and nothing else is said in words, and one that a handler has ready is translated; what
        people wrote stays as they wrote it.
        """
        if isinstance(value, Mapping):
            return {self.column(name): self.entered(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [self.entered(one) for one in value]
        if not isinstance(value, str):
            return value
        if _LENGTH.fullmatch(value):
            return duration(value)
        found = STATUSES.get(value) or CODES.get(value) or self._known.alone.get(value)
        return said(found) if found else self._person(value)

    def column(self, name: str) -> str:
        """Return the name of a column of a journal, or of a line of a document."""
        return said(LABELS.get(name) or self._known.leaves.get(name) or name)

    def _person(self, text: str) -> str:
        return person_name(text) if text == SYSTEM.login else self._names.get(text) or said(text)

    def _rows(self, rows: list[Mapping[str, Any]], path: str) -> list[dict[str, Any]]:
        """Rows of a table have the same columns, also where a row says nothing in one of them."""
        columns = list(dict.fromkeys(name for row in rows for name in row))
        return [
            {self.label(f"{path}.{name}"): self.told(row.get(name, ""), f"{path}.{name}") for name in columns}
            for row in rows
        ]


def prepare(app: Flask) -> None:
    """Teach templates to say values."""
    app.jinja_env.filters.update(entered=entered)


def words() -> Words:
    """Return the words of the current set for this request, with the names of everybody."""
    found: Words | None = g.get("value_words")
    if found is None:
        with services().database.reading() as connection:
            names = people.every_name(connection)
        found = g.value_words = Words(diagrams(), names)
    return found


def entered(value: Any) -> Any:
    """Return a value of a journal or document in words, by the current set."""
    return words().entered(value)


def status_words(value: str) -> str:
    """Return a status in words; any other text as it is."""
    return said(STATUSES[value]) if value in STATUSES else value


def _fields(schema: Schema, path: str) -> Iterator[tuple[str, Schema]]:
    for name, prop in schema.get("properties", {}).items():
        yield f"{path}.{name}", prop
        yield from _fields(prop, f"{path}.{name}")
        if isinstance(prop.get("items"), Mapping):
            yield from _fields(prop["items"], f"{path}.{name}")
