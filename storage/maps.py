"""What the map and the editor ask of the database: publications, where cases stand, which way they came, drafts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, String, and_, column, delete, func, insert, select, values

from storage.reading.access import Viewer, may_see
from storage.tables import case, deadline, diagram_draft, diagram_file, incident, open_task, passage, publication, timer

Row = Mapping[str, Any]


def publications(connection: Connection, limit: int = 100) -> Sequence[Row]:
    """Return the publications, newest first; `cases` counts the open cases that keep to the set."""
    open_cases = (
        select(case.c.set_hash, func.count().label("cases"))
        .where(case.c.status != "ended")
        .group_by(case.c.set_hash)
        .subquery()
    )
    query = (
        select(publication, func.coalesce(open_cases.c.cases, 0).label("cases"))
        .outerjoin(open_cases, open_cases.c.set_hash == publication.c.set_hash)
        .order_by(publication.c.id.desc())
        .limit(limit)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def standing(connection: Connection, viewer: Viewer, process: str) -> dict[str, int]:
    """Return element -> number of cases the viewer may see that stand there; open tasks are few, so all are read."""
    query = (
        select(open_task.c.element, func.count(open_task.c.case_id.distinct()))
        .join(case, case.c.id == open_task.c.case_id)
        .where(open_task.c.process == process, may_see(viewer))
        .group_by(open_task.c.element)
    )
    return _counts(connection, query)


def standing_by_process(connection: Connection, viewer: Viewer) -> dict[str, int]:
    """Return (sub-)process -> number of cases the viewer may see that stand somewhere in it."""
    query = (
        select(open_task.c.process, func.count(open_task.c.case_id.distinct()))
        .join(case, case.c.id == open_task.c.case_id)
        .where(may_see(viewer))
        .group_by(open_task.c.process)
    )
    return _counts(connection, query)


def passed(connection: Connection, viewer: Viewer, process: str) -> dict[str, int]:
    """Return element -> how often the cases that the viewer may see completed it; by ix_passage_process."""
    query = (
        select(passage.c.element, func.count())
        .join(case, case.c.id == passage.c.case_id)
        .where(passage.c.process == process, may_see(viewer))
        .group_by(passage.c.element)
    )
    return _counts(connection, query)


def cases_by_name(connection: Connection, viewer: Viewer, places: Sequence[tuple[str, str, str]]) -> dict[str, int]:
    """Return name -> how many cases that the viewer may see passed one of its places, by ix_passage_process.

    `places` are (name, process, element); a case that passed several places of a name counts once.
    """
    if not places:
        return {}
    asked = (
        values(column("name", String), column("process", String), column("element", String), name="place")
        .data(list(places))
        .cte("place")
    )
    query = (
        select(asked.c.name, func.count(passage.c.case_id.distinct()))
        .join(passage, and_(passage.c.process == asked.c.process, passage.c.element == asked.c.element))
        .join(case, case.c.id == passage.c.case_id)
        .where(may_see(viewer))
        .group_by(asked.c.name)
    )
    return _counts(connection, query)


def passages(connection: Connection, case_id: int) -> list[tuple[str, str]]:
    """Return what a case passed, in order, as (process, element)."""
    query = select(passage.c.process, passage.c.element).where(passage.c.case_id == case_id).order_by(passage.c.id)
    return [(process, element) for process, element in connection.execute(query)]


def waiting(connection: Connection, case_id: int) -> Sequence[Row]:
    """Return the open tasks of a case with their deadlines."""
    columns = (open_task.c.id, open_task.c.process, open_task.c.element, open_task.c.opened_at, open_task.c.due_at)
    query = select(*columns, open_task.c.assignee).where(open_task.c.case_id == case_id).order_by(open_task.c.opened_at)
    return [dict(row) for row in connection.execute(query).mappings()]


def alarms(connection: Connection, case_id: int) -> list[tuple[str, str]]:
    """Return the timer events that wait in a case, as (element, when); by ix_timer_case_id."""
    query = select(timer.c.element, timer.c.due_at).where(timer.c.case_id == case_id)
    return [(element, due_at) for element, due_at in connection.execute(query)]


def seen_case(connection: Connection, viewer: Viewer, case_id: int) -> Row | None:
    """Return the case, None where there is none that the viewer may see; by primary key."""
    columns = (case.c.id, case.c.number, case.c.subject, case.c.process, case.c.profile, case.c.set_hash, case.c.status)
    row = connection.execute(select(*columns).where(case.c.id == case_id, may_see(viewer))).mappings().one_or_none()
    return dict(row) if row else None


def broken(connection: Connection, case_id: int) -> list[str]:
    """Return the elements at which a case stands as an incident."""
    query = select(incident.c.element).where(incident.c.case_id == case_id, incident.c.resolved_at.is_(None))
    return list(connection.execute(query).scalars())


def missed(connection: Connection, case_id: int) -> list[str]:
    """Return the elements of a case whose deadline was missed."""
    query = select(deadline.c.element).where(deadline.c.case_id == case_id, deadline.c.status == "missed")
    return list(connection.execute(query).scalars())


def _counts(connection: Connection, query: Select[str, int]) -> dict[str, int]:
    return {str(name): int(count) for name, count in connection.execute(query)}


# Drafts -------------------------------------------------------------------------------------------------------------


def drafts(connection: Connection) -> Sequence[Row]:
    """Return the drafts without their content, by path."""
    columns = (diagram_draft.c.path, diagram_draft.c.base_hash, diagram_draft.c.at, diagram_draft.c.by)
    return [dict(row) for row in connection.execute(select(*columns).order_by(diagram_draft.c.path)).mappings()]


def draft_contents(connection: Connection, paths: Sequence[str] | None = None) -> dict[str, bytes]:
    """Return path -> content of the named drafts, or of all."""
    query = select(diagram_draft.c.path, diagram_draft.c.content)
    if paths is not None:
        query = query.where(diagram_draft.c.path.in_(paths))
    return {path: bytes(content) for path, content in connection.execute(query)}


def draft(connection: Connection, path: str) -> Row | None:
    """Return one draft."""
    row = connection.execute(select(diagram_draft).where(diagram_draft.c.path == path)).mappings().one_or_none()
    return dict(row) if row else None


def keep_draft(connection: Connection, path: str, content: bytes, *, base_hash: str, at: str, by: str) -> None:
    """Write a draft in place of the one that is there."""
    forget_drafts(connection, [path])
    values = {"path": path, "content": content, "base_hash": base_hash, "at": at, "by": by}
    connection.execute(insert(diagram_draft).values(values))


def forget_drafts(
    connection: Connection, paths: Sequence[str], *, published: Mapping[str, bytes] | None = None
) -> None:
    """Remove drafts; with `published`, path -> content, those alone that say what was published."""
    said = draft_contents(connection, paths)
    gone = [path for path in paths if published is None or said.get(path) == published.get(path)]
    connection.execute(delete(diagram_draft).where(diagram_draft.c.path.in_(gone)))


def file_hash(connection: Connection, set_hash: str, path: str) -> str | None:
    """Return the hash of a file in a set, None where the set has no such file; by primary key."""
    query = select(diagram_file.c.sha256).where(diagram_file.c.set_hash == set_hash, diagram_file.c.path == path)
    return connection.execute(query).scalar_one_or_none()
