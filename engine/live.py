"""A case in memory: its running process, its data and its people, as of one version of its row."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.diagram import Node
from engine.errors import NotFound
from engine.library import DiagramSet, Library
from engine.state import Saved, restore
from engine.steps import Terms
from engine.workflow import LiveWorkflow
from storage import messages, reading_state
from storage import steps as write
from storage.database import Connection

KEPT_CASES = 256
"""How many cases a process keeps ready; the others are restored from their rows when they are needed."""


@dataclass(slots=True, kw_only=True)
class LiveCase:
    """One case, ready to take a step. `version` is that of the row it was read from."""

    id: int
    number: str
    process: str
    profile: str
    readings: str
    version: int
    status: str
    parent_id: int | None
    diagrams: DiagramSet
    terms: Terms
    workflow: LiveWorkflow
    saved: Saved = field(default_factory=Saved)
    data: dict[str, Any] = field(default_factory=dict)
    participants: dict[str, list[str]] = field(default_factory=dict)
    open_tasks: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Task id -> its row, as the inbox shows it."""
    timers: set[str] = field(default_factory=set)
    awaited: dict[str, str] = field(default_factory=dict)
    """Message event that waits -> name of its message."""
    documents: int = 0

    def node(self, process_id: str, element: str) -> Node:
        """Return an element of the case's diagrams; raises NotFound."""
        found = self.diagrams.owner(process_id).node.get(element)
        if found is None:
            raise NotFound(what=f"элемент {element} процесса {process_id}")
        return found


class LiveCases:
    """The cases that this process keeps in memory; a taken case is put back only when its step is committed."""

    def __init__(self, library: Library, kept: int = KEPT_CASES) -> None:
        self._library = library
        self._kept = kept
        self._cases: OrderedDict[int, LiveCase] = OrderedDict()
        self._lock = threading.Lock()
        self.restored = 0
        """How many cases had to be built again from their rows."""

    def take(self, connection: Connection, case_id: int) -> LiveCase:
        """Return the case as of its present row; raises NotFound."""
        row = write.case_row(connection, case_id)
        if row is None:
            raise NotFound(what=f"дело {case_id}")
        return self.take_version(connection, case_id, row["version"], row)

    def take_version(
        self, connection: Connection, case_id: int, version: int, row: Mapping[str, Any] | None = None
    ) -> LiveCase:
        """Return the case if it is kept at this version, else restore it."""
        with self._lock:
            live = self._cases.pop(case_id, None)
        if live is not None and live.version == version:
            return live
        found = row or write.case_row(connection, case_id)
        if found is None:
            raise NotFound(what=f"дело {case_id}")
        return self._restore(connection, found)

    def put_back(self, live: LiveCase) -> None:
        """Keep a case for its next step."""
        with self._lock:
            self._cases[live.id] = live
            self._cases.move_to_end(live.id)
            while len(self._cases) > self._kept:
                self._cases.popitem(last=False)

    def forget(self, case_ids: Iterable[int]) -> None:
        """Keep these cases no longer."""
        with self._lock:
            for case_id in case_ids:
                self._cases.pop(case_id, None)

    def _restore(self, connection: Connection, row: Mapping[str, Any]) -> LiveCase:
        self.restored += 1
        case_id = row["id"]
        diagram_set = self._library.set(row["set_hash"])
        data = write.case_data(connection, case_id)
        specification = diagram_set.specification(row["process"])
        workflow, saved = restore(
            specification.spec,
            specification.subprocess_specs,
            row["engine_head"],
            write.engine_rows(connection, case_id),
            data,
        )
        return LiveCase(
            id=case_id,
            number=row["number"],
            process=row["process"],
            profile=row["profile"],
            readings=row["readings"],
            version=row["version"],
            status=row["status"],
            parent_id=row["parent_id"],
            diagrams=diagram_set,
            terms=self._library.terms(row["set_hash"], row["profile"], row["readings"]),
            workflow=workflow,
            saved=saved,
            data=data,
            participants=write.participants(connection, case_id),
            open_tasks=reading_state.open_tasks(connection, case_id),
            timers=reading_state.timers(connection, case_id),
            awaited=messages.awaited(connection, case_id),
            documents=reading_state.document_count(connection, case_id),
        )


def readings_text(readings: Mapping[str, Any] | None) -> str:
    """Write overriding readings as the row of a case holds them."""
    return json.dumps(dict(readings or {}), ensure_ascii=False, sort_keys=True)
