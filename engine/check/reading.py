"""Reads one file of any kind into what the rules look at; what cannot be read becomes a problem."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import yaml
from lxml import etree

from engine.check.decisions import decision_problems
from engine.check.problem import Problem
from engine.check.scenarios import scenario_problems
from engine.check.whole import FormFile, ScenarioFile
from engine.diagram import Diagram, read_diagram
from engine.messages import N_
from engine.xml import MAX_BYTES, UnreadableFile, parse_xml


@dataclass(frozen=True, slots=True)
class Read:
    """What was made of a file."""

    path: str
    problems: tuple[Problem, ...] = ()
    diagram: Diagram | None = None
    form: FormFile | None = None
    scenario: ScenarioFile | None = None


def read_file(path: str, data: bytes) -> Read:
    """Read a file by the ending of its name; never raises for any content."""
    read = _READERS.get(PurePosixPath(path).suffix.lower())
    if read is None:
        read = _diagram if data.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:1] == b"<" else _unknown
    try:
        if len(data) > MAX_BYTES:
            parse_xml(data)  # raises with the sentence for it
        return read(path, data)
    except UnreadableFile as error:
        return Read(path, (_problem(path, error.line, error.rule, error.template, error.cure, **error.facts),))
    except (RecursionError, MemoryError):
        return Read(path, (too_heavy(path),))


def too_heavy(path: str) -> Problem:
    """Return the problem of a file that takes more time or memory than it may."""
    return _problem(
        path, 0, "too-heavy",
        N_("Файл требует слишком много времени или памяти; проверка остановлена."),
        N_("Проверьте, откуда файл. Схему разделите на подпроцессы."),
    )  # fmt: skip


def _diagram(path: str, data: bytes) -> Read:
    return Read(path, diagram=read_diagram(path, data))


def _decision(path: str, data: bytes) -> Read:
    root: etree._Element = parse_xml(data)
    return Read(path, tuple(decision_problems(path, root)))


def _form(path: str, data: bytes) -> Read:
    try:
        text = data.decode("utf-8-sig")
        schema = json.loads(text)
    except UnicodeDecodeError as error:
        return Read(path, (_problem(path, 0, "form-json", _ENCODING, _ENCODING_CURE, reason=error.reason),))
    except ValueError as error:
        line, reason = getattr(error, "lineno", 0), getattr(error, "msg", error)
        message = N_("Файл не читается как JSON: {reason}.")
        cure = N_("Исправьте названную строку: кавычки, запятые, скобки.")
        return Read(path, (_problem(path, line, "form-json", message, cure, reason=reason),))
    if path.endswith(".ui.json"):
        return Read(path)
    if not isinstance(schema, Mapping):
        message = N_("Форма должна быть объектом JSON Schema.")
        return Read(path, (_problem(path, 1, "form-json", message, N_("Начните файл с фигурной скобки.")),))
    return Read(path, form=FormFile(path, schema, text))


def _scenario(path: str, data: bytes) -> Read:
    try:
        text = data.decode("utf-8-sig")
        found = _yaml(text)
    except UnicodeDecodeError as error:
        return Read(path, (_problem(path, 0, "scenario", _ENCODING, _ENCODING_CURE, reason=error.reason),))
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or str(error)
        message = N_("Файл не читается как YAML: {reason}.")
        cure = N_("Исправьте названную строку: отступы, двоеточия, кавычки.")
        return Read(path, (_problem(path, mark.line + 1 if mark else 0, "scenario", message, cure, reason=reason),))
    if PurePosixPath(path).parent.name != "scenarios" and not (isinstance(found, Mapping) and "steps" in found):
        return Read(path)  # sample data and the like: it is enough that they can be read
    scenario = ScenarioFile(path, found, text) if isinstance(found, Mapping) else None
    return Read(path, tuple(scenario_problems(path, found)), scenario=scenario)


def _yaml(text: str) -> Any:
    # The loader in C is ten times as fast, but refuses times in flow mappings ({at: 2026-01-12T10:00}).
    fast: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return yaml.load(text, fast)  # noqa: S506 (a safe loader)
    except yaml.YAMLError:
        return yaml.safe_load(text)


def _profile(path: str, data: bytes) -> Read:
    try:
        tomllib.loads(data.decode("utf-8"))
    except ValueError as error:  # numbers of thousands of digits among them
        message = N_("Файл не читается как TOML: {reason}.")
        return Read(path, (_problem(path, 0, "profile", message, N_("Исправьте названное место."), reason=error),))
    return Read(path)


def _table(path: str, data: bytes) -> Read:
    try:
        list(csv.reader(io.StringIO(data.decode("utf-8-sig")), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        message = N_("Таблица не читается как CSV: {reason}.")
        return Read(
            path, (_problem(path, 0, "table", message, N_("Сохраните таблицу как CSV в UTF-8."), reason=error),)
        )
    return Read(path)


def _template(path: str, data: bytes) -> Read:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return Read(path, (_problem(path, 0, "template", _ENCODING, _ENCODING_CURE, reason=error.reason),))
    return Read(path)  # what it prints is seen when it prints


def _unknown(path: str, data: bytes) -> Read:
    message = N_("Неизвестный вид файла.")
    cure = N_("Проверяются схемы .bpmn и .dmn, формы .json, сценарии .yaml, таблицы .csv и profile.toml.")
    return Read(path, (_problem(path, 0, "unknown-file", message, cure),))


_ENCODING = N_("Файл не в кодировке UTF-8: {reason}.")
_ENCODING_CURE = N_("Сохраните файл в кодировке UTF-8.")
_READERS: Mapping[str, Callable[[str, bytes], Read]] = {
    ".bpmn": _diagram,
    ".xml": _diagram,
    ".dmn": _decision,
    ".json": _form,
    ".yaml": _scenario,
    ".yml": _scenario,
    ".toml": _profile,
    ".csv": _table,
    ".typ": _template,
}


def _problem(path: str, line: int, rule: str, message: str, cure: str, **facts: object) -> Problem:
    return Problem(
        file=path,
        line=line,
        element="",
        severity="error",
        rule=rule,
        message_template=message,
        cure_template=cure,
        facts={name: value if isinstance(value, int) else str(value)[:200] for name, value in facts.items()},
    )
