"""What a set is checked against: roles, terms, requirements, handlers, forms.

Everything here is plain data (a handler is known by its signature), so that a child process can be handed the same.
"""

from __future__ import annotations

import csv
import inspect
import io
import json
import tomllib
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from engine.check.named import Named, named_by
from engine.steps import Binding


@dataclass(frozen=True, slots=True, kw_only=True)
class Handler:
    """What a diagram may know of a handler."""

    name: str
    kind: str
    """`step` or `guard`."""
    writes: tuple[str, ...] = ()
    refuses: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()
    makes: tuple[str, ...] = ()
    """Kinds of documents that a later task may sign."""
    required: tuple[str, ...] = ()
    """Names of the parameters without a default."""
    optional: tuple[str, ...] = ()
    types: Mapping[str, str] = field(default_factory=dict)
    """Parameter -> name of its annotated type, where it is a plain one."""

    @classmethod
    def of(cls, binding: Binding) -> Handler:
        """Read a registered handler's signature; the case itself (and a guard's values) are no parameters."""
        found = inspect.signature(binding.call).parameters.values()
        asked = [parameter for parameter in found if parameter.kind is inspect.Parameter.KEYWORD_ONLY]
        return cls(
            name=binding.name,
            kind=binding.kind,
            writes=binding.writes,
            refuses=binding.refuses,
            requirements=binding.requirements,
            tells=binding.tells,
            makes=binding.makes,
            required=tuple(one.name for one in asked if one.default is inspect.Parameter.empty),
            optional=tuple(one.name for one in asked if one.default is not inspect.Parameter.empty),
            types={one.name: str(getattr(one.annotation, "__name__", one.annotation)) for one in asked},
        )


@dataclass(frozen=True, kw_only=True)
class CheckContext:
    """What names in diagrams and forms may refer to."""

    roles: Mapping[str, str] = field(default_factory=dict)
    """Role id -> `organisation` or `case`."""
    groups: Set[str] = frozenset()
    """Case groups, besides the case roles."""
    terms: Mapping[str, Set[str]] = field(default_factory=dict)
    """Term id -> its ISO 8601 durations, over all profiles."""
    term_starts: Mapping[str, Set[str]] = field(default_factory=dict)
    """Term id -> from what it counts: paths of dates, `task`, `case`."""
    requirements: Set[str] = frozenset()
    readings: Set[str] = frozenset()
    handlers: Mapping[str, Binding] = field(default_factory=dict)
    forms: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """File name (`decision.json`) -> schema; forms among the checked files come on top."""
    diagrams: Mapping[str, bytes] = field(default_factory=dict)
    """Path -> content of the set's diagrams: those that are not among the checked files are looked at, not judged."""
    members: Mapping[str, Set[str]] | None = None
    """Organisation role -> logins of those who hold it; None when nobody is known yet."""
    start_data: Mapping[str, Set[str]] = field(default_factory=dict)
    """Process id -> dotted paths that its cases begin with, besides the start form."""
    named: Named = field(default_factory=Named)
    """Words that the code of the handlers names, for kinds of documents and journals."""
    signatures: Mapping[str, Handler] = field(default_factory=dict)
    """Filled from `handlers`; given instead of them where the functions themselves are not at hand."""

    def __post_init__(self) -> None:
        if self.handlers and not self.signatures:
            object.__setattr__(
                self, "signatures", {name: Handler.of(binding) for name, binding in self.handlers.items()}
            )

    def to_json(self) -> dict[str, Any]:
        """Return the context as JSON values, without the functions."""
        return {
            "roles": dict(self.roles),
            "groups": sorted(self.groups),
            "terms": {term: sorted(durations) for term, durations in self.terms.items()},
            "term_starts": {term: sorted(starts) for term, starts in self.term_starts.items()},
            "requirements": sorted(self.requirements),
            "readings": sorted(self.readings),
            "forms": {name: dict(schema) for name, schema in self.forms.items()},
            "diagrams": {path: data.decode("latin-1") for path, data in self.diagrams.items()},
            "members": None if self.members is None else {role: sorted(who) for role, who in self.members.items()},
            "start_data": {process: sorted(paths) for process, paths in self.start_data.items()},
            "named": [list(self.named.words), list(self.named.shapes)],
            "signatures": {
                name: {slot: getattr(handler, slot) for slot in Handler.__slots__}
                for name, handler in self.signatures.items()
            },
        }

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> CheckContext:
        """Rebuild what `to_json` gave."""
        return cls(
            roles=found["roles"],
            groups=frozenset(found["groups"]),
            terms={term: frozenset(durations) for term, durations in found["terms"].items()},
            term_starts={term: frozenset(starts) for term, starts in found["term_starts"].items()},
            requirements=frozenset(found["requirements"]),
            readings=frozenset(found["readings"]),
            forms=found["forms"],
            diagrams={path: text.encode("latin-1") for path, text in found["diagrams"].items()},
            members=found["members"] and {role: frozenset(who) for role, who in found["members"].items()},
            start_data={process: frozenset(paths) for process, paths in found["start_data"].items()},
            named=Named(*map(tuple, found["named"])),
            signatures={name: Handler(**_tuples(slots)) for name, slots in found["signatures"].items()},
        )


def context_of(
    files: Mapping[str, bytes], handlers: Mapping[str, Binding], members: Mapping[str, Set[str]] | None = None
) -> CheckContext:
    """Build the context from the files of a set (`profile.toml`, `requirements.csv`, `forms/`).

    Files that cannot be read add nothing: the check itself reports them.
    """
    profile = _toml(files.get("profile.toml", b""))
    profiles = list(_tables(profile, "profiles").values())
    terms: dict[str, set[str]] = {}
    starts: dict[str, set[str]] = {}
    for one in profiles:
        for name, term in _tables(one, "terms").items():
            terms.setdefault(name, set()).add(str(term.get("duration", "")))
            starts.setdefault(name, set()).add(str(term.get("start", "task")))
    return CheckContext(
        roles={name: str(role.get("scope", "organisation")) for name, role in _tables(profile, "roles").items()},
        groups=frozenset(_tables(profile, "groups")),
        terms=terms,
        term_starts=starts,
        requirements=_first_column(files.get("requirements.csv", b"")),
        readings=frozenset(name for one in profiles for name in _tables(one, "readings")),
        handlers=handlers,
        named=named_by(handlers),
        forms=_forms(files),
        diagrams={path: data for path, data in files.items() if path.endswith(".bpmn")},
        members=members,
    )


def _tuples(slots: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in slots.items()}


def _toml(data: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):  # beside its own faults: numbers of thousands of digits, endless brackets
        return {}


def _tables(profile: Mapping[str, Any], name: str) -> dict[str, Mapping[str, Any]]:
    """Return the tables under a name, without what stands there instead of a table."""
    found = profile.get(name)
    every = found.items() if isinstance(found, Mapping) else ()
    return {key: one for key, one in every if isinstance(one, Mapping)}


def _first_column(data: bytes) -> frozenset[str]:
    rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig", errors="replace")))
    return frozenset(row["id"] for row in rows if row.get("id"))


def _forms(files: Mapping[str, bytes]) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for path, data in files.items():
        if not path.endswith(".json") or path.endswith(".ui.json"):
            continue
        try:
            schema = json.loads(data)
        except (ValueError, RecursionError):
            continue
        if isinstance(schema, dict):
            found[PurePosixPath(path).name] = schema
    return found
