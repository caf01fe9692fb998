"""Personal links as rows: who may come in by one, until when, and what became of it. The token itself is never here."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, insert, select, update

from storage.reading.rows import Row, every, first
from storage.tables import case, personal_link, user

TOKEN_BYTES = 32
MARK = "{personal-link}"
"""Stands in a waiting letter where the token will stand in the one that is sent."""
VISIT = 3600  # seconds within which looks count as one visit


def new_token() -> str:
    """Return a new token: 256 random bits, safe in an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_of(token: str) -> str:
    """Return what is kept of a token (SHA-256, hex)."""
    return hashlib.sha256(token.encode()).hexdigest()


def keep(connection: Connection, row: Mapping[str, Any]) -> int:
    """Store a new link and return its id."""
    key = connection.execute(insert(personal_link).values(**row)).inserted_primary_key
    if key is None:
        raise RuntimeError("The database gave no id for a new link.")
    return int(key[0])


def by_hash(connection: Connection, token_hash: str) -> Row | None:
    """Return the link of a token with its case's number, subject, process, profile, set and status; by unique index."""
    columns = (case.c.number, case.c.subject, case.c.process, case.c.profile, case.c.set_hash, case.c.status)
    query = select(personal_link, *columns).join(case, case.c.id == personal_link.c.case_id)
    return first(connection, query.where(personal_link.c.token_hash == token_hash))


def one(connection: Connection, link_id: int) -> Row | None:
    """Return a link; by primary key."""
    return first(connection, select(personal_link).where(personal_link.c.id == link_id))


def of_case(connection: Connection, case_id: int) -> list[Row]:
    """Return the links of a case, newest first, with the name of who made each; by ix_personal_link_case_id."""
    query = (
        select(personal_link, user.c.name.label("created_by_name"))
        .join(user, user.c.login == personal_link.c.created_by, isouter=True)
        .where(personal_link.c.case_id == case_id)
        .order_by(personal_link.c.id.desc())
    )
    return every(connection, query)


def revoke(connection: Connection, link_id: int, *, at: str, by: str) -> bool:
    """Close a link for good; False if it was closed before."""
    closed = update(personal_link).where(personal_link.c.id == link_id, personal_link.c.revoked_at.is_(None))
    return connection.execute(closed.values(revoked_at=at, revoked_by=by)).rowcount == 1


def mark_used(connection: Connection, link_id: int, at: str) -> None:
    """Note when a link was used last."""
    connection.execute(update(personal_link).where(personal_link.c.id == link_id).values(last_used_at=at))


def give_token(connection: Connection, message_id: str, token: str) -> bool:
    """Give the link of a letter its token at the moment of sending; False if there is no such link, or it is closed.

    A second attempt gives another token, so that only the letter that went out last opens anything.
    """
    waiting = update(personal_link).where(
        personal_link.c.message_id == message_id, personal_link.c.revoked_at.is_(None)
    )
    return connection.execute(waiting.values(token_hash=hash_of(token))).rowcount == 1


def body_of(connection: Connection, letter: Mapping[str, Any]) -> str:
    """Return the text of a letter as it goes out: where it carries a link, with a token made this moment."""
    body = str(letter["body"])
    if MARK not in body:
        return body
    token = new_token()
    is_open = give_token(connection, letter["message_id"], token)
    return body.replace(MARK, token if is_open else "-")
