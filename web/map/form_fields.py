"""A form as a reader of the map sees it: its fields by the names that conditions use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from engine.diagram import Node, Process
from engine.library import DiagramSet
from web.language import said


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field."""

    path: str
    """Dotted, without the form's stem; rows of a table are shown below their table."""
    title: str
    kind: str
    hint: str
    choices: Sequence[Mapping[str, Any]]
    is_required: bool
    is_conditional: bool
    """Whether it is asked for only when another field has a certain value."""
    depth: int


def fields_of(schema: Mapping[str, Any], above: str = "", depth: int = 0) -> Iterator[Field]:
    """Yield the fields of an object schema, groups and tables before what they hold."""
    for name, field in schema.get("properties", {}).items():
        items = field.get("items", {})
        yield Field(
            path=f"{above}{name}",
            title=said(str(field.get("title", name))),
            kind=_kind(field),
            hint=said(str(field.get("description", ""))),
            choices=field.get("oneOf") or items.get("oneOf") or (),
            is_required=name in schema.get("required", ()),
            is_conditional="x-show-if" in field,
            depth=depth,
        )
        yield from fields_of(items if "properties" in items else field, f"{above}{name}.", depth + 1)


def places_of(diagrams: DiagramSet, file: str) -> list[tuple[Process, Node]]:
    """Return the elements that ask a form."""
    return [
        (process, node)
        for process in diagrams.processes.values()
        for node in process.nodes
        if node.properties.get("formJsonSchemaFilename") == file
    ]


def _kind(field: Mapping[str, Any]) -> str:
    by_format = {"date": _("дата"), "email": _("адрес почты"), "person": _("сотрудник"), "attachment": _("файл")}
    if field.get("format") in by_format:
        return by_format[str(field["format"])]
    if "oneOf" in field:
        return _("одно из значений")
    if field.get("type") == "array":
        return _("таблица") if "properties" in field.get("items", {}) else _("несколько значений")
    names = {
        "string": _("текст"),
        "integer": _("целое число"),
        "number": _("число"),
        "boolean": _("да или нет"),
        "object": _("группа полей"),
    }
    return names.get(str(field.get("type", "")), str(field.get("type", "")))
