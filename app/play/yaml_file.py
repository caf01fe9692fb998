"""Reads a YAML file that anybody may have written: bounded in size, in what its aliases unfold to, in kinds of values.

Days and instants come out as ISO text, as forms hold them; whatever JSON does not know is refused.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import yaml

MAX_BYTES = 1_000_000
MAX_VALUES = 100_000
"""Values of one file, those counted again that an alias repeats."""
CURE = "проверьте отступы, двоеточия и кавычки в этом месте"

Loaded: TypeAlias = "dict[str, Loaded] | list[Loaded] | str | int | float | bool | None"
Loader: TypeAlias = "yaml.SafeLoader | yaml.CSafeLoader"


class _Fast(yaml.CSafeLoader):
    """Written in C: eight times as fast, but refuses times in flow mappings ({at: 2026-01-12T10:00})."""


class _Patient(yaml.SafeLoader):
    """Takes everything that YAML 1.1 allows."""


class BadScenario(ValueError):
    """A scenario file that cannot be read; the message names the place and what to write instead."""


def read_yaml(path: Path) -> Loaded:
    """Return what the file holds, None for an empty one; raises BadScenario and no other exception."""
    text = _text(path)
    try:
        return plain(_loaded(text))
    except yaml.YAMLError as error:
        reason = str(getattr(error, "problem", None) or error)
        raise BadScenario(f"{_place(error)}файл не читается как YAML ({reason}); {CURE}") from error
    except RecursionError as error:
        raise BadScenario("значения вложены слишком глубоко; уменьшите вложенность") from error


def plain(value: Any, where: str = "") -> Loaded:
    """Return loaded YAML as JSON knows it; raises BadScenario naming the path of a value that is none."""
    if isinstance(value, Mapping):
        return {_key(key, where): plain(inner, f"{where}.{key}".lstrip(".")) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner, f"{where}.{number}".lstrip(".")) for number, inner in enumerate(value)]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        raise BadScenario(f"{where}: «{value}» — не число, которое можно сохранить; укажите обычное число")
    if isinstance(value, str) and not value.isprintable():
        _demand_text(value, where)
    if value is None or isinstance(value, str | int | float):
        return value
    raise BadScenario(f"{where}: значения вида {type(value).__name__} не бывает в формах; пишите текст или число")


def _text(path: Path) -> str:
    try:
        if not path.exists():
            raise BadScenario("файла нет; проверьте имя и путь")
        if path.is_dir():
            raise BadScenario("в папке нет ни одного сценария; укажите папку с файлами .yaml")
        if not path.is_file():
            raise BadScenario("это не обычный файл; укажите файл YAML или папку с ними")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise BadScenario(f"файл не открывается ({error.strerror}); проверьте права на него") from error
    if len(data) > MAX_BYTES:
        raise BadScenario(f"файл больше {MAX_BYTES // 1000} кБ; проверьте, тот ли это файл")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadScenario(f"строка {line}: файл не в кодировке UTF-8; сохраните его в UTF-8") from error


def _loaded(text: str) -> Any:
    try:
        return _constructed(_Fast(text))
    except yaml.YAMLError:
        return _constructed(_Patient(text))


def _constructed(loader: Loader) -> Any:
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        if _size(node, {}) > MAX_VALUES:
            raise BadScenario(f"ссылки (*имя) разворачиваются больше чем в {MAX_VALUES} значений; запишите их короче")
        return loader.construct_document(node)
    finally:
        loader.dispose()


def _or_text(construct: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Leave text what only looks like a day or a number (2027-02-30): whoever wants one will name its place."""

    def constructed(loader: Any, node: Any) -> Any:
        try:
            return construct(loader, node)
        except (ValueError, OverflowError):
            return node.value

    return constructed


for _loader in (_Fast, _Patient):
    for _kind in ("timestamp", "int", "float"):
        _construct = getattr(yaml.constructor.SafeConstructor, f"construct_yaml_{_kind}")
        _loader.add_constructor(f"tag:yaml.org,2002:{_kind}", _or_text(_construct))


def _size(node: yaml.Node, known: dict[int, int]) -> int:
    """Count the values below a node as if every alias were written out; refuses repeated keys and circles."""
    found = known.get(id(node))
    if found == 0:
        raise BadScenario(f"строка {node.start_mark.line + 1}: ссылка (*имя) ведёт внутрь самой себя; уберите её")
    if found is not None:
        return found
    known[id(node)] = 0
    inner: list[yaml.Node] = []
    if isinstance(node, yaml.MappingNode):
        _demand_single_keys(node)
        inner = [one for pair in node.value for one in pair]
    elif isinstance(node, yaml.SequenceNode):
        inner = node.value
    known[id(node)] = 1 + sum(_size(one, known) for one in inner)
    return known[id(node)]


def _demand_single_keys(node: yaml.MappingNode) -> None:
    seen: set[str] = set()
    for key, _ in node.value:
        if isinstance(key, yaml.ScalarNode) and key.value != "<<" and key.value in seen:
            raise BadScenario(f"строка {key.start_mark.line + 1}: «{key.value}» указано второй раз; оставьте одно")
        seen.add(str(key.value))


def _key(key: Any, where: str) -> str:
    if isinstance(key, str):
        return key
    if isinstance(key, int) and not isinstance(key, bool):
        return str(key)
    place = f"{where}: " if where else ""
    raise BadScenario(f"{place}имя «{key}» YAML понял не как текст; возьмите его в кавычки")


def _demand_text(value: str, where: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise BadScenario(f"{where}: в тексте есть знак, которого нет в Юникоде; уберите его") from error


def _place(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"строка {mark.line + 1}, столбец {mark.column + 1}: " if mark else ""
