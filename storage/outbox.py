"""The outbox: letters that wait to be sent, and what became of them. Each end of a letter is an event.

A letter is taken before it is tried: taking puts its next try into the future, so that two workers never try the same
letter at once, and one that dies in between leaves the letter for later.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, select, update

from storage.chain import Event, append
from storage.reading.rows import Row, every
from storage.tables import attachment, case, document, letter

WAITING, PRINTED, SENT, REFUSED = "waiting", "printed", "sent", "refused"
OPEN = (WAITING, PRINTED, REFUSED)


def waiting(connection: Connection, now: str, limit: int = 50) -> list[Row]:
    """Read the letters whose next try is due, oldest first; by the index on next_try_at."""
    query = letter.select().where(letter.c.next_try_at <= now).order_by(letter.c.next_try_at, letter.c.id).limit(limit)
    return every(connection, query)


def number_of(connection: Connection, row: Mapping[str, Any]) -> str:
    """Return the outgoing number of a letter: its case's number and its place among the letters of the case.

    Letters are never deleted, so it stays the same. By ix_letter_case_id.
    """
    if row["case_id"] is None:
        return f"П-{row['id']}"
    earlier = select(func.count()).where(letter.c.case_id == row["case_id"], letter.c.id <= row["id"])
    owner = select(case.c.number).where(case.c.id == row["case_id"])
    return f"{connection.execute(owner).scalar_one()}/П-{connection.execute(earlier).scalar_one()}"


def enclosed(connection: Connection, row: Mapping[str, Any]) -> list[Row]:
    """Read the documents that go with a letter, never a confidential one: id, number, title; by ix_document_case_id."""
    numbers = json.loads(row["encloses"] or "[]")
    columns = (document.c.id, document.c.number, document.c.title)
    query = select(*columns).where(document.c.case_id == row["case_id"], document.c.number.in_(numbers))
    return every(connection, query.where(document.c.confidential.is_(False)).order_by(document.c.id))


def take(connection: Connection, row: Mapping[str, Any], next_try_at: str) -> bool:
    """Count an attempt and put the next one off; False if another worker or a person was faster."""
    same = (letter.c.id == row["id"], letter.c.status == WAITING, letter.c.attempts == row["attempts"])
    taken = update(letter).where(*same).values(attempts=row["attempts"] + 1, next_try_at=next_try_at)
    return connection.execute(taken).rowcount == 1


def mark_failed(connection: Connection, row: Mapping[str, Any], problem: str) -> None:
    """Note why an attempt failed; the next one is set already."""
    connection.execute(update(letter).where(letter.c.id == row["id"]).values(problem=problem))


def mark_sent(connection: Connection, row: Mapping[str, Any], at: str, proof: str) -> None:
    """Note that a letter went out by itself, with the proof of it."""
    if _end(connection, row, (WAITING,), status=SENT, sent_at=at, proof=proof, problem=None):
        _happened(connection, row, "LetterSent", "system", at, proof=proof)


def mark_printed(connection: Connection, row: Mapping[str, Any], at: str, file: str) -> None:
    """Note that a letter lies in the folder as a file, for a person to send."""
    if _end(connection, row, (WAITING,), status=PRINTED, proof=file, problem=None):
        _happened(connection, row, "LetterPrinted", "system", at, file=file)


def mark_refused(connection: Connection, row: Mapping[str, Any], at: str, why: str) -> None:
    """Note that a letter will never be taken as it is; a person has to see to it."""
    if _end(connection, row, (WAITING,), status=REFUSED, problem=why):
        _happened(connection, row, "LetterRefused", "system", at, why=why)


def mark_sent_by(
    connection: Connection, row: Mapping[str, Any], *, at: str, by: str, sent_at: str, how: str, file: str | None
) -> bool:
    """Note that a person sent a letter, when and how; `file` is an upload. False if it is sent already."""
    values = {"status": SENT, "sent_at": sent_at, "sent_by": by, "proof": how, "attachment_id": file, "problem": None}
    if not _end(connection, row, OPEN, **values):
        return False
    if file:
        kept = update(attachment).where(attachment.c.id == file, attachment.c.by == by)
        connection.execute(kept.values(case_id=row["case_id"]))
    _happened(connection, row, "LetterSent", by, at, proof=how, sent_at=sent_at, attachment=file)
    return True


def readdress(connection: Connection, row: Mapping[str, Any], *, at: str, by: str, addressee: str) -> bool:
    """Send a refused or printed letter anew, to another address; False if it is neither."""
    values = {"status": WAITING, "addressee": addressee, "problem": None, "proof": None, "attempts": 0}
    if not _end(connection, row, (REFUSED, PRINTED), next_try_at=at, **values):
        return False
    _happened(connection, row, "LetterReaddressed", by, at, before=row["addressee"], to=addressee)
    return True


def _end(connection: Connection, row: Mapping[str, Any], before: tuple[str, ...], **values: Any) -> bool:
    changed = update(letter).where(letter.c.id == row["id"], letter.c.status.in_(before))
    return connection.execute(changed.values(**{"next_try_at": None, **values})).rowcount == 1


def _happened(connection: Connection, row: Mapping[str, Any], kind: str, by: str, at: str, **more: Any) -> None:
    data = {"kind": row["kind"], "subject": row["subject"], "message_id": row["message_id"], **more}
    append(connection, [Event(type=kind, actor=by, at=at, case_id=row["case_id"], data=data)])
