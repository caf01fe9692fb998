"""Published diagram sets, read once for each hash and kept: models, forms, tables, specifications.

A set never changes, so what is made of it may be shared between threads and cases; a case keeps the set it began with.
"""

from __future__ import annotations

import csv
import io
import json
import threading
import tomllib
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from engine.diagram import SUBPROCESSES, Diagram, Node, Process, read_diagram
from engine.errors import NotFound
from engine.forms import Form
from engine.specifications import Specification, specification
from engine.steps import Terms

SET_FOLDERS = {
    ".": (".bpmn", ".toml", ".csv"),
    "forms": (".json",),
    "tables": (".csv",),
    "calendars": (".csv",),
    "documents": (".typ",),
}
"""Which files of `processes/` belong to a set. Scenarios and sample data do not: they prove a set, they are not it."""

TermsOf = Callable[["DiagramSet", str, Mapping[str, Any]], Terms]
"""(set, profile, overriding readings) -> the terms of a case; given by whoever knows the rules."""


def read_folder(folder: Path) -> dict[str, bytes]:
    """Read the files of a set from a folder, path -> content; paths use `/`."""
    return {name: path.read_bytes() for name, path in files_in(folder).items()}


def files_in(folder: Path) -> dict[str, Path]:
    """Return where the files of a set lie, by their path in it."""
    return {
        path.relative_to(folder).as_posix(): path
        for inner, endings in SET_FOLDERS.items()
        for path in sorted((folder / inner).glob("*"))
        if path.suffix in endings and path.is_file()
    }


class DiagramSet:
    """One published set of diagrams, forms, tables and profile."""

    def __init__(self, set_hash: str, files: Mapping[str, bytes]) -> None:
        self.hash = set_hash
        self.files = files
        self._specifications: dict[str, Specification] = {}
        self._requirement_words: dict[str, dict[str, dict[str, str]]] = {}
        self._lock = threading.Lock()

    @cached_property
    def diagrams(self) -> Mapping[str, Diagram]:
        """Diagrams by path."""
        return {path: read_diagram(path, data) for path, data in self.files.items() if path.endswith(".bpmn")}

    @cached_property
    def processes(self) -> Mapping[str, Process]:
        """Processes by id."""
        return {process.id: process for diagram in self.diagrams.values() for process in diagram.processes}

    @cached_property
    def path_of(self) -> Mapping[str, str]:
        """Process id -> path of its diagram."""
        return {process.id: path for path, diagram in self.diagrams.items() for process in diagram.processes}

    @cached_property
    def forms(self) -> Mapping[str, Form]:
        """Forms by file name (`decision.json`)."""
        return {
            PurePosixPath(path).name: Form(PurePosixPath(path).stem, json.loads(data))
            for path, data in self.files.items()
            if path.startswith("forms/") and not path.endswith(".ui.json")
        }

    @cached_property
    def profile(self) -> Mapping[str, Any]:
        """The contents of profile.toml."""
        return tomllib.loads(self.files.get("profile.toml", b"").decode())

    @cached_property
    def requirements(self) -> Mapping[str, Mapping[str, str]]:
        """Rows of requirements.csv by id."""
        text = self.files.get("requirements.csv", b"").decode("utf-8-sig")
        return {row["id"]: row for row in csv.DictReader(io.StringIO(text)) if row.get("id")}

    def requirement(self, requirement_id: str, language: str) -> Mapping[str, str]:
        """Return `id`, `section` and `requirement` in a language (`requirements.ru.csv`), else as the table says them.

        A requirement that the table does not know has its id alone.
        """
        row = {"id": requirement_id, "section": "", "requirement": "", **self.requirements.get(requirement_id, {})}
        if language not in self._requirement_words:
            told = self.rows(f"requirements.{language}")
            self._requirement_words[language] = {str(one.get("id")): one for one in told}
        said = self._requirement_words[language].get(requirement_id, {})
        return {**row, **{name: text for name, text in said.items() if name in ("section", "requirement") and text}}

    def requirement_text(self, requirement_id: str, language: str) -> str:
        """Return what a requirement demands in a language, an empty text for an unknown one."""
        return self.requirement(requirement_id, language)["requirement"]

    @cached_property
    def roles(self) -> Mapping[str, Mapping[str, str]]:
        """Role id -> its names (`ru`, `en`) and `scope` (organisation, case)."""
        return dict(self.profile.get("roles", {}))

    @cached_property
    def outside(self) -> frozenset[str]:
        """Case roles and groups of people who are not of the body, as the profile marks them (`outside = true`)."""
        named = {**self.profile.get("groups", {}), **self.profile.get("roles", {})}
        return frozenset(name for name, one in named.items() if one.get("outside"))

    def group_name(self, group: str) -> str:
        """Return the Russian name of a case group, or its id."""
        named = self.profile.get("groups", {}).get(group) or self.roles.get(group) or {}
        return str(named.get("ru", group))

    def rows(self, path: str) -> list[dict[str, str]]:
        """Return the rows of a table or calendar of the set (`tables/qms_initial`), [] if there is none."""
        data = self.files.get(f"{path}.csv")
        if data is None:
            return []
        lines = (line for line in data.decode("utf-8-sig").splitlines() if not line.startswith("#"))
        return list(csv.DictReader(lines))

    def form(self, name: str) -> Form:
        """Return a form by file name; raises NotFound."""
        try:
            return self.forms[name]
        except KeyError as error:
            raise NotFound(what=f"форма {name}") from error

    def process(self, process_id: str) -> Process:
        """Return a process by id; raises NotFound."""
        try:
            return self.processes[process_id]
        except KeyError as error:
            raise NotFound(what=f"процесс {process_id}") from error

    @cached_property
    def _owners(self) -> Mapping[str, Process]:
        inner = {
            node.id: process
            for process in self.processes.values()
            for node in process.nodes
            if node.kind in SUBPROCESSES
        }
        return {**inner, **self.processes}

    def owner(self, name: str) -> Process:
        """Return the process of a specification: itself, or the one around a sub-process."""
        return self._owners.get(name) or self.process(name)

    def process_settings(self, process_id: str) -> Mapping[str, Any]:
        """Return the profile's `[process.<id>]` table."""
        return dict(self.profile.get("process", {}).get(process_id, {}))

    def default_profile(self, process_id: str) -> str:
        """Return the profile of new cases of a process: the one that is set for it, else the first of the file."""
        return str(self.process_settings(process_id).get("profile") or next(iter(self.profile.get("profiles", {})), ""))

    @cached_property
    def starting(self) -> tuple[str, ...]:
        """Ids of the processes with which a case can begin: those that nobody calls, first named first."""
        called = {
            node.called_element for process in self.processes.values() for node in process.nodes if node.called_element
        }
        return tuple(name for name in self.processes if name not in called)

    def start_event(self, process_id: str) -> Node:
        """Return the plain start event of a process; raises NotFound."""
        process = self.process(process_id)
        for node in process.in_scope(process.id):
            if node.kind == "startEvent":
                return node
        raise NotFound(what=f"начало процесса {process_id}")

    def start_form(self, process_id: str) -> Form | None:
        """Return the form with which a case begins, None if the process needs none."""
        name = self.start_event(process_id).properties.get("formJsonSchemaFilename")
        return self.form(name) if name else None

    def specification(self, process_id: str) -> Specification:
        """Return what SpiffWorkflow runs, parsed once."""
        self.process(process_id)
        with self._lock:
            if process_id not in self._specifications:
                self._specifications[process_id] = specification(self.diagrams, self.files, process_id)
            return self._specifications[process_id]


class Library:
    """The sets of an installation by hash; loads each once."""

    def __init__(self, load: Callable[[str], Mapping[str, bytes]], terms_of: TermsOf) -> None:
        self._load = load
        self._terms_of = terms_of
        self._sets: dict[str, DiagramSet] = {}
        self._terms: dict[tuple[str, str, str], Terms] = {}
        self._lock = threading.Lock()

    def set(self, set_hash: str) -> DiagramSet:
        """Return a set; raises NotFound."""
        with self._lock:
            if set_hash not in self._sets:
                files = self._load(set_hash)
                if not files:
                    raise NotFound(what=f"набор схем {set_hash[:12]}")
                self._sets[set_hash] = DiagramSet(set_hash, files)
            return self._sets[set_hash]

    def terms(self, set_hash: str, profile: str, readings: str) -> Terms:
        """Return the terms of a case; `readings` is the JSON text of its overriding readings."""
        key = (set_hash, profile, readings)
        if key not in self._terms:
            self._terms[key] = self._terms_of(self.set(set_hash), profile, json.loads(readings))
        return self._terms[key]
