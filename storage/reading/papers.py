"""Single documents, letters, uploads, drafts; journals and incidents over all cases."""

from __future__ import annotations

import json

from sqlalchemy import Connection, func, or_, select

from storage.reading.access import Viewer, like, may_see
from storage.reading.rows import Row, every, first
from storage.tables import attachment, blob, case, document, draft, event, incident, letter, publication, record


def document_one(connection: Connection, document_id: int) -> Row | None:
    """Return a document, `fields` and `signers` read; by primary key."""
    row = first(connection, select(document).where(document.c.id == document_id))
    return {**row, **{name: json.loads(row[name]) for name in ("fields", "signers", "must_sign")}} if row else None


def document_raw(connection: Connection, document_id: int) -> Row | None:
    """Return a document with `fields` and the rest as the very text that is kept; by primary key."""
    return first(connection, select(document).where(document.c.id == document_id))


def document_events(connection: Connection, case_id: int, number: str) -> list[Row]:
    """Return the events of a document as they are in the chain, oldest first, `facts` read; by ix_event_case_id."""
    kinds = ("DocumentIssued", "DocumentPrinted", "DocumentSigned")
    query = select(event).where(event.c.case_id == case_id, event.c.type.in_(kinds)).order_by(event.c.seq)
    rows = [{**row, "facts": json.loads(row["data"])} for row in every(connection, query)]
    return [row for row in rows if row["facts"].get("number") == number]


def documents_of_kind(connection: Connection, viewer: Viewer, kind: str, limit: int = 20) -> list[Row]:
    """Return the newest documents of a kind in cases that the viewer may see; any kind for an empty one.

    With what a clearance asks: `case_id`, `confidential` and `must_sign`.
    """
    asked = (document.c.case_id, document.c.confidential, document.c.must_sign)
    query = (
        select(document.c.id, document.c.kind, document.c.number, document.c.title, document.c.at, *asked)
        .join(case, case.c.id == document.c.case_id)
        .where(may_see(viewer))
        .order_by(document.c.id.desc())
        .limit(limit)
    )
    rows = every(connection, query.where(document.c.kind == kind) if kind else query)
    return [{**row, "must_sign": json.loads(row["must_sign"])} for row in rows]


def document_kinds(connection: Connection, viewer: Viewer) -> dict[str, str]:
    """Return the kinds of documents that there are, each with a title; reads the table.

    The title is that of the newest open document which the viewer may see, or empty: titles may tell what a case is.
    """
    kinds = {row["kind"]: "" for row in every(connection, select(document.c.kind).distinct().order_by(document.c.kind))}
    seen = select(func.max(document.c.id)).join(case, case.c.id == document.c.case_id).where(may_see(viewer))
    newest = seen.where(document.c.confidential.is_(False)).group_by(document.c.kind)
    query = select(document.c.kind, document.c.title).where(document.c.id.in_(newest))
    return kinds | {row["kind"]: row["title"] for row in every(connection, query)}


def letter_one(connection: Connection, letter_id: int) -> Row | None:
    """Return a letter; by primary key."""
    return first(connection, select(letter).where(letter.c.id == letter_id))


def upload(connection: Connection, key: str) -> Row | None:
    """Return an upload without its content; by primary key."""
    return first(connection, select(attachment).where(attachment.c.id == key))


def content(connection: Connection, sha256: str) -> bytes | None:
    """Return the bytes of this hash; by primary key."""
    return connection.execute(select(blob.c.content).where(blob.c.sha256 == sha256)).scalar_one_or_none()


def draft_of(connection: Connection, task_id: str, login: str) -> Row | None:
    """Return somebody's half-filled form of a task, `values` read; by primary key."""
    row = first(connection, select(draft).where(draft.c.task_id == task_id, draft.c.login == login))
    return {**row, "values": json.loads(row["values"])} if row else None


def journals(connection: Connection, viewer: Viewer) -> list[Row]:
    """Return each journal with the number of its rows in cases that the viewer may see; reads the whole index."""
    query = (
        select(record.c.journal, func.count().label("rows"), func.max(record.c.at).label("last"))
        .join(case, case.c.id == record.c.case_id)
        .where(may_see(viewer))
        .group_by(record.c.journal)
        .order_by(record.c.journal)
    )
    return every(connection, query)


def journal(connection: Connection, viewer: Viewer, name: str, *, text: str, offset: int, limit: int) -> list[Row]:
    """Return a page of a journal, newest first, `fields` read, with the case's number; by primary key prefix."""
    query = (
        select(record, case.c.number)
        .join(case, case.c.id == record.c.case_id)
        .where(record.c.journal == name, may_see(viewer))
        .order_by(record.c.at.desc(), record.c.key.desc())
        .offset(offset)
        .limit(limit)
    )
    if text:
        pattern = like(text)
        query = query.where(
            or_(
                *(
                    func.lower(column).like(pattern, escape="\\")
                    for column in (record.c.key, record.c.fields, case.c.number)
                )
            )
        )
    return [{**row, "fields": json.loads(row["fields"])} for row in every(connection, query)]


def incidents(connection: Connection, viewer: Viewer, *, resolved: bool, limit: int) -> list[Row]:
    """Return incidents, newest first, with the case's number; the table is short by its nature."""
    query = (
        select(incident, case.c.number, case.c.subject, case.c.process)
        .join(case, case.c.id == incident.c.case_id)
        .where(incident.c.resolved_at.is_not(None) if resolved else incident.c.resolved_at.is_(None), may_see(viewer))
        .order_by(incident.c.id.desc())
        .limit(limit)
    )
    return every(connection, query)


def incident_one(connection: Connection, viewer: Viewer, incident_id: int) -> Row | None:
    """Return one incident with the case's number and set; by primary key."""
    query = (
        select(incident, case.c.number, case.c.subject, case.c.process, case.c.set_hash)
        .join(case, case.c.id == incident.c.case_id)
        .where(incident.c.id == incident_id, may_see(viewer))
    )
    return first(connection, query)


def current_set(connection: Connection) -> str | None:
    """Return the hash of the set with which new cases begin; the newest publication by primary key."""
    found: str | None = connection.execute(_NEWEST).scalar_one_or_none()
    return found


_NEWEST = select(publication.c.set_hash).order_by(publication.c.id.desc()).limit(1)
"""Asked for at each request, so built once."""
