"""From a schema and values to the tree of fields that a template draws, in the reader's language.

A template decides how a field looks; everything it needs to know about the field stands in `Field`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.forms import is_shown
from web.forms.schema import (
    Kind,
    Path,
    Schema,
    choice_text,
    choices_of,
    field_name,
    kind_of,
    properties,
)
from web.forms.wording import date_text, number_text

_WIDE_KINDS = {Kind.LONG_TEXT, Kind.LINES, Kind.ROWS, Kind.GROUP, Kind.CHOICES, Kind.PEOPLE, Kind.ATTACHMENTS}
_MOST_COLUMNS = 5
_FEW_CHOICES = 5  # up to so many are shown as radio buttons, all visible at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One thing that can be chosen."""

    value: str
    title: str
    chosen: bool = False
    note: str = ""
    """Why it cannot be chosen, or what else is worth knowing."""
    is_open: bool = True
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field as a template draws it."""

    kind: Kind
    name: str
    id: str
    title: str
    hint: str = ""
    required: bool = False
    text: str = ""
    """What stands in the input."""
    said: str = ""
    """What a reader of the finished form sees."""
    problems: tuple[str, ...] = ()
    shown: bool = True
    show_if: str = ""
    """The condition as JSON (full field name -> acceptable texts), for live showing and hiding."""
    choices: tuple[Choice, ...] = ()
    children: tuple[Field, ...] = ()
    rows: tuple[tuple[Field, ...], ...] = ()
    columns: tuple[Field, ...] = ()
    """The fields of an empty row: headings of the table, and the pattern of a new row."""
    as_table: bool = False
    as_radio: bool = False
    max_length: int | None = None
    most_rows: int | None = None
    requirements: tuple[str, ...] = ()
    read_only: bool = False
    """Whether the field only shows what the person is to look at."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to read in the field."""
        return not (self.said or self.rows or any(not child.is_empty for child in self.children))


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a form needs to know of the world: the language, who can be chosen, which uploads are there."""

    language: str = "ru"
    translate: Callable[[str], str] = str
    people: Callable[[Schema], Sequence[Choice]] = lambda schema: ()
    """The people who can be chosen in a person field (`x-role` of its schema)."""
    person_name: Callable[[str], str] = str
    upload: Callable[[str], Choice | None] = lambda key: None
    """An upload by its id: its file name as title, its size as note."""


NOWHERE = Surroundings()


@dataclass(frozen=True, slots=True)
class Painter:
    """Draws the fields of one form."""

    surroundings: Surroundings = NOWHERE
    problems: Mapping[Path, Sequence[str]] = field(default_factory=dict)
    """Translated sentences by the path of the field they are about."""
    blank_rows: bool = True
    """Whether a table that must have rows begins with that many empty ones (not when reading)."""

    def fields(self, schema: Schema, values: Mapping[str, Any], path: Path = ()) -> tuple[Field, ...]:
        """Return the fields of an object in the form's own order."""
        required = set(schema.get("required", ()))
        return tuple(
            self.one(prop, values.get(name), (*path, name), required=name in required, siblings=values)
            for name, prop in properties(schema)
        )

    def one(self, schema: Schema, value: Any, path: Path, *, required: bool, siblings: Mapping[str, Any]) -> Field:
        """Return one field with everything inside it."""
        kind = kind_of(schema)
        choices = self._choices(schema, kind, value)
        blank = self.fields(schema["items"], {}, (*path, "_")) if kind is Kind.ROWS else ()
        return Field(
            kind=kind,
            name=field_name(path),
            id="f-" + "-".join(str(part) for part in path),
            title=self.surroundings.translate(str(schema.get("title", path[-1]))),
            hint=self.surroundings.translate(schema["description"]) if schema.get("description") else "",
            required=required,
            text=self._text(kind, value),
            said=self._said(kind, value, choices),
            problems=tuple(self.problems.get(path, ())),
            shown=is_shown(schema, siblings),
            show_if=_condition(schema, path),
            choices=choices,
            children=self.fields(schema, value if isinstance(value, Mapping) else {}, path)
            if kind is Kind.GROUP
            else (),
            rows=self._rows(schema, value, path) if kind is Kind.ROWS else (),
            columns=blank,
            as_table=len(blank) <= _MOST_COLUMNS and not any(one.kind in _WIDE_KINDS for one in blank),
            as_radio=kind is Kind.YES_NO or (kind is Kind.CHOICE and len(choices) <= _FEW_CHOICES),
            max_length=schema.get("maxLength"),
            most_rows=schema.get("maxItems"),
            requirements=tuple(schema.get("x-requirements", ())),
            read_only=bool(schema.get("readOnly")),
        )

    def _rows(self, schema: Schema, value: Any, path: Path) -> tuple[tuple[Field, ...], ...]:
        rows = [row if isinstance(row, Mapping) else {} for row in value] if isinstance(value, list) else []
        if self.blank_rows and not rows:
            rows = [{} for _ in range(schema.get("minItems", 0))]
        return tuple(self.fields(schema["items"], row, (*path, index)) for index, row in enumerate(rows))

    def _choices(self, schema: Schema, kind: Kind, value: Any) -> tuple[Choice, ...]:
        translate = self.surroundings.translate
        chosen = value if isinstance(value, list) else [value]
        match kind:
            case Kind.YES_NO:
                offered = [(True, translate("Да")), (False, translate("Нет"))]
            case Kind.CHOICE:
                offered = [(one, translate(title)) for one, title in choices_of(schema)]
            case Kind.CHOICES:
                offered = [(one, translate(title)) for one, title in choices_of(schema["items"])]
            case Kind.PERSON | Kind.PEOPLE:
                return self._people(schema if kind is Kind.PERSON else {**schema, **schema["items"]}, chosen)
            case Kind.ATTACHMENT | Kind.ATTACHMENTS:
                uploads = [self.surroundings.upload(str(one)) for one in chosen if one]
                return tuple(upload for upload in uploads if upload)
            case _:
                return ()
        texts = {choice_text(one) for one in chosen if one is not None}
        return tuple(
            Choice(value=choice_text(one), title=title, chosen=choice_text(one) in texts) for one, title in offered
        )

    def _people(self, schema: Schema, chosen: Sequence[Any]) -> tuple[Choice, ...]:
        offered = [
            Choice(value=one.value, title=one.title, note=one.note, is_open=one.is_open, chosen=one.value in chosen)
            for one in self.surroundings.people(schema)
        ]
        known = {one.value for one in offered}
        # Somebody who was chosen once and may no longer be chosen still stands there: data are never dropped silently.
        strangers = [str(login) for login in chosen if login and login not in known]
        return (
            *offered,
            *(Choice(value=one, title=self.surroundings.person_name(one), chosen=True) for one in strangers),
        )

    def _text(self, kind: Kind, value: Any) -> str:
        if value is None or isinstance(value, Mapping):
            return ""
        match kind:
            case Kind.INTEGER | Kind.NUMBER:
                return number_text(value, self.surroundings.language)
            case Kind.DATE:
                return date_text(str(value))
            case Kind.YES_NO | Kind.CONFIRM:
                return choice_text(value) if value is not False or kind is Kind.YES_NO else ""
            case Kind.LINES:
                return "\n".join(str(one) for one in value) if isinstance(value, list) else str(value)
        return "" if isinstance(value, list) else choice_text(value)

    def _said(self, kind: Kind, value: Any, choices: Sequence[Choice]) -> str:
        if value is None:
            return ""
        if kind is Kind.CONFIRM:
            return self.surroundings.translate("Да" if value is True else "Нет")
        if kind in (Kind.CHOICE, Kind.CHOICES, Kind.YES_NO, Kind.PERSON, Kind.PEOPLE):
            return "; ".join(one.title for one in choices if one.chosen) or self._text(kind, value)
        if kind in (Kind.ATTACHMENT, Kind.ATTACHMENTS):
            return "; ".join(one.title for one in choices) or self._text(kind, value)
        return self._text(kind, value)


def _condition(schema: Schema, path: Path) -> str:
    wanted = schema.get("x-show-if")
    if not wanted:
        return ""
    full = {
        field_name((*path[:-1], name)): [choice_text(one) for one in (value if isinstance(value, list) else [value])]
        for name, value in wanted.items()
    }
    return json.dumps(full, ensure_ascii=False)


def flat(fields: Sequence[Field]) -> list[Field]:
    """Return the fields and everything inside them, in reading order."""
    found: list[Field] = []
    for one in fields:
        found.append(one)
        found.extend(flat(one.children))
        for row in one.rows:
            found.extend(flat(row))
    return found
