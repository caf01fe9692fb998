"""What goes out of the house: letters of the outbox, packages for the state system, each with its case."""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, and_, false, func, or_, select, true

from storage.reading.access import Viewer, like, may_see
from storage.reading.rows import Row, every, first
from storage.tables import attachment, case, document, exchange_package, letter, record_version, user

LetterView = Literal["todo", "waiting", "sent", "overdue", "all"]
PackageView = Literal["open", "overdue", "confirmed", "all"]


def letters(
    connection: Connection, viewer: Viewer, view: LetterView, today: str, *, text: str, offset: int, limit: int
) -> list[Row]:
    """Return a page of letters with the case's number, those first that are due first; by ix_letter_status."""
    query = _letters(viewer).where(_of_letters(view, today))
    if text:
        pattern = like(text)
        columns = (letter.c.addressee, letter.c.subject, case.c.number)
        query = query.where(or_(*(func.lower(column).like(pattern, escape="\\") for column in columns)))
    is_over = view in ("sent", "all")
    order = (letter.c.id.desc(),) if is_over else (letter.c.due_on.is_(None), letter.c.due_on, letter.c.id)
    return every(connection, query.order_by(*order).offset(offset).limit(limit))


def letter_one(connection: Connection, viewer: Viewer, letter_id: int) -> Row | None:
    """Return a letter that the viewer may see, with its case, who sent it and the proof's file; by primary key."""
    query = (
        _letters(viewer)
        .add_columns(user.c.name.label("sent_by_name"), attachment.c.filename)
        .outerjoin(user, user.c.login == letter.c.sent_by)
        .outerjoin(attachment, attachment.c.id == letter.c.attachment_id)
    )
    return first(connection, query.where(letter.c.id == letter_id))


def letter_counts(connection: Connection, viewer: Viewer, today: str) -> dict[str, int]:
    """Return how many letters each view but the endless ones has; by ix_letter_status."""
    return {
        view: _count(connection, select(letter.c.id).join(case).where(may_see(viewer), _of_letters(view, today)))
        for view in _OPEN_VIEWS
    }


def refused(connection: Connection, viewer: Viewer) -> int:
    """Return how many letters were refused and wait for a person; by ix_letter_status."""
    query = select(letter.c.id).join(case, case.c.id == letter.c.case_id)
    return _count(connection, query.where(may_see(viewer), letter.c.status == "refused"))


_OPEN_VIEWS: tuple[LetterView, ...] = ("todo", "waiting", "overdue")


def _of_letters(view: LetterView, today: str) -> ColumnElement[bool]:
    conditions: dict[str, ColumnElement[bool]] = {
        "todo": letter.c.status.in_(("refused", "printed")),
        "waiting": letter.c.status == "waiting",
        "sent": letter.c.status == "sent",
        "overdue": and_(letter.c.status != "sent", letter.c.due_on < today),
        "all": true(),
    }
    return conditions.get(view, false())


def _letters(viewer: Viewer) -> Select[Any]:
    query = select(letter, case.c.number, case.c.subject.label("case_subject"))
    return query.join(case, case.c.id == letter.c.case_id).where(may_see(viewer))


def packages(
    connection: Connection, viewer: Viewer, view: PackageView, now: str, *, offset: int, limit: int
) -> list[Row]:
    """Return a page of packages with the case's number, what is overdue first; by ix_exchange_package_state."""
    query = _packages(viewer).where(_of_packages(view, now))
    is_over = view in ("confirmed", "all")
    made = exchange_package.c.made_at
    order = (made.desc(),) if is_over else (exchange_package.c.due_at.is_(None), exchange_package.c.due_at, made)
    return every(connection, query.order_by(*order, exchange_package.c.id).offset(offset).limit(limit))


def package_one(connection: Connection, viewer: Viewer, package_id: str) -> Row | None:
    """Return a package of a case that the viewer may see, with what it is made of; by primary key."""
    query = (
        _packages(viewer)
        .add_columns(
            document.c.number.label("document_number"),
            document.c.title.label("document_title"),
            record_version.c.journal,
            record_version.c.key,
            user.c.name.label("confirmed_by_name"),
            attachment.c.filename,
        )
        .outerjoin(document, document.c.id == exchange_package.c.document_id)
        .outerjoin(record_version, record_version.c.id == exchange_package.c.version_id)
        .outerjoin(user, user.c.login == exchange_package.c.confirmed_by)
        .outerjoin(attachment, attachment.c.id == exchange_package.c.attachment_id)
    )
    return first(connection, query.where(exchange_package.c.id == package_id))


def overdue_packages(connection: Connection, viewer: Viewer, now: str) -> int:
    """Return how many packages should have been confirmed by now; by ix_exchange_package_state."""
    query = select(exchange_package.c.id).join(case, case.c.id == exchange_package.c.case_id)
    return _count(connection, query.where(may_see(viewer), _of_packages("overdue", now)))


def _of_packages(view: PackageView, now: str) -> ColumnElement[bool]:
    is_open = exchange_package.c.state.in_(("preparing", "waiting"))
    conditions: dict[str, ColumnElement[bool]] = {
        "open": is_open,
        "overdue": and_(is_open, exchange_package.c.due_at < now),
        "confirmed": exchange_package.c.state == "confirmed",
        "all": true(),
    }
    return conditions.get(view, false())


def _packages(viewer: Viewer) -> Select[Any]:
    columns = (case.c.number, case.c.subject.label("case_subject"), case.c.set_hash, case.c.profile)
    return select(exchange_package, *columns).join(case, case.c.id == exchange_package.c.case_id).where(may_see(viewer))


def _count(connection: Connection, query: Select[Any]) -> int:
    return int(connection.execute(select(func.count()).select_from(query.subquery())).scalar_one())
