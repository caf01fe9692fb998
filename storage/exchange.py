"""The write side of the exchange with the state information system: packages, from their making to confirmation."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, Select, insert, select, update

from storage.chain import Event, append
from storage.reading.rows import Row, every, first
from storage.tables import attachment, case, case_value, document, exchange_package, record_version, submission

PREPARING, WAITING, CONFIRMED = "preparing", "waiting", "confirmed"
_IS_OPEN = exchange_package.c.state.in_((PREPARING, WAITING))


def new_documents(connection: Connection, after: int, limit: int = 100) -> list[Row]:
    """Read the documents issued after the one with this id, in order; by primary key."""
    return every(connection, select(document).where(document.c.id > after).order_by(document.c.id).limit(limit))


def new_versions(connection: Connection, after: int, limit: int = 100) -> list[Row]:
    """Read the states of journal rows written after the one with this id, in order; by primary key."""
    query = select(record_version).where(record_version.c.id > after).order_by(record_version.c.id).limit(limit)
    return [_read(row) for row in every(connection, query)]


def new_submissions(connection: Connection, after: int, limit: int = 500) -> list[Row]:
    """Read which forms were handed in for which cases after the submission with this id; by primary key."""
    query = select(submission.c.id, submission.c.case_id, submission.c.form, submission.c.actor, submission.c.at)
    return every(connection, query.where(submission.c.id > after).order_by(submission.c.id).limit(limit))


def version_before(connection: Connection, row: Mapping[str, Any]) -> Row | None:
    """Read the state in which a journal's row was before; by ix_record_version_journal."""
    same = (record_version.c.journal == row["journal"], record_version.c.key == row["key"])
    query = select(record_version).where(*same, record_version.c.id < row["id"]).order_by(record_version.c.id.desc())
    found = first(connection, query.limit(1))
    return _read(found) if found else None


def _read(row: Row) -> Row:
    return {**row, "fields": json.loads(row["fields"])}


def value_of(connection: Connection, case_id: int, path: str) -> str:
    """Read one value of case data (`form.field`) as text, empty if there is none; by primary key."""
    key, _, name = path.partition(".")
    query = select(case_value.c.value).where(case_value.c.case_id == case_id, case_value.c.key == key)
    found = json.loads(connection.execute(query).scalar_one_or_none() or "null")
    value = found.get(name) if name and isinstance(found, dict) else found
    return str(value) if isinstance(value, str | int) else ""


def add(connection: Connection, row: Mapping[str, Any]) -> bool:
    """Add a package that waits to be written; False if its document or version has one already."""
    source = "document_id" if row["document_id"] else "version_id"
    same = exchange_package.c[source] == row[source]
    if first(connection, select(exchange_package.c.id).where(same)):
        return False
    connection.execute(insert(exchange_package).values(state=PREPARING, attempts=0, **row))
    return True


def to_prepare(connection: Connection, now: str, limit: int = 20) -> list[Row]:
    """Read the packages whose folder is to be written; by ix_exchange_package_next_try_at."""
    query = _with_case().where(exchange_package.c.next_try_at <= now).order_by(exchange_package.c.next_try_at)
    return every(connection, query.limit(limit))


def version(connection: Connection, version_id: int) -> Row:
    """Read one state of a journal's row, `fields` read; by primary key."""
    row = every(connection, select(record_version).where(record_version.c.id == version_id))[0]
    return _read(row)


def mark_packaged(connection: Connection, row: Mapping[str, Any], at: str, sha256: str) -> None:
    """Note that a package lies in its folder and waits to be confirmed, if it is not already."""
    written = {"sha256": sha256, "next_try_at": None, "problem": None}
    if _move(connection, row, (PREPARING,), {**written, "state": WAITING}) or _move(
        connection, row, (CONFIRMED,), written
    ):
        _happened(connection, row, "ExchangePackaged", "system", at, sha256=sha256)


def mark_failed(connection: Connection, row: Mapping[str, Any], next_try_at: str, problem: str) -> None:
    """Note that a package could not be written now."""
    changed = {"attempts": row["attempts"] + 1, "next_try_at": next_try_at, "problem": problem}
    _move(connection, row, (PREPARING, CONFIRMED), changed)


def put_off(connection: Connection, row: Mapping[str, Any], next_try_at: str, reason: str) -> None:
    """Note for what a package waits before it can be written; that is no failed attempt."""
    _move(connection, row, (PREPARING, CONFIRMED), {"next_try_at": next_try_at, "problem": reason})


def open_one(connection: Connection, package_id: str) -> Row | None:
    """Read a package that is not confirmed; by primary key."""
    return first(connection, _with_case().where(exchange_package.c.id == package_id, _IS_OPEN))


def is_confirmed(connection: Connection, package_id: str, receipt: str) -> bool:
    """Whether a package is confirmed by this very receipt; by primary key."""
    same = (exchange_package.c.id == package_id, exchange_package.c.receipt == receipt)
    return first(connection, select(exchange_package.c.id).where(*same)) is not None


def open_of_cases(connection: Connection, case_ids: Collection[int]) -> list[Row]:
    """Read what is not confirmed in these cases, with the kind of the document; by ix_exchange_package_case_id."""
    query = _with_case(document.c.kind).join(document, document.c.id == exchange_package.c.document_id)
    return every(connection, query.where(exchange_package.c.case_id.in_(case_ids), _IS_OPEN))


def open_of_row(connection: Connection, journal: str, key: str, up_to: int) -> list[Row]:
    """Read what is not confirmed of a journal's row in its states up to one; by ix_record_version_journal."""
    query = _with_case().join(record_version, record_version.c.id == exchange_package.c.version_id)
    same = (record_version.c.journal == journal, record_version.c.key == key, record_version.c.id <= up_to)
    return every(connection, query.where(*same, _IS_OPEN))


def is_used(connection: Connection, row: Mapping[str, Any], receipt: str) -> bool:
    """Whether a number has confirmed another package of the same object in the case; by ix_exchange_package_case_id."""
    same = (
        exchange_package.c.case_id == row["case_id"],
        exchange_package.c.object == row["object"],
        exchange_package.c.receipt == receipt,
    )
    return first(connection, select(exchange_package.c.id).where(*same)) is not None


def confirm(
    connection: Connection,
    row: Mapping[str, Any],
    *,
    at: str,
    by: str,
    receipt: str,
    entered_at: str,
    entered_on: str,
    file: str | None = None,
) -> bool:
    """Note the entry in the state system: its number, day and moment. False if it is confirmed already."""
    changed = {
        "state": CONFIRMED,
        "receipt": receipt,
        "entered_on": entered_on,
        "confirmed_at": at,
        "confirmed_by": by,
        "attachment_id": file,
        "problem": None,
    }
    if not _move(connection, row, (PREPARING, WAITING), changed):
        return False
    if row["version_id"]:
        # An entry cannot be older than the state that it enters.
        entered = update(record_version).where(
            record_version.c.id == row["version_id"], record_version.c.entered_at.is_(None)
        )
        moment = max(entered_at, version(connection, row["version_id"])["at"])
        connection.execute(entered.values(entered_at=moment, entry=receipt))
    if file:
        kept = update(attachment).where(attachment.c.id == file)
        connection.execute(kept.values(case_id=row["case_id"]))
    more = {"receipt": receipt, "entered_on": entered_on, "attachment": file}
    _happened(connection, row, "ExchangeConfirmed", by, at, **more)
    return True


def note_problem(connection: Connection, row: Mapping[str, Any], problem: str) -> None:
    """Keep what was wrong with a receipt for those who look at the package."""
    _move(connection, row, (PREPARING, WAITING), {"problem": problem})


def alert_overdue(connection: Connection, now: str) -> int:
    """Raise the alert on packages whose confirmation is overdue, once each; by ix_exchange_package_state."""
    overdue = _with_case().where(
        _IS_OPEN,
        exchange_package.c.due_at < now,
        exchange_package.c.alerted_at.is_(None),
    )
    rows = every(connection, overdue)
    for row in rows:
        if _move(connection, row, (WAITING, PREPARING), {"alerted_at": now}):
            _happened(connection, row, "ExchangeOverdue", "system", now, due_at=row["due_at"])
    return len(rows)


def has_overdue(connection: Connection, now: str) -> bool:
    """Whether an alert is to be raised; by ix_exchange_package_state."""
    query = select(exchange_package.c.id).where(
        _IS_OPEN,
        exchange_package.c.due_at < now,
        exchange_package.c.alerted_at.is_(None),
    )
    return first(connection, query.limit(1)) is not None


def _with_case(*more: Any) -> Select[Any]:
    query = select(exchange_package, case.c.number, case.c.subject, case.c.set_hash, case.c.profile, *more)
    return query.join(case, case.c.id == exchange_package.c.case_id)


def _move(connection: Connection, row: Mapping[str, Any], before: tuple[str, ...], changed: dict[str, Any]) -> bool:
    same = (exchange_package.c.id == row["id"], exchange_package.c.state.in_(before))
    return connection.execute(update(exchange_package).where(*same).values(**changed)).rowcount == 1


def _happened(connection: Connection, row: Mapping[str, Any], kind: str, by: str, at: str, **more: Any) -> None:
    data = {"package": row["id"], "object": row["object"], "title": row["title"], **more}
    append(connection, [Event(type=kind, actor=by, at=at, case_id=row["case_id"], data=data)])
