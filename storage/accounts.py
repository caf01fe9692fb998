"""What people change about people: language, roles, whether somebody may sign in. Each change of rights is an event."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, or_, select, true, update

from storage.chain import Event, append
from storage.tables import open_task, user, user_role


def set_locale(connection: Connection, login: str, locale: str) -> None:
    """Keep the language that a person reads."""
    connection.execute(update(user).where(user.c.login == login).values(locale=locale))


def set_active(connection: Connection, login: str, active: bool, *, at: str, by: str) -> None:
    """Let somebody sign in or shut them out; both end the sessions that exist."""
    connection.execute(
        update(user).where(user.c.login == login).values(active=active, session_stamp=user.c.session_stamp + 1)
    )
    kind = "PersonActivated" if active else "PersonDeactivated"
    append(connection, [Event(type=kind, actor=by, at=at, data={"login": login})])
    if not active:
        _free(connection, true(), login, at=at, by=by)


def set_roles(connection: Connection, login: str, roles: Iterable[str], *, at: str, by: str) -> None:
    """Give somebody exactly these organisation roles."""
    wanted = set(roles)
    had = set(connection.execute(select(user_role.c.role).where(user_role.c.login == login)).scalars())
    if wanted == had:
        return
    if had - wanted:
        connection.execute(delete(user_role).where(user_role.c.login == login, user_role.c.role.in_(had - wanted)))
    if wanted - had:
        connection.execute(insert(user_role), [{"login": login, "role": role} for role in sorted(wanted - had)])
    data = {"login": login, "added": sorted(wanted - had), "removed": sorted(had - wanted)}
    append(connection, [Event(type="RolesChanged", actor=by, at=at, data=data)])
    lost = had - wanted
    is_of_role = or_(
        and_(open_task.c.scope == "organisation", open_task.c.role.in_(lost)), open_task.c.on_behalf.in_(lost)
    )
    _free(connection, is_of_role, login, at=at, by=by)


def _free(connection: Connection, which: ColumnElement[bool], login: str, *, at: str, by: str) -> None:
    """Give back tasks that somebody took and can do no longer; nobody else could take or give them back."""
    is_theirs = and_(open_task.c.assignee == login, open_task.c.reserved_for.is_(None), which)
    rows = connection.execute(select(open_task.c.id, open_task.c.case_id, open_task.c.element).where(is_theirs)).all()
    connection.execute(update(open_task).where(is_theirs).values(assignee=None, claimed_at=None))
    append(
        connection,
        [
            Event(
                type="TaskReleased",
                actor=by,
                at=at,
                case_id=row.case_id,
                element=row.element,
                data={"task": row.id, "assignee": None},
            )
            for row in rows
        ],
    )


def add_person(
    connection: Connection, login: str, name: str, email: str | None, locale: str, *, at: str, by: str
) -> bool:
    """Add somebody without roles or password; False if the login is taken."""
    if connection.execute(select(user.c.login).where(user.c.login == login)).first():
        return False
    connection.execute(insert(user).values(login=login, name=name, email=email, locale=locale, active=True))
    append(connection, [Event(type="PersonAdded", actor=by, at=at, data={"login": login, "name": name})])
    return True


def rename_person(connection: Connection, login: str, name: str, email: str | None) -> None:
    """Keep a new name and address."""
    connection.execute(update(user).where(user.c.login == login).values(name=name, email=email))
