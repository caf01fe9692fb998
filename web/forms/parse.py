"""From the fields of an HTML form to typed values, by the form's schema.

Two results are kept apart: `typed` is everything the person wrote, also in fields that are hidden just now and texts
that could not be understood (the page is drawn again from it, so that nothing is lost); `values` is what is submitted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from engine.messages import N_
from web.forms.schema import Kind, Path, Schema, choice_text, choices_of, field_name, kind_of, only_shown, properties
from web.forms.wording import date_from, number_from, whole_from

MOST_ROWS = 500
"""More rows than this in one table are not read; the engine's own limits are lower."""

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
"""Control signs: nobody types them, they come with what is pasted, and neither papers nor tables can hold them."""
NOT_A_DATE = N_("Это не дата. Напишите день, месяц и год, например 31.12.2026.")
NOT_WHOLE = N_("Это не целое число. Напишите его цифрами, например 12.")
NOT_A_NUMBER = N_("Это не число. Напишите его цифрами, например 12 или 12,5.")


class Posted(Protocol):
    """The posted fields, as werkzeug's MultiDict gives them."""

    def get(self, key: str, /) -> Any:
        """Return the first value of a field, None if there is none."""

    def getlist(self, key: str, /) -> list[Any]:
        """Return all values of a field."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a field cannot be taken as it is: where, a Russian template (a msgid) and the facts that fill it."""

    path: Path
    template: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from a posted form; paths of problems hold in both `typed` and `values`."""

    typed: dict[str, Any]
    values: dict[str, Any]
    problems: list[Problem]


def read(schema: Schema, posted: Posted, *, keep_empty_rows: bool = False) -> Reading:
    """Read the posted fields; `problems` names the texts that could not be understood in fields that are asked for."""
    reader = _Reader(posted, keep_empty_rows)
    typed = reader.object(schema, (), ())
    values = only_shown(schema, typed)
    return Reading(typed, values, [problem for problem in reader.problems if _has(values, problem.path)])


@dataclass(slots=True)
class _Reader:
    """Walks along a schema; a place in the posted form and a place in the values differ where rows were dropped."""

    posted: Posted
    keep_empty_rows: bool
    problems: list[Problem] = field(default_factory=list)

    def object(self, schema: Schema, source: Path, target: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, prop in properties(schema):
            if prop.get("readOnly"):  # shown from the case; whatever a browser sends for it is nobody's word
                continue
            value = self.value(prop, (*source, name), (*target, name))
            if value is not None:
                found[name] = value
        return found

    def value(self, schema: Schema, source: Path, target: Path) -> Any:
        """Return the value of one property, None when it was left empty."""
        kind = kind_of(schema)
        name = field_name(source)
        if kind is Kind.GROUP:
            return self.object(schema, source, target) or None
        if kind is Kind.ROWS:
            return self.rows(schema, source, target) or None
        if kind in (Kind.CHOICES, Kind.PEOPLE, Kind.ATTACHMENTS):
            chosen = [_chosen(schema.get("items", {}), text) for text in self.posted.getlist(name) if text]
            return [one for index, one in enumerate(chosen) if one not in chosen[:index]] or None
        text = _clean(self.posted.get(name) or "")
        if kind is Kind.CONFIRM:
            return True if text else None if schema.get("const") is True else False
        if not text:
            return None
        if kind is Kind.LINES:
            return [line.strip() for line in text.split("\n") if line.strip()]
        return _chosen(schema, text) if kind is Kind.CHOICE else self.scalar(kind, text, target)

    def scalar(self, kind: Kind, text: str, target: Path) -> Any:
        match kind:
            case Kind.YES_NO:
                return {"true": True, "false": False}.get(text, text)
            case Kind.DATE:
                return self.understood(date_from(text), NOT_A_DATE, text, target)
            case Kind.INTEGER:
                return self.understood(whole_from(text), NOT_WHOLE, text, target)
            case Kind.NUMBER:
                return self.understood(number_from(text), NOT_A_NUMBER, text, target)
        return text

    def understood(self, value: Any, template: str, text: str, target: Path) -> Any:
        """Return the value, or the text as it was typed together with a problem."""
        if value is not None:
            return value
        self.problems.append(Problem(target, template))
        return text

    def rows(self, schema: Schema, source: Path, target: Path) -> list[dict[str, Any]]:
        """Read the rows of a table in their order; each row announces itself by a hidden field with its index."""
        rows: list[dict[str, Any]] = []
        for index in self.posted.getlist(field_name(source))[:MOST_ROWS]:
            if not (str(index).isascii() and str(index).isdigit()):
                continue
            row = self.object(schema["items"], (*source, str(index)), (*target, len(rows)))
            if self.keep_empty_rows or any(value is not False for value in row.values()):
                rows.append(row)
        return rows


def _chosen(schema: Schema, text: str) -> Any:
    return next((value for value, _ in choices_of(schema) if choice_text(value) == text), text)


def _clean(text: str) -> str:
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _has(values: Any, path: Path) -> bool:
    for part in path:
        inside = (isinstance(values, dict) and part in values) or (
            isinstance(values, list) and isinstance(part, int) and part < len(values)
        )
        if not inside:
            return False
        values = values[part]
    return True
