"""x-show-if and x-confidential look at fields beside them, and at values that these can have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from engine.check.registry import Report, form_rule
from engine.check.rules.form_schema import fields
from engine.check.whole import FormFile, Whole, nearest
from engine.check.written import choices
from engine.messages import N_


@form_rule("form-show-if")
def check(form: FormFile, whole: Whole, report: Report) -> None:
    """Refuse unknown neighbours and values."""
    for path, schema in fields(form.schema, ""):
        for name, neighbours in _groups(path, schema):
            here = neighbours[name] if isinstance(neighbours[name], Mapping) else {}
            closed = here.get("x-confidential")
            conditions = [here.get("x-show-if"), closed if isinstance(closed, Mapping) else None]
            found = (_faults(one, name, neighbours) for one in conditions if one is not None)
            for message, word in chain.from_iterable(found):
                cure = N_("Сошлитесь на соседнее поле и его значение (похоже на «{nearest}»).")
                element = f"{path}.{name}".lstrip(".")
                report.at(element, form.line_of(name), message, cure, word=word, nearest=nearest(word, neighbours))


def _groups(path: str, schema: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    rows = schema.get("items")
    for holder in (schema, rows if isinstance(rows, Mapping) else {}):
        inner = holder.get("properties")
        if isinstance(inner, Mapping):
            yield from ((name, inner) for name in inner)


def _faults(shown: Any, name: str, neighbours: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if not isinstance(shown, Mapping) or not shown:
        yield N_('Условие записывается как {{"поле": значение}}.'), name
        return
    for field, wanted in shown.items():
        neighbour = neighbours.get(field)
        if not isinstance(neighbour, Mapping) or field == name:
            yield N_("Условие смотрит на поле «{word}», которого рядом нет."), str(field)
            continue
        rows = neighbour.get("items")
        options = choices(rows if isinstance(rows, Mapping) else neighbour)
        for value in wanted if isinstance(wanted, list) else [wanted]:
            if options is not None and value not in options:
                yield N_("Условие ждёт значения «{word}», которого у поля не бывает."), str(value)
