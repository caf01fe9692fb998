"""Forms: which values a JSON Schema of ours accepts, and what is wrong with the others.

Beyond JSON Schema: `x-show-if` hides a field unless another has a given value (a hidden field is dropped and not
required), `format: person` and `format: attachment` are references that the caller can look up, `x-past` says that a
date is of something that has happened: terms are counted from it, so it is not after today.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, ValidationError

from engine.errors import FieldError
from engine.messages import N_

FORBIDDEN_NAMES = frozenset({"typename"})
"""SpiffWorkflow 3.2 cannot restore data with a key of this name."""

_EMPTY: tuple[Any, ...] = (None, "", [], {})

_SENTENCES = {
    "required": N_("Заполните это поле."),
    "type": N_("Здесь ожидается: {expected}."),
    "enum": N_("Выберите одно из предложенных значений."),
    "oneOf": N_("Выберите одно из предложенных значений."),
    "const": N_("Здесь возможно только значение «{expected}»."),
    "minLength": N_("Не короче {limit} знаков; сейчас {length}."),
    "maxLength": N_("Не длиннее {limit} знаков; сейчас {length}."),
    "minimum": N_("Не меньше {limit}."),
    "maximum": N_("Не больше {limit}."),
    "exclusiveMinimum": N_("Больше {limit}."),
    "exclusiveMaximum": N_("Меньше {limit}."),
    "multipleOf": N_("Шаг — {limit}."),
    "minItems": N_("Не меньше {limit} строк; сейчас {length}."),
    "maxItems": N_("Не больше {limit} строк; сейчас {length}."),
    "uniqueItems": N_("Строки не должны повторяться."),
    "pattern": N_("Значение не подходит по виду. Проверьте образец под полем."),
    "format": N_("Здесь ожидается: {expected}."),
    "additionalProperties": N_("В форме нет поля «{name}»."),
    "x-past": N_("Этот день ещё не наступил."),
    "other": N_("Значение не принято: {rule}."),
}
_TYPES = {
    "string": N_("текст"),
    "integer": N_("целое число"),
    "number": N_("число"),
    "boolean": N_("да или нет"),
    "array": N_("список"),
    "object": N_("группа полей"),
    "date": N_("дата вида 31.12.2026"),
    "email": N_("адрес электронной почты"),
    "person": N_("сотрудник из списка"),
    "attachment": N_("приложенный файл"),
}

_formats = FormatChecker(formats=["date"])


@_formats.checks("email")
def _is_email(value: object) -> bool:
    return not isinstance(value, str) or re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """What a form is judged by beside itself: whether a value names something real, and which day it is.

    `today` is in the zone of the case's profile; without it dates are not compared with it.
    """

    is_person: Callable[[str, str | None], bool] = lambda login, role: True
    is_attachment: Callable[[str], bool] = lambda key: True
    today: date | None = None


class Form:
    """A compiled form; building one is slow, checking values with it is fast."""

    def __init__(self, stem: str, schema: Mapping[str, Any]) -> None:
        self.stem = stem
        self.schema = schema
        self._validator = Draft202012Validator(_without_conditional_required(schema), format_checker=_formats)

    def clean(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values without empty optional fields and without those that are not shown."""
        return _clean(self.schema, values)

    def errors(self, values: Mapping[str, Any], references: References | None = None) -> list[FieldError]:
        """Return what is wrong with cleaned values, in the order of the form; empty when they fit."""
        found = [error for problem in self._validator.iter_errors(values) for error in _explain(problem)]
        found.extend(_missing_shown(self.schema, values, ()))
        found.extend(_unknown(self.schema, values, references or References(), ()))
        order = {name: place for place, name in enumerate(self.schema.get("properties", {}))}
        found.sort(key=lambda error: order.get(str(error.path[0]) if error.path else "", len(order)))
        return found

    def references(self, values: Mapping[str, Any], kind: str) -> list[str]:
        """Return the values of all fields of a reference format (`attachment`, `person`), in order."""
        return list(_references(self.schema, values, kind))


def is_shown(schema: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """Whether a field with this schema is shown when its neighbours have these values.

    >>> is_shown({"x-show-if": {"outcome": ["refuse", "rework"]}}, {"outcome": "refuse"})
    True
    """
    for name, wanted in schema.get("x-show-if", {}).items():
        actual = values.get(name)
        options = wanted if isinstance(wanted, list) else [wanted]
        matches = any(option in actual for option in options) if isinstance(actual, list) else actual in options
        if not matches:
            return False
    return True


def _without_conditional_required(schema: Mapping[str, Any]) -> dict[str, Any]:
    plain = copy.deepcopy(dict(schema))

    def strip(node: dict[str, Any]) -> None:
        properties = node.get("properties", {})
        if "required" in node:
            node["required"] = [name for name in node["required"] if "x-show-if" not in properties.get(name, {})]
        for child in properties.values():
            strip(child)
        if isinstance(node.get("items"), dict):
            strip(node["items"])

    strip(plain)
    return plain


def _clean(schema: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    properties = schema.get("properties", {})
    cleaned: dict[str, Any] = {}
    for name, value in values.items():
        child = properties.get(name)
        if child is None:
            cleaned[name] = value
            continue
        value = _clean_value(child, value)
        if not any(value is empty or value == empty for empty in _EMPTY if not isinstance(value, bool | int | float)):
            cleaned[name] = value
    # A field may be hidden by one that is hidden itself, so what is left over is looked at until nothing goes.
    while hidden := [name for name in cleaned if not is_shown(properties.get(name, {}), cleaned)]:
        for name in hidden:
            del cleaned[name]
    return cleaned


def _clean_value(schema: Mapping[str, Any], value: Any) -> Any:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, Mapping):
        return _clean(schema, value)
    if isinstance(value, list):
        return [_clean_value(schema.get("items", {}), item) for item in value]
    return value


def _missing_shown(
    schema: Mapping[str, Any], values: Mapping[str, Any], path: tuple[str | int, ...]
) -> Iterator[FieldError]:
    properties = schema.get("properties", {})
    for name in schema.get("required", ()):
        child = properties.get(name, {})
        if "x-show-if" in child and name not in values and is_shown(child, values):
            yield FieldError(path=(*path, name), rule="required", template=_SENTENCES["required"])
    for name, child in properties.items():
        value = values.get(name)
        if isinstance(value, Mapping):
            yield from _missing_shown(child, value, (*path, name))
        elif isinstance(value, list):
            for place, row in enumerate(value):
                if isinstance(row, Mapping):
                    yield from _missing_shown(child.get("items", {}), row, (*path, name, place))


def _unknown(
    schema: Mapping[str, Any], value: Any, references: References, path: tuple[str | int, ...]
) -> Iterator[FieldError]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _unknown(schema.get("properties", {}).get(name, {}), inner, references, (*path, name))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _unknown(schema.get("items", {}), inner, references, (*path, place))
    elif isinstance(value, str):
        kind = schema.get("format")
        is_known = {
            "person": lambda: references.is_person(value, schema.get("x-role")),
            "attachment": lambda: references.is_attachment(value),
        }.get(str(kind))
        if is_known is not None and not is_known():
            yield FieldError(
                path=path, rule="format", template=_SENTENCES["format"], facts={"expected": _TYPES[str(kind)]}
            )
        if schema.get("x-past") and references.today is not None and _is_after(value, references.today):
            yield FieldError(path=path, rule="x-past", template=_SENTENCES["x-past"])


def _is_after(value: str, today: date) -> bool:
    try:
        return date.fromisoformat(value) > today
    except ValueError:
        return False  # what is no date is said once, by its format


def _references(schema: Mapping[str, Any], value: Any, kind: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _references(schema.get("properties", {}).get(name, {}), inner, kind)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(schema.get("items", {}), inner, kind)
    elif isinstance(value, str) and schema.get("format") == kind:
        yield value


def _explain(problem: ValidationError) -> Iterator[FieldError]:
    path = tuple(problem.absolute_path)
    rule = str(problem.validator)
    value: Any = problem.validator_value
    schema: Any = problem.schema
    if rule == "required":
        # The library reports one problem for each missing name and says the name only at the head of its message.
        for name in value:
            if problem.message.startswith(repr(name)):
                yield FieldError(path=(*path, name), rule=rule, template=_SENTENCES["required"])
        return
    if rule == "additionalProperties":
        known = schema.get("properties", {})
        for name in _instance(problem):
            if name not in known:
                yield FieldError(path=(*path, name), rule=rule, template=_SENTENCES[rule], facts={"name": name})
        return
    yield FieldError(path=path, rule=rule, template=_SENTENCES.get(rule, _SENTENCES["other"]), facts=_facts(problem))


def _facts(problem: ValidationError) -> dict[str, Any]:
    rule = str(problem.validator)
    limit: Any = problem.validator_value
    if rule in {"type", "format"}:
        name = limit if isinstance(limit, str) else str(limit[0])
        return {"expected": _TYPES.get(name, name)}
    if rule == "const":
        return {"expected": limit}
    if rule in {"minLength", "maxLength", "minItems", "maxItems"}:
        return {"limit": limit, "length": len(_instance(problem))}
    return {"limit": limit, "rule": rule}


def _instance(problem: ValidationError) -> Any:
    return problem.instance
