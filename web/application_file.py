"""An application as a file: JSON or YAML read safely, with the line of every value, so that faults can be named.

Plain YAML only: no tags that make objects, no aliases (a few lines of them can grow without bound), no double keys.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml

from engine.messages import N_
from web.forms.schema import Path

MOST_BYTES = 2 * 1024 * 1024
DEEPEST = 20
GREATEST = 10**15
PLAIN_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}" for name in ("map", "seq", "str", "int", "float", "bool", "null", "timestamp")
)


class Unreadable(Exception):
    """The file is no plain JSON or YAML mapping; `template` says where it fails."""

    def __init__(self, template: str, **facts: Any) -> None:
        self.template = template
        self.facts = facts
        super().__init__(template.format(**facts))


@dataclass(slots=True)
class FileContent:
    """The values of a file and the lines on which they stand, from 1."""

    values: dict[str, Any]
    lines: dict[Path, int] = field(default_factory=dict)

    def line_of(self, path: Path) -> int | None:
        """Return the line of a value; for one that is missing, that of what should hold it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path)


def read_file(content: bytes, name: str) -> FileContent:
    """Return what an application file says. Raises Unreadable; JSON is read as the YAML that it also is."""
    if len(content) > MOST_BYTES:
        raise Unreadable(N_("Файл «{name}» слишком велик для заявки."), name=name)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(N_("Файл «{name}» не в кодировке UTF-8. Сохраните его в UTF-8."), name=name) from error
    # A tab is white space in JSON and forbidden in YAML.
    text = text.replace("\t", "    ") if text.lstrip().startswith("{") else text
    found = FileContent({})
    try:
        node = yaml.compose(text, Loader=_NoAliases)
        values = _value(node, (), found.lines) if node is not None else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise Unreadable(
            N_("Файл «{name}» не прочитан: ошибка записи в строке {line}."), name=name, line=line
        ) from error
    except (yaml.YAMLError, ValueError, OverflowError) as error:  # the library's scanner: "\\U00110000" is no sign
        raise Unreadable(N_("Файл «{name}» не прочитан: это не JSON и не YAML."), name=name) from error
    except RecursionError as error:
        raise Unreadable(N_("Файл «{name}» не прочитан: слишком глубокая вложенность."), name=name) from error
    if not isinstance(values, dict):
        raise Unreadable(N_("В файле «{name}» нет полей заявки: нужна запись вида «поле: значение»."), name=name)
    inner = values.get("data")
    if isinstance(inner, dict) and set(values) <= {"data", "process"}:  # the shape of a scenario's start
        found.lines = {path[1:]: line for path, line in found.lines.items() if path[:1] == ("data",)}
        values = inner
    found.values = values
    return found


class _NoAliases(yaml.SafeLoader):
    """Reads plain YAML and refuses aliases."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "alias", event.start_mark)
        return super().compose_node(parent, index)


_constructor = yaml.SafeLoader("")


def _value(node: yaml.Node, path: Path, lines: dict[Path, int]) -> Any:
    lines[path] = node.start_mark.line + 1
    if len(path) > DEEPEST:
        raise RecursionError
    if node.tag not in PLAIN_TAGS:
        raise yaml.constructor.ConstructorError(None, None, f"tag {node.tag}", node.start_mark)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, lines)
    if isinstance(node, yaml.SequenceNode):
        return [_value(one, (*path, index), lines) for index, one in enumerate(node.value)]
    try:
        value = _constructor.construct_object(node)
    except yaml.MarkedYAMLError:
        raise
    # 2026-02-31 looks like a date and is none; the others are what the library stumbles over in !!int x and the like.
    except (ValueError, OverflowError, LookupError, AttributeError) as error:
        raise yaml.constructor.ConstructorError(None, None, str(error), node.start_mark) from error
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return _text(value, node)
    if isinstance(value, int | float) and not abs(value) < GREATEST:  # nor is `.nan` a number
        raise yaml.constructor.ConstructorError(None, None, "no number of a form", node.start_mark)
    return value if value is None or isinstance(value, int | float | bool) else str(value)


def _mapping(node: yaml.MappingNode, path: Path, lines: dict[Path, int]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, inner in node.value:
        name = _text(str(key.value), key)
        if name in found:
            raise yaml.constructor.ConstructorError(None, None, f"double key {name}", key.start_mark)
        found[name] = _value(inner, (*path, name), lines)
        lines[(*path, name)] = key.start_mark.line + 1
    return {name: value for name, value in found.items() if value is not None}


def _text(value: str, node: yaml.Node) -> str:
    """Return a text with the halves put together by which JSON writes signs beyond the first 65,536."""
    try:
        return value.encode("utf-16", errors="surrogatepass").decode("utf-16")
    except UnicodeDecodeError as error:
        raise yaml.constructor.ConstructorError(None, None, "half a sign", node.start_mark) from error
