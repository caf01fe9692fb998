"""Finds the Russian texts of diagrams, forms and the profile for the catalogue of translations.

Each function is an extractor of Babel: it yields (line, function name, message, comments).
"""

from __future__ import annotations

import ast
import io
import json
import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import IO, Any

from babel.messages.extract import extract_python

from engine.diagram import read_diagram

Found = tuple[int, str, str, list[str]]
_TEXTS = ("title", "description")
LONGEST_NAME = 60  # characters; longer texts of tables are sentences of letters, which are not translated
_CYRILLIC = re.compile(r"[А-Яа-яЁё]")


def handler(file: IO[bytes], keywords: Mapping[str, Any], comment_tags: Collection[str], options: Any) -> Iterator[Any]:
    """Yield the sentences of a handler, and the names of the fields of its records and documents.

    Those names are columns of journals and lines of papers: Russian keys of mappings and Russian keyword arguments.
    Short Russian values of the module's own tables are names and statuses that end up in the same rows.
    """
    source = file.read()
    yield from extract_python(io.BytesIO(source), keywords, comment_tags, options)
    tree = ast.parse(source)
    tables = [node.value for node in tree.body if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict)]
    found = [
        *(word for node in ast.walk(tree) for word in _names(node)),
        *(value for table in tables for value in _constants(table.values) if len(value[1]) <= LONGEST_NAME),
    ]
    yield from ((line, "", text, []) for line, text in found if _CYRILLIC.search(text))


def _names(node: ast.AST) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.Dict):
        yield from _constants(node.keys)
    elif isinstance(node, ast.Call):
        yield from ((word.value.lineno, word.arg) for word in node.keywords if word.arg)


def _constants(nodes: Iterable[ast.expr | None]) -> Iterator[tuple[int, str]]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def bpmn(file: IO[bytes], keywords: object, comment_tags: Collection[str], options: object) -> Iterator[Found]:
    """Yield names and help texts of processes, elements and flows."""
    diagram = read_diagram("diagram.bpmn", file.read())
    for process in diagram.processes:
        for text in (process.name, process.documentation):
            if text:
                yield process.line, "", text, []
        for node in process.nodes:
            for text in (node.name, node.documentation):
                if text:
                    yield node.line, "", text, [node.id]
        yield from ((flow.line, "", flow.name, [flow.id]) for flow in process.flows if flow.name)
        yield from ((lane.line, "", lane.name, [lane.id]) for lane in process.lanes if lane.name)


def form(file: IO[bytes], keywords: object, comment_tags: Collection[str], options: object) -> Iterator[Found]:
    """Yield titles and hints of a form, its fields and its choices."""
    for text in _texts(json.load(file)):
        yield 1, "", text, []


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        for name in _TEXTS:
            if isinstance(node.get(name), str) and node[name]:
                yield node[name]
        for inner in node.values():
            # A field may be called "title": its schema is a mapping and is walked like any other.
            if isinstance(inner, Mapping | list):
                yield from _texts(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _texts(inner)


def profile(file: IO[bytes], keywords: object, comment_tags: Collection[str], options: object) -> Iterator[Found]:
    """Yield what the profile says in Russian alone: groups, roles, titles of terms, objects of the exchange."""
    loaded = tomllib.loads(file.read().decode())
    for table in ("roles", "groups"):
        for named in loaded.get(table, {}).values():
            if "en" not in named and named.get("ru"):
                yield 1, "", str(named["ru"]), []
    for one in loaded.get("profiles", {}).values():
        for titled in (one, *one.get("terms", {}).values(), *one.get("readings", {}).values()):
            if titled.get("title"):
                yield 1, "", str(titled["title"]), []
    for table in ("kinds", "journals"):
        for named in loaded.get("exchange", {}).get(table, {}).values():
            yield 1, "", str(named["object"]), []
