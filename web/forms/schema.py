"""What kind of field a JSON Schema property is, what may be chosen in it, and when it is shown.

The subset of JSON Schema that forms may use is small on purpose; one function here names each of its shapes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from engine.forms import is_shown

Schema = Mapping[str, Any]
Path = tuple[str | int, ...]


class Kind(StrEnum):
    """The shapes of a field, each with its own way on the page."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    EMAIL = "email"
    DATE = "date"
    PERSON = "person"
    ATTACHMENT = "attachment"
    INTEGER = "integer"
    NUMBER = "number"
    YES_NO = "yes_no"
    CONFIRM = "confirm"
    """A box to tick: the only acceptable answer is yes, or leaving it empty means no."""
    CHOICE = "choice"
    CHOICES = "choices"
    PEOPLE = "people"
    ATTACHMENTS = "attachments"
    LINES = "lines"
    """Free texts, one on each line."""
    ROWS = "rows"
    GROUP = "group"


_BY_FORMAT = {"date": Kind.DATE, "email": Kind.EMAIL, "person": Kind.PERSON, "attachment": Kind.ATTACHMENT}
_LONG_TEXT_FROM = 300  # characters: a field that may hold more gets several lines


def kind_of(schema: Schema) -> Kind:
    """Return the kind of a property; whatever is unknown is a line of text, so that nothing gets lost."""
    if choices_of(schema):
        return Kind.CHOICE
    match schema.get("type"):
        case "array":
            return _kind_of_list(schema.get("items", {}))
        case "object":
            return Kind.GROUP
        case "integer":
            return Kind.INTEGER
        case "number":
            return Kind.NUMBER
        case "boolean":
            is_box = schema.get("const") is True or schema.get("x-widget") == "checkbox"
            return Kind.CONFIRM if is_box else Kind.YES_NO
    if schema.get("format") in _BY_FORMAT:
        return _BY_FORMAT[schema["format"]]
    is_long = schema.get("x-widget") == "textarea" or schema.get("maxLength", 0) > _LONG_TEXT_FROM
    return Kind.LONG_TEXT if is_long else Kind.TEXT


def _kind_of_list(items: Schema) -> Kind:
    if choices_of(items):
        return Kind.CHOICES
    if items.get("type") == "object":
        return Kind.ROWS
    return {"person": Kind.PEOPLE, "attachment": Kind.ATTACHMENTS}.get(items.get("format", ""), Kind.LINES)


def choices_of(schema: Schema) -> list[tuple[Any, str]]:
    """Return (value, Russian title) of an enumeration in the form's own order; empty for anything else."""
    if "oneOf" in schema:
        return [(one["const"], str(one.get("title", one["const"]))) for one in schema["oneOf"] if "const" in one]
    return [(value, str(value)) for value in schema.get("enum", ())]


def properties(schema: Schema) -> Iterator[tuple[str, Schema]]:
    """Yield the named properties of an object in the form's own order."""
    yield from schema.get("properties", {}).items()


def takes_uploads(schema: Schema) -> bool:
    """Whether a field of the form, at any depth, is a file.

    Only such a form travels as multipart: to take that apart costs the server as much as the rest of the request.
    """
    uploads = (Kind.ATTACHMENT, Kind.ATTACHMENTS)
    return any(
        kind_of(prop) in uploads or takes_uploads(prop) or takes_uploads(prop.get("items", {}))
        for _, prop in properties(schema)
    )


def only_shown(schema: Schema, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values without the fields that are not asked for; a hidden field counts as absent for others."""
    kept: dict[str, Any] = dict(values)
    changed = True
    while changed:  # a field may be hidden by one that has just been hidden itself
        hidden = [name for name, prop in properties(schema) if name in kept and not is_shown(prop, kept)]
        changed = bool(hidden)
        for name in hidden:
            del kept[name]
    for name, prop in properties(schema):
        if name in kept:
            kept[name] = _inner(prop, kept[name])
    return kept


def _inner(schema: Schema, value: Any) -> Any:
    kind = kind_of(schema)
    if kind is Kind.GROUP and isinstance(value, Mapping):
        return only_shown(schema, value)
    if kind is Kind.ROWS and isinstance(value, list):
        return [only_shown(schema["items"], row) if isinstance(row, Mapping) else row for row in value]
    return value


def field_name(path: Path) -> str:
    """Return the name of a field in HTML: its path, joined by dots (`sites.0.address`)."""
    return ".".join(str(part) for part in path)


def path_of(name: str) -> Path:
    """Return the path that the name of a field means; no table has a row whose number takes more than six digits.

    >>> path_of("sites.0.address"), path_of("sites.²")
    (('sites', 0, 'address'), ('sites', '²'))
    """
    return tuple(int(part) if part.isdecimal() and len(part) < 7 else part for part in name.split(".") if part)


def choice_text(value: Any) -> str:
    """Return the text by which a choice is named in HTML."""
    return str(value).lower() if isinstance(value, bool) else str(value)
