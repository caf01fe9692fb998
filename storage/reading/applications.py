"""Where rules were applied last, over all cases that a person may see."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import Connection, Select, and_, or_, select, tuple_, union

from storage.reading.access import Viewer, may_see
from storage.reading.names import name_of
from storage.reading.rows import Row, every
from storage.tables import case, event, open_task, passage, user

NEWEST_CASES = 200
"""In so many of the newest cases that came to a rule its applications are looked for."""
AT_ELEMENT = ("StepDone", "StepRefused", "TaskCompleted", "TaskRefused")


def applications(
    connection: Connection,
    viewer: Viewer,
    places: Sequence[tuple[str, str]],
    starts: Sequence[str] = (),
    *,
    limit: int,
) -> list[Row]:
    """Return the newest events at the places (process, element), or with which cases of `starts` began.

    `data` is read, the case's number, process and set and the actor's name are added. Cases are found by
    ix_passage_process and among the open tasks, their events by ix_event_case_id.
    """
    elements = [element for _process, element in places]
    query = (
        _events()
        .where(
            event.c.case_id.in_(_cases(places)),
            event.c.type.in_(AT_ELEMENT),
            event.c.element.in_(elements),
            may_see(viewer),
        )
        .order_by(event.c.seq.desc())
        .limit(limit)
    )
    found = every(connection, query) if places else []
    if starts:
        newest = select(case.c.id).where(case.c.process.in_(starts)).order_by(case.c.id.desc()).limit(NEWEST_CASES)
        began = and_(event.c.case_id.in_(newest.scalar_subquery()), event.c.type == "CaseStarted")
        found += every(connection, _events().where(began, may_see(viewer)).order_by(event.c.seq.desc()).limit(limit))
    found.sort(key=lambda row: -int(row["seq"]))
    return [{**row, "data": json.loads(row["data"])} for row in found[:limit]]


def _events() -> Select[tuple[object, ...]]:
    columns = (case.c.number, case.c.process, case.c.subject, case.c.set_hash)
    return (
        select(event, name_of(event.c.actor).label("actor_name"), *columns)
        .join(case, case.c.id == event.c.case_id)
        .join(user, user.c.login == event.c.actor, isouter=True)
    )


def _cases(places: Sequence[tuple[str, str]]) -> Select[tuple[object, ...]]:
    came = select(passage.c.case_id).where(or_(tuple_(passage.c.process, passage.c.element).in_(places)))
    stands = select(open_task.c.case_id).where(tuple_(open_task.c.process, open_task.c.element).in_(places))
    both = union(came, stands).subquery()
    return select(both.c.case_id).order_by(both.c.case_id.desc()).limit(NEWEST_CASES)
