"""Which deadlines are to be told of, to whom, and the mark that they were: each once for each of its stages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, exists, insert, select
from sqlalchemy import case as choice

from storage.reading.access import HIDING_GROUPS
from storage.reading.rows import Row, every
from storage.tables import case, deadline, open_task, participant, reminder, user, user_role

SOON, LATE = "soon", "late"


def untold(connection: Connection, profile: str, *, now: str, until: str, limit: int = 500) -> list[Row]:
    """Read the deadlines of open tasks that end before `until` and whose stage nobody was told of, soonest first.

    Each with `stage`, its case and its task. By ix_deadline_status (status, due_at), each status on its own.
    """
    stage = choice((deadline.c.due_at < now, LATE), else_=SOON)
    is_told = exists().where(reminder.c.deadline_id == deadline.c.id, reminder.c.stage == stage)
    query = (
        select(
            deadline.c.id,
            deadline.c.title,
            deadline.c.due_on,
            deadline.c.due_at,
            stage.label("stage"),
            *(open_task.c[name] for name in ("element", "name", "role", "scope", "assignee", "excludes", "on_behalf")),
            open_task.c.case_id,
            case.c.number,
            case.c.process,
            case.c.set_hash,
        )
        .join(open_task, open_task.c.id == deadline.c.task_id)
        .join(case, case.c.id == deadline.c.case_id)
        .where(deadline.c.status.in_(("running", "missed")), deadline.c.closed_at.is_(None), deadline.c.due_at < until)
        .where(case.c.profile == profile, case.c.status != "ended", ~is_told)
        .order_by(deadline.c.due_at, deadline.c.id)
        .limit(limit)
    )
    return every(connection, query)


def holders(connection: Connection) -> dict[str, list[str]]:
    """Return the active people of each office, by login."""
    query = select(user_role.c.role, user.c.login).join(user, user.c.login == user_role.c.login).where(user.c.active)
    found: dict[str, list[str]] = {}
    for row in every(connection, query.order_by(user.c.login)):
        found.setdefault(row["role"], []).append(row["login"])
    return found


def groups(connection: Connection, case_id: int) -> dict[str, list[str]]:
    """Return the present members of each group of a case; by ix_participant_case_id."""
    query = select(participant.c.group, participant.c.login).where(
        participant.c.case_id == case_id, participant.c.until.is_(None)
    )
    found: dict[str, list[str]] = {}
    for row in every(connection, query.order_by(participant.c.id)):
        found.setdefault(row["group"], []).append(row["login"])
    return found


def shut_out(members: Mapping[str, Sequence[str]]) -> set[str]:
    """Return who of a case's groups must not know of the case."""
    return {login for group in HIDING_GROUPS for login in members.get(group, ())}


def addresses(connection: Connection) -> dict[str, str]:
    """Return the mail addresses of the active people, by login."""
    query = select(user.c.login, user.c.email).where(user.c.active, user.c.email > "")
    return {row["login"]: row["email"] for row in every(connection, query)}


def mark_told(connection: Connection, rows: Sequence[Row], at: str) -> None:
    """Note that the stages of these deadlines were told."""
    told: list[dict[str, Any]] = [{"deadline_id": row["id"], "stage": row["stage"], "at": at} for row in rows]
    if told:
        connection.execute(insert(reminder), told)
