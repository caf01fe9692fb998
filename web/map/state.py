"""Where cases stand on a map, which way they came, and what went wrong: the part of a map that changes every day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from engine.diagram import Process
from engine.library import DiagramSet
from storage import maps, messages
from storage.database import Connection
from storage.reading.access import Viewer
from web.language import day
from web.map.traces import traces
from web.map.way import way

Place = Mapping[str, str]
"""Where something stands: `text`, and `url` where there is a page for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What is laid over the elements of one process."""

    open: Mapping[str, Sequence[Place]] = field(default_factory=dict)
    passed: Mapping[str, int] = field(default_factory=dict)
    flows_passed: frozenset[str] = frozenset()
    missed: frozenset[str] = frozenset()
    broken: frozenset[str] = frozenset()
    traces: Mapping[str, Sequence[Place]] = field(default_factory=dict)
    """What the case left there: answers in forms, documents."""


def of_all_cases(connection: Connection, viewer: Viewer, diagrams: DiagramSet, process: Process) -> State:
    """Return where the cases that the viewer may see stand in a process, and how often they passed its elements."""
    inside = maps.standing_by_process(connection, viewer)
    standing = dict(maps.standing(connection, viewer, process.id))
    for node in process.nodes:
        if node.called_element:
            total = sum(inside.get(name, 0) for name in called_by(diagrams, node.called_element))
            if total:
                standing[node.id] = total
    words = {element: [_crowd(count)] for element, count in standing.items()}
    return State(open=words, passed=maps.passed(connection, viewer, process.id))


def of_case(connection: Connection, diagrams: DiagramSet, process: Process, case_id: int) -> State:
    """Return where one case stands in a process of its set, and which way it came."""
    rows = maps.waiting(connection, case_id)
    places: dict[str, list[Place]] = {}
    for row in rows:
        if row["process"] == process.id:
            places.setdefault(row["element"], []).append(_task(row))
    for node in process.nodes:
        if node.called_element:
            inner = called_by(diagrams, node.called_element)
            if any(row["process"] in inner for row in rows):
                url = url_for("map.case_process", case_id=case_id, process=node.called_element)
                places[node.id] = [{"text": _("дело внутри этой схемы"), "url": url}]
    for element, due_at in maps.alarms(connection, case_id):
        node_found = process.node.get(element)
        if node_found is not None and node_found.kind == "intermediateCatchEvent":
            places.setdefault(element, []).append({"text": _("ждёт до %(day)s", day=day(due_at))})
    for row in messages.awaiting(connection, case_id):
        if row["element"] in process.node:
            text = _("ждёт итога связанного дела с %(day)s", day=day(row["since"]))
            places.setdefault(row["element"], []).append({"text": text})
    passages = [element for owner, element in maps.passages(connection, case_id) if owner == process.id]
    came = way(process, passages, places)
    return State(
        open=places,
        passed=came.passed,
        flows_passed=came.flows,
        missed=_known(process, maps.missed(connection, case_id)),
        broken=_known(process, maps.broken(connection, case_id)),
        traces=traces(connection, process, case_id),
    )


def called_by(diagrams: DiagramSet, process_id: str) -> set[str]:
    """Return a process with all that it calls, directly or not."""
    found: set[str] = set()
    ahead = [process_id]
    while ahead:
        name = ahead.pop()
        if name in diagrams.processes and name not in found:
            found.add(name)
            ahead += [node.called_element for node in diagrams.processes[name].nodes if node.called_element]
    return found


def _crowd(count: int) -> Place:
    return {"text": ngettext("здесь стоит %(num)d дело", "здесь стоят дела: %(num)d", count), "count": str(count)}


def _task(row: Mapping[str, Any]) -> Place:
    text = _("задача ждёт с %(day)s", day=day(row["opened_at"]))
    if row["due_at"]:
        text = _("%(text)s, срок %(day)s", text=text, day=day(row["due_at"]))
    return {"text": text, "url": url_for("tasks.show", task_id=row["id"])}


def _known(process: Process, elements: Sequence[str]) -> frozenset[str]:
    return frozenset(element for element in elements if element in process.node)
