"""What handlers and judges look up across cases: people, reference registers, journals, open cases."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, select

from storage.reading.rows import Row, every
from storage.tables import case, record, register_row, user, user_role


def people(connection: Connection) -> list[Row]:
    """Read everybody with their roles."""
    roles: dict[str, list[str]] = {}
    for login, role in connection.execute(select(user_role.c.login, user_role.c.role)):
        roles.setdefault(login, []).append(role)
    query = select(user.c.login, user.c.name, user.c.email, user.c.active)
    return [{**row, "roles": sorted(roles.get(row["login"], []))} for row in every(connection, query)]


def register(connection: Connection, name: str) -> list[dict[str, Any]]:
    """Read the rows of a reference register."""
    query = select(register_row.c.fields).where(register_row.c.register == name).order_by(register_row.c.id)
    return [json.loads(fields) for (fields,) in connection.execute(query)]


def journal(connection: Connection, name: str) -> list[dict[str, Any]]:
    """Read a journal over all cases, oldest first, with `_key` and `_case`."""
    query = (
        select(record.c.key, record.c.fields, case.c.number)
        .join(case, case.c.id == record.c.case_id)
        .where(record.c.journal == name)
        .order_by(record.c.at, record.c.key)
    )
    return [{**json.loads(fields), "_key": key, "_case": of} for key, fields, of in connection.execute(query)]


def open_cases(connection: Connection) -> list[Row]:
    """Read number and process of the cases that have not ended, oldest first; by ix_case_status_id."""
    query = select(case.c.number, case.c.process).where(case.c.status.in_(("open", "incident"))).order_by(case.c.id)
    return every(connection, query)
