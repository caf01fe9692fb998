"""Which case data a node can count on: what forms and handlers before it wrote, over flows and called processes.

Two answers for each node: `may` (written on some way to it) and `must` (written on every way to it). A called process
is taken once for all its callers, which is exact enough to find names that nobody writes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from engine.diagram import SUBPROCESSES, Node

if TYPE_CHECKING:
    from engine.check.whole import Place, Whole

Key = tuple[str, str]
"""(process id, node id)."""

DOCUMENT = "document:"
"""What the source of a document that a handler makes begins with; the kind follows."""

_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Way:
    """One way that data take from node to node; None where this way says nothing of the sort."""

    source: Key
    target: Key
    may: frozenset[str] | None
    must: frozenset[str] | None
    via: Key | None = None
    """The call or sub-process that is left on this way: what it knew before stays known."""


class Written:
    """The data of all processes of a set."""

    def __init__(self, whole: Whole) -> None:
        self.whole = whole
        self.may: dict[Key, frozenset[str]] = {}
        self._must: dict[Key, frozenset[str]] = {}
        self._given: dict[Key, frozenset[str]] = {}
        self._all_inside: dict[Key, frozenset[str]] = {}
        self._solve()

    def must(self, place: Place, node: Node) -> frozenset[str]:
        """Return the sources that are written on every way to a node."""
        return self._must.get((place.process.id, node.id), _NOTHING)

    def is_known(self, place: Place, node: Node, path: str) -> bool:
        """Whether something before the node can have written the path."""
        return any(self.covers(source, path) for source in self.may.get((place.process.id, node.id), frozenset()))

    def is_known_anywhere(self, path: str) -> bool:
        """Whether any form or handler of the set writes the path."""
        return any(self.covers(source, path) for source in self.everything)

    def covers(self, source: str, path: str) -> bool:
        """Whether a source (`form:decision.json` or a path that a handler writes) writes the path."""
        if not source.startswith("form:"):
            return path == source or path.startswith(source + ".") or source.startswith(path + ".")
        name = source.removeprefix("form:")
        stem, *inner = path.split(".")
        if stem != PurePosixPath(name).stem:
            return False
        schema = self.whole.forms.get(name)
        return schema is None or field_schema(schema, inner) is not None

    def kinds(self) -> list[str]:
        """Return the kinds of documents that handlers make for later tasks to sign."""
        made = (source for source in self.everything if source.startswith(DOCUMENT))
        return sorted(source.removeprefix(DOCUMENT) for source in made)

    @cached_property
    def everything(self) -> frozenset[str]:
        """Every source of the set."""
        found = {source for sources in self._own.values() for source in sources}
        found.update(path for paths in self.whole.context.start_data.values() for path in paths)
        found.update(path for handler in self.whole.context.signatures.values() for path in handler.writes)
        return frozenset(found)

    def suggestions(self) -> list[str]:
        """Return the paths that are written somewhere, for the nearest name."""
        found: list[str] = []
        for source in sorted(self.everything):
            if source.startswith(DOCUMENT):
                continue
            if not source.startswith("form:"):
                found.append(source)
                continue
            name = source.removeprefix("form:")
            stem = PurePosixPath(name).stem
            found.extend(f"{stem}.{field}" for field in properties_of(self.whole.forms.get(name, {})))
        return found

    @cached_property
    def _own(self) -> Mapping[Key, frozenset[str]]:
        """What each node itself writes."""
        return {
            (place.process.id, node.id): frozenset(self._sources(node))
            for place in self.whole.places.values()
            for node in place.process.nodes
        }

    def _sources(self, node: Node) -> Iterator[str]:
        form = node.properties.get("formJsonSchemaFilename")
        if form and node.kind in ("userTask", "startEvent", "manualTask"):
            yield f"form:{form}"
        handler = self.whole.context.signatures.get(node.operator.name) if node.operator else None
        if handler:
            yield from handler.writes
            yield from (f"{DOCUMENT}{kind}" for kind in handler.makes)
        if node.kind == "intermediateCatchEvent" and node.event is not None and node.event.kind == "message":
            yield from self.told(node.event.code or "")

    def told(self, message: str) -> list[str]:
        """Return the paths that a message brings, as the handlers that tell it say."""
        every = {path for handler in self.whole.context.signatures.values() for path in handler.tells}
        return sorted(path for path in every if path.partition(".")[0] == message)

    def _inside(self, place: Place, node: Node) -> frozenset[str]:
        """Return all that a node and everything in it may write."""
        key = (place.process.id, node.id)
        if key in self._all_inside:
            return self._all_inside[key]
        found = set(self._own.get(key, _NOTHING))
        self._all_inside[key] = _NOTHING  # while it is being found out; a ring of calls is reported elsewhere
        if node.kind in SUBPROCESSES:
            for inner in place.process.in_scope(node.id):
                found |= self._inside(place, inner)
        called = place.called(node)
        if called is not None:
            for inner in called.process.in_scope(called.process.id):
                found |= self._inside(called, inner)
        self._all_inside[key] = frozenset(found)
        return self._all_inside[key]

    def _solve(self) -> None:
        ways: dict[Key, list[_Way]] = {}
        for place in self.whole.places.values():
            given = frozenset(self.whole.context.start_data.get(place.process.id, frozenset()))
            for node in place.process.nodes:
                key = (place.process.id, node.id)
                if (
                    node.kind == "startEvent"
                    and node.scope == place.process.id
                    and place.process.id not in self._called
                ):
                    self.may[key] = self._must[key] = self._given[key] = given
                for way in self._ways(place, node):
                    ways.setdefault(key, []).append(way)
        while self._spread(ways):
            pass

    @cached_property
    def _called(self) -> frozenset[str]:
        return frozenset(
            node.called_element
            for place in self.whole.places.values()
            for node in place.process.nodes
            if node.called_element and node.called_element != place.process.id
        )

    def _ways(self, place: Place, node: Node) -> Iterator[_Way]:
        """Yield where the data of a node go, and what is added on the way."""
        process = place.process
        key = (process.id, node.id)
        wrote = self._inside(place, node)
        events = process.boundary.get(node.id, ())
        targets = [(process.id, process.flow[flow].target) for flow in node.outgoing]
        called = place.called(node)
        if called is None and node.kind not in SUBPROCESSES:
            yield from (_Way(key, target, wrote, wrote) for target in targets)
            yield from (_Way(key, (process.id, event.id), _NOTHING, _NOTHING) for event in events)
            return
        inner, scope = (place, node.id) if called is None else (called, called.process.id)
        yield from (_Way(key, target, wrote, None) for target in targets)
        yield from (_Way(key, (process.id, event.id), wrote, _NOTHING) for event in events)
        for one in inner.process.in_scope(scope):
            if one.kind == "startEvent":
                yield _Way(key, (inner.process.id, one.id), _NOTHING, _NOTHING)
            elif not one.outgoing and not any(event.kind == "error" for event in one.events):
                last = self._inside(inner, one)
                yield from (_Way((inner.process.id, one.id), target, None, last, via=key) for target in targets)

    def _spread(self, ways: Mapping[Key, list[_Way]]) -> bool:
        """Carry everything one step on; returns whether anything changed."""
        may = dict(self.may)
        must = dict(self._given)
        for way in (way for some in ways.values() for way in some):
            if way.source not in self.may:
                continue
            if way.may is not None:
                may[way.target] = may.get(way.target, _NOTHING) | self.may[way.source] | way.may
            known = self._must.get(way.source)
            if way.via is not None and known is not None:
                outer = self._must.get(way.via)
                known = None if outer is None else known | outer
            if way.must is not None and known is not None:
                old = must.get(way.target)
                must[way.target] = known | way.must if old is None else old & (known | way.must)
        changed = may != self.may or must != self._must
        self.may, self._must = may, must
        return changed


def properties_of(schema: Any) -> Mapping[str, Any]:
    """Return the fields of a form or of a group of fields; {} for anything else."""
    found = schema.get("properties") if isinstance(schema, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def field_schema(schema: Any, path: list[str]) -> Mapping[str, Any] | None:
    """Return the schema of a field, through groups and rows; None if there is no such field."""
    here = schema
    for part in path:
        if isinstance(here, Mapping) and here.get("type") == "array":
            here = here.get("items", {})
        here = properties_of(here).get(part)
        if not isinstance(here, Mapping):
            return None
    return here if isinstance(here, Mapping) else None


def choices(schema: Mapping[str, Any]) -> list[Any] | None:
    """Return the values that a field can take, None if they cannot be listed."""
    if schema.get("type") == "boolean":
        return [True, False]
    if "const" in schema:
        return [schema["const"]]
    options = schema.get("oneOf")
    if isinstance(options, list) and all(isinstance(one, Mapping) and "const" in one for one in options):
        return [one["const"] for one in options]
    if isinstance(schema.get("enum"), list):
        return list(schema["enum"])
    return None
