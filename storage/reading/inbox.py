"""The inbox: which tasks wait for somebody, soonest deadline first.

Ten thousand open cases may wait for one role, so nothing is counted or sorted to its end. Each way in which a task can
concern a person is a branch of its own that walks one index in the order of deadlines and stops; the branches are then
merged. Counts stop at `MOST_COUNTED`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    String,
    and_,
    bindparam,
    exists,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    union_all,
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
    values = {**_values(viewer, wanted), "enough": offset + limit, "offset": offset, "limit": limit}
    return every(connection, _page(*_shape(viewer, wanted)), values)


def count(connection: Connection, viewer: Viewer, wanted: Wanted) -> int:
    """Return how many tasks there are, at most MOST_COUNTED + 1; same indexes, stops early."""
    values = {**_values(viewer, wanted), "enough": MOST_COUNTED + 1}
    return int(connection.execute(_count(*_shape(viewer, wanted)), values).scalar_one())


_Shape = tuple[tuple[str, ...], View, When, bool]
"""Roles, view, time, whether a text is asked for: all that a statement depends on; the rest are its parameters."""


def _shape(viewer: Viewer, wanted: Wanted) -> _Shape:
    return tuple(sorted(viewer.roles)), wanted.view, wanted.when, bool(wanted.text)


def _values(viewer: Viewer, wanted: Wanted) -> dict[str, Any]:
    values: dict[str, Any] = {"viewer": viewer.login}
    if wanted.when:
        values["now"] = to_text(wanted.now)
    if wanted.when == "soon":
        values["soon"] = to_text(wanted.end_of_soon or wanted.now + SOON)
    if wanted.text:
        values["pattern"] = like(wanted.text)
    return values


# To build such a statement costs more than to run it, and few shapes are ever asked for.
@lru_cache(maxsize=512)
def _page(roles: tuple[str, ...], view: View, when: When, has_text: bool) -> Select[Any]:
    merged = union_all(
        *(
            select(branch.order_by(open_task.c.due_at, open_task.c.id).limit(bindparam("enough")).subquery())
            for branch in _branches(roles, view, when, has_text=has_text)
        )
    ).subquery()
    return (
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
        .offset(bindparam("offset"))
        .limit(bindparam("limit"))
    )


@lru_cache(maxsize=512)
def _count(roles: tuple[str, ...], view: View, when: When, has_text: bool) -> Select[Any]:
    merged = union_all(*_branches(roles, view, when, has_text=has_text)).subquery()
    return select(func.count()).select_from(select(merged.c.id).limit(bindparam("enough")).subquery())


def _branches(roles: tuple[str, ...], view: View, when: When, *, has_text: bool) -> list[Select[Any]]:
    """Return a query for each way in which a task concerns the person; no task is in two of them."""
    mine = open_task.c.assignee == _VIEWER  # a task that is kept for one person is theirs from the beginning
    free = func.coalesce(open_task.c.assignee, "") == ""  # most tasks are free: not to be looked up by that
    may = or_(open_task.c.excludes == "", not_(_excluded()))
    if view == "mine":
        conditions = [mine]
    elif view == "taken":
        # Few tasks are taken, so they are looked up and the ways are tried on each: no index for those.
        ways = or_(*_ways(roles, is_indexed=False))
        conditions = [and_(open_task.c.assignee > "", open_task.c.assignee != _VIEWER, ways, may)]
    else:
        conditions = [and_(way, free, may) for way in _ways(roles)]
        conditions = [mine, *conditions] if view == "all" else conditions
    return [_narrowed(condition, when, has_text=has_text) for condition in conditions]


def _narrowed(condition: ColumnElement[bool], when: When, *, has_text: bool) -> Select[Any]:
    query = select(open_task.c.id).where(condition, not_(_hidden()))
    if when == "late":
        query = query.where(open_task.c.due_at < bindparam("now"))
    if when == "soon":
        query = query.where(open_task.c.due_at >= bindparam("now"), open_task.c.due_at < bindparam("soon"))
    if not has_text:
        return query
    columns = (case.c.number, case.c.subject, open_task.c.name)
    found = [func.lower(column).like(bindparam("pattern"), escape="\\") for column in columns]
    return query.join(case, case.c.id == open_task.c.case_id).where(or_(*found))


def _ways(roles: tuple[str, ...], *, is_indexed: bool = True) -> list[ColumnElement[bool]]:
    """Return the ways in which a task can be open to somebody, each by an index of its own unless told otherwise.

    They exclude each other, so that nothing has to be remembered to count a task once.
    """
    role: Any = open_task.c.role if is_indexed else func.coalesce(open_task.c.role, "")
    is_office = open_task.c.scope == "organisation"
    held = and_(is_office, open_task.c.role.in_(roles)) if roles else false()
    substitutes = open_task.c.on_behalf.in_(roles) if roles else false()
    in_case = exists().where(
        participant.c.case_id == open_task.c.case_id,
        participant.c.group == open_task.c.role,
        participant.c.login == _VIEWER,
        participant.c.until.is_(None),
    )
    my_cases = select(participant.c.case_id).where(participant.c.login == _VIEWER, participant.c.until.is_(None))
    on_behalf: Any = open_task.c.on_behalf if is_indexed else func.coalesce(open_task.c.on_behalf, "")
    return [
        *(and_(role == one, is_office) for one in roles),
        *(and_(on_behalf == one, not_(held)) for one in roles),
        and_(
            open_task.c.case_id.in_(my_cases),
            open_task.c.scope == "case",
            in_case,
            or_(open_task.c.on_behalf.is_(None), not_(substitutes)),
        ),
    ]


_VIEWER: BindParameter[str] = bindparam("viewer", type_=String)


def _excluded() -> ColumnElement[bool]:
    """Separation of duties: the person is in a group that the task excludes; by ix_participant_case_id."""
    groups = literal(" ").concat(open_task.c.excludes).concat(" ")
    return exists().where(
        participant.c.case_id == open_task.c.case_id,
        participant.c.login == _VIEWER,
        participant.c.until.is_(None),
        groups.like(literal("% ").concat(participant.c.group).concat(" %")),
    )


def _hidden() -> ColumnElement[bool]:
    return open_task.c.case_id.in_(
        select(participant.c.case_id).where(
            participant.c.login == _VIEWER,
            participant.c.group.in_(HIDING_GROUPS),
            participant.c.until.is_(None),
        )
    )


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
