"""Documents after their step: printed once, then signed by people; each of both is an event of the case."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from storage.blobs import put_blob
from storage.chain import Event, append
from storage.reading.rows import Row, every
from storage.tables import document, participant, signature, user, user_role

ROLE = "role:"
"""Begins an entry of `must_sign` that means a role; as in `engine.steps`, which this room does not know."""


class SignedAlready(Exception):
    """The person has signed this document before."""


def unprinted(connection: Connection, passed_over: Sequence[int] = (), limit: int = 20) -> list[Row]:
    """Read documents that have no PDF yet, oldest first, some passed over; by ix_document_pdf_sha256."""
    query = select(document).where(document.c.pdf_sha256.is_(None), document.c.id.not_in(passed_over))
    return every(connection, query.order_by(document.c.id).limit(limit))


def mark_printed(
    connection: Connection, row: Mapping[str, Any], content: bytes, *, template_sha256: str, at: str
) -> str:
    """Keep the PDF of a document and return its hash; that of whoever was faster, if somebody was."""
    known = connection.execute(select(document.c.pdf_sha256).where(document.c.id == row["id"])).scalar_one()
    if known is not None:
        return str(known)
    sha256 = put_blob(connection, content)
    printed = update(document).where(document.c.id == row["id"])
    connection.execute(printed.values(pdf_sha256=sha256, template_sha256=template_sha256))
    data = {
        "kind": row["kind"],
        "number": row["number"],
        "title": row["title"],
        "sha256": sha256,
        "template": template_sha256,
    }
    append(connection, [Event(type="DocumentPrinted", actor="system", at=at, case_id=row["case_id"], data=data)])
    return sha256


def of_document(connection: Connection, document_id: int) -> list[Row]:
    """Read the signatures of a document in their order; by uq_signature_document_id."""
    query = select(signature).where(signature.c.document_id == document_id).order_by(signature.c.id)
    return every(connection, query)


def of_case(connection: Connection, case_id: int) -> list[Row]:
    """Read the signatures of a case in their order, each with `document_kind` and `number` of its document."""
    query = (
        select(signature, document.c.kind.label("document_kind"), document.c.number)
        .join(document, document.c.id == signature.c.document_id)
        .where(document.c.case_id == case_id)
        .order_by(signature.c.id)
    )
    return every(connection, query)


def register(connection: Connection, case_id: int) -> list[Row]:
    """Read the signatures of a case as handlers ask for them."""
    return [
        {
            "kind": row["document_kind"],
            "number": row["number"],
            **{name: row[name] for name in ("login", "role", "via", "at", "sha256")},
        }
        for row in of_case(connection, case_id)
    ]


def documents(connection: Connection, case_id: int) -> list[Row]:
    """Read the documents of a case as handlers ask for them, oldest first; by ix_document_case_id."""
    query = (
        select(document.c.kind, document.c.number, document.c.title, document.c.must_sign, document.c.at)
        .where(document.c.case_id == case_id)
        .order_by(document.c.id)
    )
    return [{**row, "must_sign": json.loads(row["must_sign"])} for row in every(connection, query)]


def newest(connection: Connection, case_id: int, kinds: Sequence[str]) -> list[Row]:
    """Read the newest document of each kind in a case, `signers` and `must_sign` read, in the order of the kinds.

    By ix_document_case_id.
    """
    query = select(document).where(document.c.case_id == case_id, document.c.kind.in_(kinds)).order_by(document.c.id)
    found = {row["kind"]: row for row in every(connection, query)}
    read = ("signers", "must_sign")
    return [
        {**found[kind], **{name: json.loads(found[kind][name]) for name in read}} for kind in kinds if kind in found
    ]


def insert_of_step(connection: Connection, case_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep the signatures that a step gave; each names its document by `number`."""
    if not rows:
        return
    numbers = {row["number"] for row in rows}
    query = select(document.c.number, document.c.id).where(
        document.c.case_id == case_id, document.c.number.in_(numbers)
    )
    ids = {row["number"]: row["id"] for row in every(connection, query)}
    given = ("login", "name", "office", "role", "via", "task_id", "at", "kind", "sha256")
    whole = [{"document_id": ids[row["number"]], **{name: row[name] for name in given}} for row in rows]
    connection.execute(insert(signature), whole)


def holders(connection: Connection, case_id: int, documents: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Read who holds the roles that documents of a case name as signers: role -> logins.

    By ix_user_role_role and ix_participant_case_id.
    """
    entries = {str(one) for row in documents for one in row["must_sign"] if str(one).startswith(ROLE)}
    roles = sorted(entry.removeprefix(ROLE) for entry in entries)
    if not roles:
        return {}
    held = select(user_role.c.role, user_role.c.login).where(user_role.c.role.in_(roles)).order_by(user_role.c.login)
    joined = (
        select(participant.c.group.label("role"), participant.c.login)
        .where(participant.c.case_id == case_id, participant.c.group.in_(roles), participant.c.until.is_(None))
        .order_by(participant.c.id)
    )
    found: dict[str, list[str]] = {}
    for row in (*every(connection, held), *every(connection, joined)):
        found.setdefault(row["role"], []).append(row["login"])
    return found


def latest_signed(connection: Connection, document_id: int) -> str | None:
    """Return the hash of the PDF that holds all keys' signatures so far, None while no key has signed."""
    query = select(signature.c.signed_sha256).where(
        signature.c.document_id == document_id, signature.c.signed_sha256.is_not(None)
    )
    found: str | None = connection.execute(query.order_by(signature.c.id.desc()).limit(1)).scalar_one_or_none()
    return found


def add(connection: Connection, of: Mapping[str, Any], row: Mapping[str, Any], signed: bytes | None) -> None:
    """Keep a signature under the document `of`; raises SignedAlready, with nothing kept.

    `row` holds login, name, office, role, at, kind, sha256, subject, serial; `signed` is the PDF that a key has signed.
    """
    signed_sha256 = None if signed is None else put_blob(connection, signed)
    whole = {**row, "document_id": of["id"], "signed_sha256": signed_sha256}
    try:
        connection.execute(insert(signature).values(**whole))
    except IntegrityError as error:
        raise SignedAlready(str(row["login"])) from error
    facts = ("login", "office", "role", "kind", "sha256", "subject", "serial", "signed_sha256")
    data = {
        "document_kind": of["kind"],
        "number": of["number"],
        "title": of["title"],
        **{name: whole[name] for name in facts if whole.get(name)},
    }
    event = Event(type="DocumentSigned", actor=row["login"], at=row["at"], case_id=of["case_id"], data=data)
    append(connection, [event])


def signing_people(connection: Connection, documents: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Read those active people (login, name) whom documents name as signers, also by a role.

    Reads the people, a body has hundreds.
    """
    rows = list(documents)
    names = {str(title).partition(",")[0].strip() for row in rows for title in row["signers"]}
    logins = {str(login) for row in rows for login in row["must_sign"]}
    roles = {entry.removeprefix(ROLE) for entry in logins if entry.startswith(ROLE)}
    of_roles = select(user_role.c.login).where(user_role.c.role.in_(roles))
    is_named = or_(user.c.name.in_(names), user.c.login.in_(logins), user.c.login.in_(of_roles))
    return every(connection, select(user.c.login, user.c.name).where(user.c.active, is_named))
