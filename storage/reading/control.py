"""Deadlines under control: what is late or nearly so in the cases whose terms somebody has to watch over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, or_, select, union_all

from storage.reading.access import HIDING_GROUPS, Viewer, may_see
from storage.reading.rows import Row, every
from storage.tables import case, deadline, participant, user, user_role


def watched(
    connection: Connection, viewer: Viewer, before: Mapping[str, Sequence[str]], *, until: str, limit: int
) -> list[Row]:
    """Return running deadlines that end before `until`, soonest first, with the case's number, subject and set.

    `before` names, for each process that the viewer watches over, the roles whose business it is first: a case of such
    a process is shown only when all active holders of those roles are shut out of it (a complaint about the head).
    By ix_deadline_status (status, due_at); each status is walked on its own and stops at `limit`.
    """
    if not before:
        return []
    branches = [
        select(_branch(viewer, before, status, until).order_by(deadline.c.due_at).limit(limit).subquery())
        for status in ("running", "missed")
    ]
    merged = union_all(*branches).subquery()
    return every(connection, select(merged).order_by(merged.c.due_at, merged.c.id).limit(limit))


def _branch(viewer: Viewer, before: Mapping[str, Sequence[str]], status: str, until: str) -> Select[Any]:
    columns = (deadline.c.id, deadline.c.case_id, deadline.c.task_id, deadline.c.element, deadline.c.title)
    ways = [
        case.c.process == process if not roles else and_(case.c.process == process, _shut_out(roles))
        for process, roles in before.items()
    ]
    return (
        select(*columns, deadline.c.due_at, case.c.number, case.c.subject, case.c.set_hash)
        .join(case, case.c.id == deadline.c.case_id)
        .where(deadline.c.status == status, deadline.c.closed_at.is_(None), deadline.c.due_at < until)
        .where(case.c.status != "ended", or_(*ways), may_see(viewer))
    )


def _shut_out(roles: Sequence[str]) -> ColumnElement[bool]:
    """Whether nobody who holds one of the roles may know of the case; by ix_user_role_role, ix_participant_login."""
    is_hidden = exists().where(
        participant.c.case_id == case.c.id,
        participant.c.login == user.c.login,
        participant.c.group.in_(HIDING_GROUPS),
        participant.c.until.is_(None),
    )
    may_know = (
        select(user.c.login)
        .join(user_role, user_role.c.login == user.c.login)
        .where(user_role.c.role.in_(roles), user.c.active, ~is_hidden)
        .correlate(case)
    )
    return ~may_know.exists()
