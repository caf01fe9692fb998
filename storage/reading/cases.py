"""Cases: the list, and everything that a case's page shows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, or_, select

from storage.reading.access import Viewer, like, may_see
from storage.reading.names import name_of
from storage.reading.rows import Row, every, first
from storage.tables import (
    attachment,
    case,
    case_value,
    deadline,
    document,
    event,
    incident,
    letter,
    open_task,
    participant,
    record,
    submission,
    user,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which cases are asked for; an empty text asks for all."""

    process: str = ""
    status: str = ""
    text: str = ""


def cases(connection: Connection, viewer: Viewer, wanted: Filter, *, offset: int, limit: int) -> list[Row]:
    """Return a page of cases, newest first; by primary key backwards, or ix_case_process_status with a filter."""
    query = _filtered(select(case), viewer, wanted).order_by(case.c.id.desc()).offset(offset).limit(limit)
    rows = every(connection, query)
    waiting = _waiting(connection, [row["id"] for row in rows])
    return [{**row, "waiting": waiting.get(row["id"], [])} for row in rows]


def _filtered(query: Select[Any], viewer: Viewer, wanted: Filter) -> Select[Any]:
    query = query.where(may_see(viewer))
    if wanted.process:
        query = query.where(case.c.process == wanted.process)
    if wanted.status:
        query = query.where(case.c.status == wanted.status)
    if wanted.text:
        pattern = like(wanted.text)
        by_name = (
            select(participant.c.case_id)
            .join(user, user.c.login == participant.c.login)
            .where(func.lower(user.c.name).like(pattern, escape="\\"))
        )
        by_document = select(document.c.case_id).where(func.lower(document.c.number).like(pattern, escape="\\"))
        query = query.where(
            or_(
                func.lower(case.c.number).like(pattern, escape="\\"),
                func.lower(case.c.subject).like(pattern, escape="\\"),
                case.c.id.in_(by_name),
                case.c.id.in_(by_document),
            )
        )
    return query


def _waiting(connection: Connection, ids: Sequence[int]) -> dict[int, list[Row]]:
    query = (
        select(open_task.c.case_id, open_task.c.name, open_task.c.due_at, open_task.c.role)
        .where(open_task.c.case_id.in_(ids))
        .order_by(open_task.c.due_at)
    )
    found: dict[int, list[Row]] = {}
    for row in every(connection, query):
        found.setdefault(row["case_id"], []).append(row)
    return found


def one(connection: Connection, viewer: Viewer, case_id: int) -> Row | None:
    """Return a case that the viewer may see; by primary key."""
    query = (
        select(case, name_of(case.c.started_by).label("started_by_name"))
        .join(user, user.c.login == case.c.started_by, isouter=True)
        .where(case.c.id == case_id, may_see(viewer))
    )
    return first(connection, query)


def by_number(connection: Connection, viewer: Viewer, number: str) -> Row | None:
    """Return the case of this very number that the viewer may see; by its unique index."""
    query = select(case).where(func.lower(case.c.number) == number.strip().lower(), may_see(viewer))
    return first(connection, query)


def data(connection: Connection, case_id: int) -> dict[str, Any]:
    """Return the case's current data; by primary key prefix."""
    rows = connection.execute(select(case_value.c.key, case_value.c.value).where(case_value.c.case_id == case_id))
    return {key: json.loads(value) for key, value in rows}


def set_of(connection: Connection, case_id: int) -> str:
    """Return the hash of the set with which a case began; by primary key. The caller has seen the case."""
    return str(connection.execute(select(case.c.set_hash).where(case.c.id == case_id)).scalar_one())


def visible_numbers(connection: Connection, viewer: Viewer, numbers: Sequence[str]) -> set[str]:
    """Return those of the numbers whose cases the viewer may see; by their unique index."""
    if not numbers:
        return set()
    query = select(case.c.number).where(case.c.number.in_(numbers), may_see(viewer))
    return set(connection.execute(query).scalars())


def related(connection: Connection, viewer: Viewer, row: Row) -> list[Row]:
    """Return the case's parent and children that the viewer may see; by primary key and ix_case_parent_id."""
    query = select(case).where(or_(case.c.parent_id == row["id"], case.c.id == row["parent_id"]), may_see(viewer))
    return every(connection, query.order_by(case.c.id))


def history(connection: Connection, case_id: int, limit: int) -> list[Row]:
    """Return the last events of a case, newest first, `data` read and the actor's name added; by ix_event_case_id."""
    query = (
        select(event, name_of(event.c.actor).label("actor_name"))
        .join(user, user.c.login == event.c.actor, isouter=True)
        .where(event.c.case_id == case_id)
        .order_by(event.c.seq.desc())
        .limit(limit)
    )
    return [{**row, "data": json.loads(row["data"])} for row in every(connection, query)]


def participants(connection: Connection, case_id: int) -> list[Row]:
    """Return everybody who is or was in a group of the case, with names; by ix_participant_case_id."""
    return every(connection, _PARTICIPANTS, {"of_case": case_id})


_PARTICIPANTS = (
    select(participant, user.c.name)
    .join(user, user.c.login == participant.c.login, isouter=True)
    .where(participant.c.case_id == bindparam("of_case"))
    .order_by(participant.c.id)
)


def deadlines(connection: Connection, case_id: int) -> list[Row]:
    """Return the deadlines of a case, the running ones first; by ix_deadline_case_id."""
    query = select(deadline).where(deadline.c.case_id == case_id)
    return every(connection, query.order_by(deadline.c.status != "running", deadline.c.due_at, deadline.c.id))


def deadline_of_task(connection: Connection, case_id: int, task_id: str) -> Row | None:
    """Return the deadline of an open task; by ix_deadline_case_id."""
    query = select(deadline).where(deadline.c.case_id == case_id, deadline.c.task_id == task_id)
    return first(connection, query.order_by(deadline.c.id.desc()))


def submissions(connection: Connection, case_id: int, *, form: str | None = None) -> list[Row]:
    """Return the forms handed in, newest first, `values` read and names added; by ix_submission_case_id."""
    query = (
        select(submission, name_of(submission.c.actor).label("actor_name"))
        .join(user, user.c.login == submission.c.actor, isouter=True)
        .where(submission.c.case_id == case_id)
        .order_by(submission.c.id.desc())
    )
    if form:
        query = query.where(submission.c.form == form)
    return [{**row, "values": json.loads(row["values"])} for row in every(connection, query)]


def submission_one(connection: Connection, submission_id: int) -> Row | None:
    """Return one submission, `values` read; by primary key."""
    query = (
        select(submission, name_of(submission.c.actor).label("actor_name"))
        .join(user, user.c.login == submission.c.actor, isouter=True)
        .where(submission.c.id == submission_id)
    )
    row = first(connection, query)
    return {**row, "values": json.loads(row["values"])} if row else None


def forms_by(connection: Connection, case_id: int, login: str) -> frozenset[str]:
    """Return the forms that somebody handed in in a case; by ix_submission_case_id."""
    query = select(submission.c.form).where(submission.c.case_id == case_id, submission.c.actor == login)
    return frozenset(connection.execute(query.distinct()).scalars())


def documents(connection: Connection, case_id: int) -> list[Row]:
    """Return the documents of a case, newest first; by ix_document_case_id."""
    query = select(document).where(document.c.case_id == case_id).order_by(document.c.id.desc())
    return every(connection, query)


def letters(connection: Connection, case_id: int) -> list[Row]:
    """Return the letters of a case, newest first; by ix_letter_case_id."""
    query = select(letter).where(letter.c.case_id == case_id).order_by(letter.c.id.desc())
    return every(connection, query)


def records(connection: Connection, case_id: int) -> list[Row]:
    """Return the case's rows in journals, `fields` read; by ix_record_case_id."""
    query = select(record).where(record.c.case_id == case_id).order_by(record.c.journal, record.c.at)
    return [{**row, "fields": json.loads(row["fields"])} for row in every(connection, query)]


def attachments(connection: Connection, case_id: int) -> list[Row]:
    """Return the uploads of a case with the names of who brought them; by ix_attachment_case_id."""
    query = (
        select(attachment, name_of(attachment.c.by).label("by_name"))
        .join(user, user.c.login == attachment.c.by, isouter=True)
        .where(attachment.c.case_id == case_id)
        .order_by(attachment.c.at)
    )
    return every(connection, query)


def attachments_of_task(connection: Connection, task_id: str) -> list[Row]:
    """Return the uploads that came with a task, oldest first; by ix_attachment_task_id."""
    query = select(attachment).where(attachment.c.task_id == task_id).order_by(attachment.c.at)
    return every(connection, query)


def incidents_of_case(connection: Connection, case_id: int) -> list[Row]:
    """Return the incidents of a case, open ones first; by ix_incident_case_id."""
    query = select(incident).where(incident.c.case_id == case_id)
    return every(connection, query.order_by(incident.c.resolved_at.is_not(None), incident.c.id.desc()))


def submission_of_task(connection: Connection, task_id: str) -> Row | None:
    """Return how a task was completed, with the name of who did it; by ix_submission_task_id."""
    query = (
        select(submission, name_of(submission.c.actor).label("actor_name"))
        .join(user, user.c.login == submission.c.actor, isouter=True)
        .where(submission.c.task_id == task_id)
        .order_by(submission.c.id.desc())
        .limit(1)
    )
    return first(connection, query)
