"""What was entered in a form, in the words of that form: titles of fields and of the options that were chosen.

Papers and letters are written for people, so they say "Согласен", not `agree`; the one place of such words is the form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

YES, NO = "да", "нет"


def field_at(schema: Mapping[str, Any], path: Sequence[str]) -> Mapping[str, Any]:
    """Return the schema of a field of a form (`rows.site` is a column), an empty one for what the form does not have.

    >>> field_at({"properties": {"team": {"properties": {"leader": {"title": "Руководитель"}}}}}, ["team", "leader"])
    {'title': 'Руководитель'}
    """
    for name in path:
        schema = schema.get("items", schema).get("properties", {}).get(name, {})
    return schema


def in_words(schema: Mapping[str, Any], value: Any, name_of: Callable[[str], str] = str) -> Any:
    """Return a value as the form's reader saw it.

    An option becomes its title, a login its owner's name (by `name_of`), yes and no are words; a fieldset becomes
    title -> value in the form's order, rows a list of these. What the form does not know stays as it is.

    >>> in_words({"oneOf": [{"const": "agree", "title": "Согласен"}]}, "agree"), in_words({"type": "boolean"}, True)
    ('Согласен', 'да')
    >>> rows = {"type": "array", "items": {"properties": {"site": {"title": "Площадка"}}}}
    >>> in_words(rows, [{"site": "Завод", "by": "auditor1"}])
    [{'Площадка': 'Завод'}]
    """
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, Mapping):
        fields = schema.get("properties", {})
        said = {name: in_words(field, value[name], name_of) for name, field in fields.items() if name in value}
        return {str(fields[name].get("title", name)): words for name, words in said.items()}
    if isinstance(value, list):
        # A form that several people fill in is kept as a list of what each of them said.
        inner = schema.get("items", schema)
        return [in_words(inner, one, name_of) for one in value]
    for option in schema.get("oneOf", ()):
        if option.get("const") == value:
            return option.get("title", value)
    return name_of(value) if schema.get("format") == "person" else value
