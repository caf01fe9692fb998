"""The write side of people and of the reference registers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from storage.steps import to_json, upsert
from storage.tables import register_row, setting, user, user_role


def is_empty(connection: Connection) -> bool:
    """Whether nobody has been entered yet."""
    return connection.execute(select(func.count()).select_from(user)).scalar_one() == 0


def enter_person(connection: Connection, person: Mapping[str, Any], roles: Iterable[str]) -> None:
    """Enter a new person of an installation that is being filled, with roles and without a password."""
    row = {key: person.get(key) for key in ("login", "name", "email")}
    first = {"active": person.get("active", True), "locale": person.get("locale", "ru"), "session_stamp": 0}
    connection.execute(insert(user).values(**row, **first))
    rows = [{"login": person["login"], "role": role} for role in sorted(set(roles))]
    if rows:
        connection.execute(insert(user_role), rows)


def set_password(connection: Connection, login: str, password_hash: str) -> bool:
    """Change a password and end the person's sessions; False if there is no such person."""
    changed = update(user).where(user.c.login == login)
    changed = changed.values(password_hash=password_hash, session_stamp=user.c.session_stamp + 1)
    return connection.execute(changed).rowcount == 1


def add_register_rows(connection: Connection, register: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows to a reference register."""
    if rows:
        connection.execute(insert(register_row), [{"register": register, "fields": to_json(dict(row))} for row in rows])


def save_setting(connection: Connection, key: str, value: str) -> None:
    """Write a fact about the installation."""
    upsert(connection, setting, [{"key": key, "value": value}], ("key",))


def read_setting(connection: Connection, key: str) -> str | None:
    """Read a fact about the installation."""
    return connection.execute(select(setting.c.value).where(setting.c.key == key)).scalar_one_or_none()
