"""What a played case came to, for the comparison with what its scenario expects; each query goes by case_id."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, func, select

from storage.tables import case, deadline, document, event, incident, letter, open_task, passage, record

_KINDS = {
    "letters": letter.c.kind,
    "documents": document.c.kind,
    "events": event.c.type,
    "waiting": open_task.c.element,
}


def kinds(connection: Connection, case_id: int, word: str) -> list[str]:
    """Read the kinds of a case's `letters`, `documents` or `events`, or the elements that are `waiting`."""
    column = _KINDS[word]
    return list(connection.execute(select(column).where(column.table.c.case_id == case_id)).scalars())


def deadlines(connection: Connection, case_id: int) -> dict[str, list[str]]:
    """Read the days of a case's deadlines by term, oldest first."""
    found: dict[str, list[str]] = {}
    query = select(deadline.c.term, deadline.c.due_on).where(deadline.c.case_id == case_id).order_by(deadline.c.id)
    for term, due_on in connection.execute(query):
        found.setdefault(term, []).append(due_on)
    return found


def children(connection: Connection, case_id: int) -> list[str]:
    """Read the processes of the cases that a case opened."""
    return list(connection.execute(select(case.c.process).where(case.c.parent_id == case_id)).scalars())


def records(connection: Connection, case_id: int) -> dict[str, list[dict[str, Any]]]:
    """Read the rows that a case wrote into journals."""
    found: dict[str, list[dict[str, Any]]] = {}
    query = select(record.c.journal, record.c.fields).where(record.c.case_id == case_id)
    for journal, fields in connection.execute(query):
        found.setdefault(journal, []).append(json.loads(fields))
    return found


def status(connection: Connection, case_id: int) -> str:
    """Read the status of a case."""
    return str(connection.execute(select(case.c.status).where(case.c.id == case_id)).scalar_one())


def latest_case(connection: Connection, process: str) -> int | None:
    """Read the id of the case of a process that was opened last."""
    query = select(case.c.id).where(case.c.process == process).order_by(case.c.id.desc()).limit(1)
    return connection.execute(query).scalar_one_or_none()


def cases_waiting_for(connection: Connection, element: str) -> list[int]:
    """Read the ids of the cases in which a task waits, the oldest case first."""
    query = select(open_task.c.case_id).where(open_task.c.element == element).distinct().order_by(open_task.c.case_id)
    return list(connection.execute(query).scalars())


def all_cases(connection: Connection) -> list[dict[str, Any]]:
    """Read number, process and status of every case, oldest first."""
    query = select(case.c.number, case.c.process, case.c.status).order_by(case.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def passages(connection: Connection) -> set[tuple[str, str]]:
    """Read every (process, element) that some case completed."""
    return {(row[0], row[1]) for row in connection.execute(select(passage.c.process, passage.c.element).distinct())}


def ways(connection: Connection) -> tuple[tuple[tuple[str, str], ...], ...]:
    """Read of each case every (process, element) that it completed, in that order."""
    query = select(passage.c.case_id, passage.c.process, passage.c.element).order_by(passage.c.case_id, passage.c.id)
    found: dict[int, list[tuple[str, str]]] = {}
    for case_id, process, element in connection.execute(query):
        found.setdefault(case_id, []).append((process, element))
    return tuple(tuple(way) for way in found.values())


def documents_issued(connection: Connection) -> set[tuple[str, str]]:
    """Read (`process.element`, kind) of every document; the process is the one in which the element was passed."""
    query = (
        select(passage.c.process, document.c.element, document.c.kind)
        .join(passage, (passage.c.case_id == document.c.case_id) & (passage.c.element == document.c.element))
        .distinct()
    )
    return {(f"{process}.{element}", kind) for process, element, kind in connection.execute(query)}


def document_titles(connection: Connection) -> dict[str, str]:
    """Read kind -> title of the documents; of several titles of a kind the first by alphabet."""
    query = select(document.c.kind, func.min(document.c.title)).group_by(document.c.kind)
    return {str(kind): str(title) for kind, title in connection.execute(query)}


def first_incident(connection: Connection) -> tuple[str, str, str] | None:
    """Read element, error and trace of an unresolved incident."""
    query = select(incident.c.element, incident.c.error, incident.c.trace).where(incident.c.resolved_at.is_(None))
    row = connection.execute(query).first()
    return (row[0], row[1], row[2]) if row else None
