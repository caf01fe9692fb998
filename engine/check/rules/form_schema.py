"""Forms are JSON Schema, in the part that our pages draw."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from engine.check.registry import Report, form_rule
from engine.check.whole import FormFile, Whole, nearest
from engine.check.written import properties_of
from engine.messages import N_

_TOP = frozenset({"$schema", "$id", "title", "description", "type", "properties", "required", "additionalProperties"})
_KNOWN = _TOP | {
    "format", "oneOf", "enum", "const", "items", "minItems", "maxItems", "uniqueItems", "minLength", "maxLength",
    "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "default", "readOnly",
    "x-widget", "x-role", "x-from", "x-show-if", "x-requirements", "x-confidential", "x-past",
}  # fmt: skip
_TYPES = frozenset({"string", "integer", "number", "boolean", "array", "object"})
_FORMATS = frozenset({"date", "email", "person", "attachment"})
_COUNT, _TEXT, _FLAG, _AMOUNT = (
    {"type": "integer", "minimum": 0},
    {"type": "string"},
    {"type": "boolean"},
    {"type": "number"},
)
_OPTION = {"type": "object", "required": ["const", "title"], "properties": {"title": _TEXT}}
_OPTIONS = {"type": "array", "minItems": 1, "items": _OPTION}
# The standard's own schema of schemas takes seven milliseconds a form; this says the same of the part that we know.
_VALUES = Draft202012Validator(
    {
        "properties": {
            **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems"), _COUNT),
            **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), _AMOUNT),
            **dict.fromkeys(("title", "description", "format", "x-widget", "x-from", "x-role"), _TEXT),
            "multipleOf": {"type": "number", "exclusiveMinimum": 0},
            "pattern": {"type": "string", "format": "regex"},
            "uniqueItems": _FLAG,
            "readOnly": _FLAG,
            "x-past": _FLAG,
            "required": {"type": "array", "items": _TEXT, "uniqueItems": True},
            "enum": {"type": "array", "minItems": 1},
            "oneOf": _OPTIONS,
            "properties": {"type": "object", "additionalProperties": {"type": "object"}},
            "items": {"type": "object", "properties": {"oneOf": _OPTIONS, "properties": {"type": "object"}}},
            "x-requirements": {"type": "array", "items": _TEXT},
            "x-confidential": {"type": ["boolean", "object"]},
        }
    },
    format_checker=FormatChecker(formats=["regex"]),
)


@form_rule("form-schema")
def check(form: FormFile, whole: Whole, report: Report) -> None:
    """Refuse what is no schema, and keywords that no page would honour."""
    for path, schema in fields(form.schema, ""):
        line_of = path.rpartition(".")[2]
        is_sound = True
        for word, message in _faults(schema, is_top=not path):
            is_sound = False
            cure = N_("Возможны: типы, форматы и слова из руководства по формам (похоже на «{nearest}»).")
            near = nearest(word, (*_KNOWN, *_TYPES, *_FORMATS))
            report.at(path, form.line_of(line_of), message, cure, word=word, nearest=near)
        for error in _VALUES.iter_errors(schema) if is_sound else ():
            word = str(error.absolute_path[0]) if error.absolute_path else ""
            message = N_("Значение слова «{word}» не годится: {reason}.")
            cure = N_("Исправьте значение слова «{word}».")
            report.at(path, form.line_of(line_of), message, cure, word=word, reason=error.message[:150])


def fields(schema: Mapping[str, Any], path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every schema of a form with its dotted path, rows and groups included; the form itself comes first."""
    todo: list[tuple[str, Any]] = [(path, schema)]
    for here, found in todo:
        if not isinstance(found, Mapping):
            continue
        yield here, found
        inner = found.get("properties")
        if isinstance(inner, Mapping):
            todo.extend((f"{here}.{name}".lstrip("."), one) for name, one in inner.items())
        rows = found.get("items")
        if isinstance(rows, Mapping) and isinstance(rows.get("properties"), Mapping):
            todo.extend((f"{here}.{name}".lstrip("."), one) for name, one in rows["properties"].items())


def _faults(schema: Mapping[str, Any], *, is_top: bool) -> Iterator[tuple[str, str]]:
    for word in schema:
        if word not in _KNOWN:
            yield word, N_("Слово «{word}» формы не знают.")
    kind = schema.get("type")
    if is_top and kind != "object":
        yield "type", N_('Форма — не объект: нужно "type": "object" ({word}).')
    elif not isinstance(kind, str) or kind not in _TYPES:
        yield str(kind), N_("Тип поля «{word}» формы не знают.")
    if "format" in schema and str(schema["format"]) not in _FORMATS:
        yield str(schema["format"]), N_("Формат «{word}» формы не знают.")
    if not schema.get("title") and kind != "array":
        yield "title", N_("Нет русского названия (title).")
    required = schema.get("required", ())
    for name in required if isinstance(required, list) else ():
        if str(name) not in properties_of(schema):
            yield str(name), N_("Обязательного поля «{word}» в форме нет.")
    if is_top and schema.get("additionalProperties") is not False:
        yield "additionalProperties", N_("Форма принимает любые лишние поля ({word} не false).")
