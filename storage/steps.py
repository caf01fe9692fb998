"""The write side of one step: a function a statement, each counted in the budget of twelve.

Nothing here decides; rows come ready from the engine. `INSERT ... ON CONFLICT` is written in the form that SQLite and
PostgreSQL share.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, exists, insert, select, update
from sqlalchemy import case as sql_case
from sqlalchemy.dialects import postgresql, sqlite

from storage.chain import End
from storage.reading.names import name_of
from storage.reading.rows import Row, first
from storage.tables import (
    awaited_message,
    case,
    case_value,
    chain_head,
    deadline,
    document,
    draft,
    engine_task,
    incident,
    letter,
    number,
    open_task,
    participant,
    passage,
    record,
    record_version,
    submission,
    timer,
    user,
)

Rows = Sequence[Mapping[str, Any]]

GONE = ""
"""The body of an engine row whose task is gone; written in one statement with those that changed."""


def to_json(value: Any) -> str:
    """Write JSON as all rows hold it: Russian letters as they are, no spaces."""
    return _encode(value)


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def upsert(connection: Connection, table: Table, rows: Rows, keys: Sequence[str]) -> None:
    """Insert rows, replacing the other columns where the keys exist already."""
    if rows:
        connection.execute(_upsert(connection.dialect.name, table, tuple(rows[0]), tuple(keys)), list(rows))


# Statements are built once: to build one costs more than to run it.
@lru_cache(maxsize=64)
def _upsert(dialect: str, table: Table, columns: tuple[str, ...], keys: tuple[str, ...]) -> Any:
    statement = (postgresql if dialect == "postgresql" else sqlite).insert(table)
    changed = {name: statement.excluded[name] for name in columns if name not in keys}
    return statement.on_conflict_do_update(index_elements=list(keys), set_=changed)


# What a step begins with --------------------------------------------------------------------------------------------

_TASK = (
    select(
        open_task,
        case.c.number,
        case.c.version,
        case.c.status,
        case.c.set_hash,
        case.c.profile,
        exists().where(draft.c.task_id == open_task.c.id).label("has_draft"),
        chain_head.c.seq.label("chain_seq"),
        chain_head.c.hash.label("chain_hash"),
    )
    .join(case, case.c.id == open_task.c.case_id)
    .join(chain_head, chain_head.c.id == 1, isouter=True)
    .where(open_task.c.id == bindparam("task_id"))
)


def task_with_case(connection: Connection, task_id: str) -> Row | None:
    """Read an open task with what a step must know of its case and the end of the chain; by primary keys."""
    return first(connection, _TASK.params(task_id=task_id))


def chain_end(row: Mapping[str, Any]) -> End | None:
    """Return the end of the chain as `task_with_case` read it, None on an empty chain."""
    return End(row["chain_seq"], row["chain_hash"]) if row["chain_seq"] else None


def case_row(connection: Connection, case_id: int) -> Row | None:
    """Read the row of a case."""
    return first(connection, select(case).where(case.c.id == case_id))


def case_of_number(connection: Connection, number: str) -> Row | None:
    """Read the row of a case by its number, which is unique."""
    return first(connection, select(case).where(case.c.number == number))


def case_data(connection: Connection, case_id: int) -> dict[str, Any]:
    """Read the current data of a case."""
    rows = connection.execute(select(case_value.c.key, case_value.c.value).where(case_value.c.case_id == case_id))
    return {key: json.loads(value) for key, value in rows}


def engine_rows(connection: Connection, case_id: int) -> dict[str, str]:
    """Read the engine's rows of a case, without those that are gone."""
    query = select(engine_task.c.task_id, engine_task.c.body).where(
        engine_task.c.case_id == case_id, engine_task.c.body != GONE
    )
    return {row.task_id: row.body for row in connection.execute(query)}


def participants(connection: Connection, case_id: int) -> dict[str, list[str]]:
    """Read the present members of each case group, in the order in which they joined."""
    query = (
        select(participant.c.group, participant.c.login)
        .where(participant.c.case_id == case_id, participant.c.until.is_(None))
        .order_by(participant.c.id)
    )
    groups: dict[str, list[str]] = {}
    for group, login in connection.execute(query):
        groups.setdefault(group, []).append(login)
    return groups


def done_task(connection: Connection, task_id: str) -> Row | None:
    """Read who completed a task and when; by the submission's task."""
    name = name_of(submission.c.actor).label("name")
    query = (
        select(submission.c.actor, submission.c.at, submission.c.element, submission.c.case_id, name)
        .outerjoin(user, user.c.login == submission.c.actor)
        .where(submission.c.task_id == task_id)
    )
    return first(connection, query)


def answer_of(connection: Connection, key: str) -> tuple[str, str] | None:
    """Read who gave the command with this key, and its answer."""
    query = select(submission.c.actor, submission.c.result).where(submission.c.key == key)
    row = connection.execute(query).one_or_none()
    return (row[0], row[1]) if row else None


# What a step writes -------------------------------------------------------------------------------------------------


def next_number(connection: Connection, series: str, year: int) -> int:
    """Take the next number of a series in a year; the caller holds the write lock."""
    last = connection.execute(
        select(number.c.last).where(number.c.series == series, number.c.year == year)
    ).scalar_one_or_none()
    upsert(connection, number, [{"series": series, "year": year, "last": (last or 0) + 1}], ("series", "year"))
    return (last or 0) + 1


def insert_case(connection: Connection, row: Mapping[str, Any]) -> int:
    """Insert a case and return its id."""
    key = connection.execute(insert(case).values(**row)).inserted_primary_key
    if key is None:
        raise RuntimeError("The database gave no id for a new case.")
    return int(key[0])


_CASE = update(case).where(case.c.id == bindparam("of_case"), case.c.version == bindparam("seen"))


def update_case(connection: Connection, case_id: int, version: int, changed: Mapping[str, Any]) -> bool:
    """Write a case's row if it still has the version; False when somebody was faster."""
    values = {**changed, "version": version + 1, "of_case": case_id, "seen": version}
    return connection.execute(_CASE, values).rowcount == 1


def save_values(connection: Connection, case_id: int, values: Mapping[str, Any]) -> None:
    """Write the top-level keys of case data that changed."""
    rows = [{"case_id": case_id, "key": key, "value": to_json(value)} for key, value in values.items()]
    upsert(connection, case_value, rows, ("case_id", "key"))


def save_engine(connection: Connection, case_id: int, rows: Mapping[str, str], gone: Sequence[str]) -> None:
    """Write the engine's rows that changed and empty those that are gone."""
    written = [{"case_id": case_id, "task_id": task_id, "body": body} for task_id, body in rows.items()]
    emptied = [{"case_id": case_id, "task_id": task_id, "body": GONE} for task_id in gone]
    upsert(connection, engine_task, written + emptied, ("case_id", "task_id"))


def insert_rows(connection: Connection, name: str, rows: Rows) -> None:
    """Insert rows into one of the tables that a step only adds to."""
    if rows:
        connection.execute(_ADDED[name], list(rows))


def insert_submission(connection: Connection, row: Mapping[str, Any]) -> None:
    """Store a form as it was handed in."""
    connection.execute(_SUBMISSION, row)


def reserve(connection: Connection, task_id: str, login: str) -> None:
    """Keep an open task for somebody else."""
    changed = update(open_task).where(open_task.c.id == task_id)
    connection.execute(changed.values(reserved_for=login, assignee=login, claimed_at=None))


def change_tasks(connection: Connection, closed: Sequence[str], opened: Rows) -> None:
    """Take tasks off the inbox and put others there; a new one takes the row of an old one where it can."""
    both = min(len(closed), len(opened))
    if both:
        connection.execute(_REPLACED, [{**row, "old": old} for old, row in zip(closed, opened, strict=False)])
    if closed[both:]:
        connection.execute(_CLOSED, [{"old": old} for old in closed[both:]])
    if opened[both:]:
        connection.execute(_OPENED, list(opened[both:]))


def drop_drafts(connection: Connection, task_ids: Sequence[str]) -> None:
    """Drop the half-filled forms of tasks."""
    if task_ids:
        connection.execute(delete(draft).where(draft.c.task_id.in_(task_ids)))


def close_timers(connection: Connection, task_ids: Sequence[str]) -> None:
    """Forget timers that no longer wait."""
    if task_ids:
        connection.execute(_CLOSED_TIMER, [{"old": task_id} for task_id in task_ids])


def close_deadlines(connection: Connection, case_id: int, statuses: Mapping[str, str], at: str) -> None:
    """Close the deadlines of a case's tasks, each with its status; one that was missed stays missed.

    By ix_deadline_case_id.
    """
    if statuses:
        rows = [{"of_case": case_id, "of_task": task, "reached": to, "at": at} for task, to in statuses.items()]
        connection.execute(_CLOSED_DEADLINE, rows)


def save_records(connection: Connection, rows: Rows) -> None:
    """Write rows of journals; the same key again replaces the fields, and what they were stays as a version."""
    if rows:
        upsert(connection, record, rows, ("journal", "key"))
        connection.execute(_VERSION, list(rows))


def end_memberships(connection: Connection, case_id: int, groups: Sequence[str], at: str) -> None:
    """End all present memberships of groups."""
    if groups:
        present = (participant.c.case_id == case_id, participant.c.group.in_(groups), participant.c.until.is_(None))
        connection.execute(update(participant).where(*present).values(until=at))


def claim(connection: Connection, task_id: str, assignee: str | None, at: str | None) -> None:
    """Set or clear who has a task."""
    connection.execute(update(open_task).where(open_task.c.id == task_id).values(assignee=assignee, claimed_at=at))


def save_draft(connection: Connection, row: Mapping[str, Any]) -> None:
    """Keep a half-filled form."""
    upsert(connection, draft, [row], ("task_id", "login"))


_ADDED = {
    "deadline": insert(deadline),
    "timer": insert(timer),
    "awaited_message": insert(awaited_message),
    "passage": insert(passage),
    "participant": insert(participant),
    "document": insert(document),
    "letter": insert(letter),
    "incident": insert(incident),
}
_SUBMISSION = insert(submission)
_VERSION = insert(record_version)
_OPENED = insert(open_task)
_CLOSED = delete(open_task).where(open_task.c.id == bindparam("old"))
_REPLACED = update(open_task).where(open_task.c.id == bindparam("old"))
_CLOSED_TIMER = delete(timer).where(timer.c.task_id == bindparam("old"))
_CLOSED_DEADLINE = (
    update(deadline)
    .where(
        deadline.c.case_id == bindparam("of_case"),
        deadline.c.task_id == bindparam("of_task"),
        deadline.c.closed_at.is_(None),
    )
    .values(
        status=sql_case((deadline.c.status == "missed", "missed"), else_=bindparam("reached")),
        closed_at=bindparam("at"),
    )
)
