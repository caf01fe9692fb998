"""The inbox: which tasks wait for somebody, soonest deadline first.

Ten thousand open cases may wait for one role, so nothing is counted or sorted to its end. Each way in which a task can
concern a person is a branch of its own that walks one index in the order of deadlines and stops; the branches are then
merged. Counts stop at `MOST_COUNTED`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    exists,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    union,
)

from storage.instants import to_text
from storage.reading.access import HIDING_GROUPS, Viewer, like
from storage.reading.rows import Row, every, first
from storage.tables import case, open_task, participant, user

MOST_COUNTED = 999
SOON = timedelta(days=3)

View = Literal["all", "mine", "free", "taken"]
When = Literal["", "late", "soon"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What part of the inbox is asked for."""

    view: View = "all"
    """mine: taken by or kept for the person; free: open to a role of the person; all: both; taken: by colleagues."""
    when: When = ""
    text: str = ""
    now: datetime
    end_of_soon: datetime | None = None


def tasks(connection: Connection, viewer: Viewer, wanted: Wanted, *, offset: int, limit: int) -> list[Row]:
    """Return a page of tasks with the case's number, subject and process and the assignee's name.

    By ix_open_task_role, ix_open_task_assignee, ix_open_task_on_behalf (each with due_at) and ix_participant_login.
    """
    merged = _merged(viewer, wanted, offset + limit).subquery()
    query = (
        select(
            open_task,
            case.c.number,
            case.c.subject,
            case.c.process.label("case_process"),
            case.c.set_hash,
            user.c.name.label("assignee_name"),
        )
        .join(merged, merged.c.id == open_task.c.id)
        .join(case, case.c.id == open_task.c.case_id)
        .join(user, user.c.login == open_task.c.assignee, isouter=True)
        .order_by(open_task.c.due_at.is_(None), open_task.c.due_at, open_task.c.id)
        .offset(offset)
        .limit(limit)
    )
    return every(connection, query)


def count(connection: Connection, viewer: Viewer, wanted: Wanted) -> int:
    """Return how many tasks there are, at most MOST_COUNTED + 1; same indexes, stops early."""
    merged = _merged(viewer, wanted, MOST_COUNTED + 1).subquery()
    query = select(func.count()).select_from(select(merged.c.id).limit(MOST_COUNTED + 1).subquery())
    return int(connection.execute(query).scalar_one())


def _merged(viewer: Viewer, wanted: Wanted, limit: int) -> Any:
    branches = [_first(condition, viewer, wanted, limit).subquery() for condition in _branches(viewer, wanted.view)]
    return union(*(select(branch.c.id, branch.c.due_at) for branch in branches))


def _first(condition: ColumnElement[bool], viewer: Viewer, wanted: Wanted, limit: int) -> Select[Any]:
    query = select(open_task.c.id, open_task.c.due_at).where(condition, not_(_hidden(viewer)), *_when(wanted))
    if wanted.text:
        pattern = like(wanted.text)
        query = query.join(case, case.c.id == open_task.c.case_id).where(
            or_(
                *(
                    func.lower(column).like(pattern, escape="\\")
                    for column in (case.c.number, case.c.subject, open_task.c.name)
                )
            )
        )
    return query.order_by(open_task.c.due_at).limit(limit)


def _branches(viewer: Viewer, view: View) -> list[ColumnElement[bool]]:
    mine = [
        open_task.c.assignee == viewer.login,
        and_(open_task.c.reserved_for == viewer.login, open_task.c.assignee.is_(None)),
    ]
    if view == "mine":
        return mine
    nobodys = and_(open_task.c.assignee.is_(None), open_task.c.reserved_for.is_(None))
    status = (
        and_(open_task.c.assignee.is_not(None), open_task.c.assignee != viewer.login) if view == "taken" else nobodys
    )
    free = [and_(way, status, or_(open_task.c.excludes == "", not_(_excluded(viewer)))) for way in _ways(viewer)] or [
        false()
    ]
    return [*mine, *free] if view == "all" else free


def _ways(viewer: Viewer) -> list[ColumnElement[bool]]:
    """Return the ways in which a task can be open to somebody, one index each."""
    roles = sorted(viewer.roles)
    in_case = exists().where(
        participant.c.case_id == open_task.c.case_id,
        participant.c.group == open_task.c.role,
        participant.c.login == viewer.login,
        participant.c.until.is_(None),
    )
    my_cases = select(participant.c.case_id).where(participant.c.login == viewer.login, participant.c.until.is_(None))
    return [
        *(and_(open_task.c.role == role, open_task.c.scope == "organisation") for role in roles),
        *(open_task.c.on_behalf == role for role in roles),
        and_(open_task.c.case_id.in_(my_cases), open_task.c.scope == "case", in_case),
    ]


def _excluded(viewer: Viewer) -> ColumnElement[bool]:
    """Separation of duties: the person is in a group that the task excludes; by ix_participant_case_id."""
    groups = literal(" ").concat(open_task.c.excludes).concat(" ")
    return exists().where(
        participant.c.case_id == open_task.c.case_id,
        participant.c.login == viewer.login,
        participant.c.until.is_(None),
        groups.like(literal("% ").concat(participant.c.group).concat(" %")),
    )


def _hidden(viewer: Viewer) -> ColumnElement[bool]:
    return open_task.c.case_id.in_(
        select(participant.c.case_id).where(
            participant.c.login == viewer.login,
            participant.c.group.in_(HIDING_GROUPS),
            participant.c.until.is_(None),
        )
    )


def _when(wanted: Wanted) -> list[ColumnElement[bool]]:
    now = to_text(wanted.now)
    if wanted.when == "late":
        return [open_task.c.due_at < now]
    if wanted.when == "soon":
        return [open_task.c.due_at >= now, open_task.c.due_at < to_text(wanted.end_of_soon or wanted.now + SOON)]
    return []


def task(connection: Connection, task_id: str) -> Row | None:
    """Return one open task with its case's columns (`case_` prefix) and the assignee's name; by primary key."""
    return first(connection, _TASK, {"wanted": task_id})


_TASK = (
    select(
        open_task,
        *(column.label(f"case_{column.name}") for column in case.c if column.name != "id"),
        user.c.name.label("assignee_name"),
    )
    .join(case, case.c.id == open_task.c.case_id)
    .join(user, user.c.login == open_task.c.assignee, isouter=True)
    .where(open_task.c.id == bindparam("wanted"))
)


def tasks_of_case(connection: Connection, case_id: int) -> list[Row]:
    """Return the open tasks of a case with the assignee's name; by ix_open_task_case_id."""
    return every(connection, _TASKS_OF_CASE, {"of_case": case_id})


_TASKS_OF_CASE = (
    select(open_task, user.c.name.label("assignee_name"))
    .join(user, user.c.login == open_task.c.assignee, isouter=True)
    .where(open_task.c.case_id == bindparam("of_case"))
    .order_by(open_task.c.due_at, open_task.c.opened_at)
)
