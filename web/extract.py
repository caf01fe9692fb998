"""Finds the Russian texts of diagrams, forms and the profile for the catalogue of translations.

Each function is an extractor of Babel: it yields (line, function name, message, comments).
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Collection, Iterator, Mapping
from typing import IO, Any

from engine.diagram import read_diagram

Found = tuple[int, str, str, list[str]]
_TEXTS = ("title", "description")


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
