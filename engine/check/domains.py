"""Which values a name in a condition can have, as the forms say, and whether conditions cover all of them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.check.whole import Place
from engine.check.written import choices, field_schema
from engine.conditions import Condition, ConditionError, parse
from engine.diagram import Node

MOST_COMBINATIONS = 20_000


@dataclass(frozen=True, slots=True)
class _Domain:
    """The values of one path, with what its form says about when it is there."""

    path: str
    values: tuple[Any, ...]
    shown_if: Mapping[str, Any]
    is_required: bool


def choices_at(place: Place, node: Node, path: str) -> list[Any] | None:
    """Return the values that a path can have at a node, None if they cannot be listed."""
    found: list[Any] | None = None
    for source in place.whole.written.may.get((place.process.id, node.id), frozenset()):
        if not place.whole.written.covers(source, path):
            continue
        schema = _schema(place, source, path)
        options = choices(_item(schema)) if schema is not None else None
        if options is None:
            return None
        found = [*(found or []), *options]
    return found


def uncovered(node: Node, place: Place, conditions: Sequence[str]) -> str | None:
    """Return an example of values for which no condition holds, or the name that cannot be listed; None if none."""
    try:
        parsed = [parse(condition) for condition in conditions]
    except ConditionError:
        return None
    names = sorted({name for condition in parsed for name in condition.names()})
    domains: list[_Domain] = []
    for name in names:
        domain = _domain(place, node, name)
        if domain is None:
            return name
        domains.append(domain)
    if math.prod(len(domain.values) for domain in domains) > MOST_COMBINATIONS:
        return ", ".join(names)
    for combination in itertools.product(*(domain.values for domain in domains)):
        values = dict(zip(names, combination, strict=True))
        if all(_fits(domain, values) for domain in domains) and not _any_holds(parsed, values):
            return ", ".join(f"{name} = {value}" for name, value in values.items()) or "—"
    return None


def _any_holds(parsed: Sequence[Condition], values: Mapping[str, Any]) -> bool:
    data: dict[str, Any] = {}
    for path, value in values.items():
        here = data
        *groups, last = path.split(".")
        for group in groups:
            here = here.setdefault(group, {})
        here[last] = value
    try:
        return any(condition.evaluate(data) for condition in parsed)
    except ConditionError:
        return False


def _domain(place: Place, node: Node, path: str) -> _Domain | None:
    written = place.whole.written
    sources = [one for one in written.may.get((place.process.id, node.id), frozenset()) if written.covers(one, path)]
    if len(sources) != 1:
        return None
    schema = _schema(place, sources[0], path)
    options = choices(schema) if schema is not None and schema.get("type") != "array" else None
    if schema is None or options is None:
        return None
    is_always = sources[0] in written.must(place, node)
    form = place.whole.forms[sources[0].removeprefix("form:")]
    *_, name = path.split(".")
    parent = field_schema(form, path.split(".")[1:-1]) or form
    is_required = is_always and name in parent.get("required", ())
    shown = schema.get("x-show-if")
    shown_if = shown if isinstance(shown, Mapping) else {}
    values = tuple(options) if is_required and not shown_if else (*options, None)
    stem = path.rpartition(".")[0]
    return _Domain(path, values, {f"{stem}.{field}": wanted for field, wanted in shown_if.items()}, is_required)


def _fits(domain: _Domain, values: Mapping[str, Any]) -> bool:
    """Whether a form could have given this value beside the others: hidden fields are absent, shown ones filled in."""
    if not domain.shown_if or not domain.is_required or any(field not in values for field in domain.shown_if):
        return True
    is_shown = all(
        values[field] in (wanted if isinstance(wanted, list) else [wanted]) for field, wanted in domain.shown_if.items()
    )
    return is_shown == (values[domain.path] is not None)


def _schema(place: Place, source: str, path: str) -> Mapping[str, Any] | None:
    if not source.startswith("form:"):
        return None
    form = place.whole.forms.get(source.removeprefix("form:"))
    return field_schema(form, path.split(".")[1:]) if form is not None else None


def _item(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the schema of the rows of a list, or the schema itself."""
    rows = schema.get("items")
    return rows if schema.get("type") == "array" and isinstance(rows, Mapping) else schema
