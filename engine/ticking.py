"""What time alone brings about: due timers fire, passed deadlines are marked, failed steps are tried again.

Messages between cases that were not delivered right after their step are delivered here too.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from engine.service import Engine
from engine.steps import SYSTEM
from storage import due_work, messages
from storage.chain import Event, append
from storage.instants import from_text, to_text

LAST_SECOND = timedelta(seconds=1)
"""A deadline names its last second; it has passed when that second is over."""


def tick(engine: Engine) -> int:
    """Do everything that is due now and return how many things that were.

    Each timer and retry is a transaction of its own, so a case that fails holds up no other.
    """
    now = to_text(engine.clock.now())
    with engine.database.reading() as connection:
        timers = due_work.due_timers(connection, now)
        retries = due_work.due_retries(connection, now)
        planned = due_work.due_plans(connection, now)
        told = messages.deliverable(connection)
        passed = due_work.passed_deadlines(connection, _last_second_before(engine))
    if not (timers or retries or planned or told or passed):
        return 0  # so it is in nearly every second, and one look is enough to know it
    done = sum(engine.fire_timer(row["task_id"], row["case_id"], SYSTEM) is not None for row in timers)
    for row in planned:
        engine.open_planned(row["key"], SYSTEM)
    for incident_id in retries:
        engine.resume(incident_id, SYSTEM)
    done += engine.deliver_messages()
    return done + len(planned) + len(retries) + _mark_missed(engine)


def next_due(engine: Engine) -> datetime | None:
    """Return the instant of the next work, None if nothing waits for time."""
    with engine.database.reading() as connection:
        found = due_work.next_due(connection)
    return from_text(found) + LAST_SECOND if found else None


def _mark_missed(engine: Engine) -> int:
    now = engine.clock.now()
    with engine.database.reading() as connection:
        passed = due_work.passed_deadlines(connection, _last_second_before(engine))
    if not passed:
        return 0
    with engine.database.writing() as connection:
        due_work.mark_missed(connection, [row["id"] for row in passed])
        events = [
            Event(
                type="DeadlineMissed",
                actor=SYSTEM.login,
                at=to_text(now),
                case_id=row["case_id"],
                element=row["element"],
                data={"term": row["term"], "due_on": row["due_on"]},
            )
            for row in passed
        ]
        append(connection, events)
    return len(passed)


def _last_second_before(engine: Engine) -> str:
    return to_text(engine.clock.now() - LAST_SECOND)
