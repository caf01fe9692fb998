"""Documents after their step: printed once, then signed by people; each of both is an event of the case."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from storage.chain import Event, append
from storage.reading.rows import Row, every
from storage.steps import put_blob
from storage.tables import document, signature, user


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
            "login": row["login"],
            "at": row["at"],
            "sha256": row["sha256"],
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


def latest_signed(connection: Connection, document_id: int) -> str | None:
    """Return the hash of the PDF that holds all keys' signatures so far, None while no key has signed."""
    query = select(signature.c.signed_sha256).where(
        signature.c.document_id == document_id, signature.c.signed_sha256.is_not(None)
    )
    found: str | None = connection.execute(query.order_by(signature.c.id.desc()).limit(1)).scalar_one_or_none()
    return found


def add(connection: Connection, of: Mapping[str, Any], row: Mapping[str, Any], signed: bytes | None) -> None:
    """Keep a signature under the document `of`; raises SignedAlready, with nothing kept.

    `row` holds login, name, office, at, kind, sha256, subject, serial; `signed` is the PDF that a key has signed.
    """
    signed_sha256 = None if signed is None else put_blob(connection, signed)
    whole = {**row, "document_id": of["id"], "signed_sha256": signed_sha256}
    try:
        connection.execute(insert(signature).values(**whole))
    except IntegrityError as error:
        raise SignedAlready(str(row["login"])) from error
    facts = ("login", "office", "kind", "sha256", "subject", "serial", "signed_sha256")
    data = {
        "document_kind": of["kind"],
        "number": of["number"],
        "title": of["title"],
        **{name: whole[name] for name in facts if whole[name]},
    }
    event = Event(type="DocumentSigned", actor=row["login"], at=row["at"], case_id=of["case_id"], data=data)
    append(connection, [event])


def signing_people(connection: Connection, documents: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Read those active people (login, name) whom documents name as signers; reads the people, a body has hundreds."""
    rows = list(documents)
    names = {str(title).partition(",")[0].strip() for row in rows for title in row["signers"]}
    logins = {str(login) for row in rows for login in row["must_sign"]}
    is_named = or_(user.c.name.in_(names), user.c.login.in_(logins))
    return every(connection, select(user.c.login, user.c.name).where(user.c.active, is_named))
