"""What somebody is called who has no account: the holder of a personal link, and whoever wrote by the public form."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from storage.tables import personal_link, user

PUBLIC = "public"
"""The login of everybody who wrote by the public form."""
PUBLIC_NAME = "Открытая форма"


def name_of(login: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the name that belongs to a login of a query that has joined `user` on it; by unique index."""
    by_link = select(personal_link.c.name).where(personal_link.c.login == login).scalar_subquery()
    return func.coalesce(user.c.name, by_link, case((login == PUBLIC, PUBLIC_NAME)))
