"""People and their roles, as pages show them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, and_, bindparam, func, or_, select

from storage.reading.access import like
from storage.reading.rows import Row, every
from storage.tables import participant, personal_link, register_row, setting, user, user_role


def person(connection: Connection, login: str) -> Row | None:
    """Return one person with `roles` (frozenset), None if there is none; by primary key."""
    rows = connection.execute(_PERSON, {"wanted": login}).mappings().all()
    if not rows:
        return None
    return {**rows[0], "roles": frozenset(row["role"] for row in rows if row["role"] is not None)}


# Asked for at each request, so built once.
_PERSON = (
    select(user, user_role.c.role)
    .join(user_role, user_role.c.login == user.c.login, isouter=True)
    .where(user.c.login == bindparam("wanted"))
)


def people(connection: Connection, text: str = "") -> list[Row]:
    """Return everybody with `roles`, by name; reads the whole table, a body has tens or hundreds of people."""
    query = select(user).order_by(user.c.active.desc(), user.c.name)
    if text:
        pattern = like(text)
        query = query.where(
            or_(
                func.lower(user.c.name).like(pattern, escape="\\"),
                func.lower(user.c.login).like(pattern, escape="\\"),
            )
        )
    roles: dict[str, list[str]] = {}
    for login, role in connection.execute(select(user_role.c.login, user_role.c.role).order_by(user_role.c.role)):
        roles.setdefault(login, []).append(role)
    return [{**row, "roles": roles.get(row["login"], [])} for row in every(connection, query)]


def holders(connection: Connection, role: str) -> list[Row]:
    """Return active people (`login`, `name`) with an organisation role; by ix_user_role_role."""
    query = (
        select(user.c.login, user.c.name)
        .join(user_role, user_role.c.login == user.c.login)
        .where(user_role.c.role == role, user.c.active)
        .order_by(user.c.name)
    )
    return every(connection, query)


def members(connection: Connection, case_id: int, group: str) -> list[Row]:
    """Return the people (`login`, `name`) of a case group; by ix_participant_case_id (case_id, group)."""
    query = (
        select(participant.c.login, user.c.name)
        .join(user, user.c.login == participant.c.login, isouter=True)
        .where(participant.c.case_id == case_id, participant.c.group == group, participant.c.until.is_(None))
        .order_by(participant.c.id)
    )
    return every(connection, query)


def everybody_active(connection: Connection) -> list[Row]:
    """Return active people (`login`, `name`) by name; the whole table, see `people`."""
    return every(connection, select(user.c.login, user.c.name).where(user.c.active).order_by(user.c.name))


def every_name(connection: Connection) -> dict[str, str]:
    """Return the name of everybody by login, those who have left included; the whole table, see `people`."""
    return dict(connection.execute(select(user.c.login, user.c.name)).all())


def names(connection: Connection, logins: Iterable[str]) -> dict[str, str]:
    """Return the names of the given logins; by primary key."""
    wanted = {login for login in logins if login}
    if not wanted:
        return {}
    found = dict(connection.execute(select(user.c.login, user.c.name).where(user.c.login.in_(wanted))).all())
    links = {login for login in wanted - found.keys() if login.startswith("link:")}
    if links:
        by_link = select(personal_link.c.login, personal_link.c.name).where(personal_link.c.login.in_(links))
        found.update(connection.execute(by_link).all())
    return found


def groups_of(connection: Connection, case_id: int, logins: Iterable[str]) -> dict[str, set[str]]:
    """Return login -> groups of the case that the person is in now; by ix_participant_case_id."""
    query = select(participant.c.login, participant.c.group).where(
        and_(participant.c.case_id == case_id, participant.c.login.in_(set(logins)), participant.c.until.is_(None))
    )
    found: dict[str, set[str]] = {}
    for login, group in connection.execute(query):
        found.setdefault(login, set()).add(group)
    return found


def settings(connection: Connection) -> dict[str, str]:
    """Return the facts about the installation; a handful of rows."""
    return dict(connection.execute(select(setting.c.key, setting.c.value)).all())


def register_size(connection: Connection, register: str) -> int:
    """Return how many rows a register has; by ix_register_row_register."""
    query = select(func.count()).select_from(register_row).where(register_row.c.register == register)
    return int(connection.execute(query).scalar_one())
