"""Which cases somebody may know of: one condition that every list, page and file is asked through."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, not_, or_, select, true

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
    hidden = select(participant.c.case_id).where(
        participant.c.login == viewer.login,
        participant.c.group.in_(HIDING_GROUPS),
        participant.c.until.is_(None),
    )
    return case.c.id.in_(hidden)


def may_see(viewer: Viewer) -> ColumnElement[bool]:
    """Cases that the viewer may see; participants by ix_participant_login, tasks by ix_open_task_assignee."""
    if viewer.sees_all:
        return and_(true(), not_(hidden_from(viewer)))
    takes_part = select(participant.c.case_id).where(participant.c.login == viewer.login, participant.c.until.is_(None))
    has_task = select(open_task.c.case_id).where(open_task.c.assignee == viewer.login)
    return and_(
        or_(case.c.process.in_(viewer.processes), case.c.id.in_(takes_part), case.c.id.in_(has_task)),
        not_(hidden_from(viewer)),
    )


def is_visible(connection: Connection, viewer: Viewer, case_id: int) -> bool:
    """Whether the viewer may see one case; by primary key."""
    query = select(case.c.id).where(case.c.id == case_id, may_see(viewer))
    return connection.execute(query).first() is not None


def like(text: str) -> str:
    """Return the LIKE pattern of texts that hold the words of `text` in their order; a backslash escapes."""
    plain = " ".join(text.lower().split()).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{plain.replace(' ', '%')}%"
