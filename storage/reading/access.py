"""Which cases somebody may know of: one condition that every list, page and file is asked through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, exists, not_, or_, select, true

from storage.tables import case, open_task, participant

HIDING_GROUPS = ("no_access", "excluded_access")
"""Case groups from whose members the case is hidden, whatever their roles (a complaint about the head)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Somebody who reads."""

    login: str
    roles: frozenset[str] = frozenset()
    sees_all: bool = False
    """Whether the person's office is to oversee every case."""
    processes: frozenset[str] = frozenset()
    """Processes in which one of the person's roles has something to do."""
    is_party: bool = False
    """Whether the person holds no office: an applicant or another party, who reads only what is theirs."""

    def may_read(self, *, author: str = "", is_confidential: bool = True) -> bool:
        """Whether the person may read a paper of a case that they may see: a party reads its own and what is open."""
        return not self.is_party or not is_confidential or (bool(author) and author == self.login)


def hidden_from(viewer: Viewer) -> ColumnElement[bool]:
    """Cases that the viewer must not know of; by ix_participant_login (login, group), a handful of rows."""
    return _hidden_from(viewer.login)


def may_see(viewer: Viewer) -> ColumnElement[bool]:
    """Cases that the viewer may see; participants by ix_participant_login, tasks by ix_open_task_assignee, _case_id."""
    return _may_see(viewer.login, viewer.processes, viewer.roles, sees_all=viewer.sees_all)


def set_if_visible(connection: Connection, viewer: Viewer, case_id: int) -> str | None:
    """Return the hash of a case's diagrams, None if the viewer must not see the case; by primary key."""
    values = {
        "of_case": case_id,
        "viewer": viewer.login,
        "processes": sorted(viewer.processes),
        "roles": sorted(viewer.roles),
    }
    found: str | None = connection.execute(_OVERSEEN if viewer.sees_all else _SEEN, values).scalar_one_or_none()
    return found


def is_visible(connection: Connection, viewer: Viewer, case_id: int) -> bool:
    """Whether the viewer may see one case; by primary key."""
    return set_if_visible(connection, viewer, case_id) is not None


def _hidden_from(login: Any) -> ColumnElement[bool]:
    hidden = select(participant.c.case_id).where(
        participant.c.login == login,
        participant.c.group.in_(HIDING_GROUPS),
        participant.c.until.is_(None),
    )
    return case.c.id.in_(hidden)


def _may_see(login: Any, processes: Any, roles: Any, *, sees_all: bool) -> ColumnElement[bool]:
    if sees_all:
        return and_(true(), not_(_hidden_from(login)))
    takes_part = select(participant.c.case_id).where(participant.c.login == login, participant.c.until.is_(None))
    has_task = select(open_task.c.case_id).where(open_task.c.assignee == login)
    # A role that stands in for another has a task where it is not drawn; by ix_open_task_case_id, a handful of rows.
    waits_for_role = exists().where(open_task.c.case_id == case.c.id, open_task.c.role.in_(roles)).correlate(case)
    return and_(
        or_(case.c.process.in_(processes), case.c.id.in_(takes_part), case.c.id.in_(has_task), waits_for_role),
        not_(_hidden_from(login)),
    )


def _visible(*, sees_all: bool) -> Select[Any]:
    condition = _may_see(
        bindparam("viewer"),
        bindparam("processes", expanding=True),
        bindparam("roles", expanding=True),
        sees_all=sees_all,
    )
    return select(case.c.set_hash).where(case.c.id == bindparam("of_case"), condition)


# Asked for at each request, so built once.
_SEEN, _OVERSEEN = _visible(sees_all=False), _visible(sees_all=True)


def like(text: str) -> str:
    """Return the LIKE pattern of texts that hold the words of `text` in their order; a backslash escapes."""
    plain = " ".join(text.lower().split()).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{plain.replace(' ', '%')}%"
