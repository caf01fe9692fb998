"""What holds after each step of any walk, whatever the process: for the engine, for time, and for who may act."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from engine.links import may_invite
from engine.live import LiveCase, LiveCases
from storage import chain, played, tables
from storage import steps as stored
from storage.database import Connection
from tests.walks import certificates, panels
from tests.walks.walking import Walk


def everything(walk: Walk) -> None:
    """Fail, with the whole way, unless everything holds that must."""
    with walk.engine.database.reading() as connection:
        incident = played.first_incident(connection)
        assert incident is None, walk.story_of(f"incident {incident}")
        assert chain.first_break(connection) is None, walk.story_of("the chain is broken")
        seen: dict[int, int] = walk.facts.setdefault("versions", {})
        for case in connection.execute(select(tables.case)).mappings():
            if seen.get(case["id"]) != case["version"]:
                seen[case["id"]] = case["version"]
                _case(walk, connection, case)
        _numbers(walk, connection)
        _somebody_may(walk, connection)
        certificates.demand(walk, connection)
        panels.demand(walk, connection)


def _case(walk: Walk, connection: Connection, case: Mapping[str, Any]) -> None:
    """A case waits for something or has ended, and its rows say what the engine has in mind."""
    restored = LiveCases(walk.engine.library).take(connection, case["id"])
    waits = restored.open_tasks or restored.timers or (restored.awaited and _has_teller(connection, case["id"]))
    assert bool(waits) == (case["status"] != "ended"), walk.story_of(f"{case['number']} {case['status']}: {waits}")
    kept = walk.engine._live.take(connection, case["id"])
    assert _standing(kept) == _standing(restored), walk.story_of(f"{case['number']} is not what its rows say")
    if walk.random.random() < 0.7:  # else it is restored for its next step
        walk.engine._live.put_back(kept)


def _has_teller(connection: Connection, case_id: int) -> bool:
    """Whether a case that only waits for a message has an open child to tell it, or the message is under way."""
    children = select(tables.case.c.id).where(tables.case.c.parent_id == case_id, tables.case.c.status == "open")
    waiting = tables.message.c.status == "waiting"
    told = select(tables.message.c.id).where(tables.message.c.to_case_id == case_id, waiting)
    return any(connection.execute(query).first() is not None for query in (children, told))


def _standing(live: LiveCase) -> tuple[Any, ...]:
    """Return where a case stands, to be compared."""
    tasks = {str(key): (task.state, task.task_spec.name) for key, task in live.workflow.tasks.items()}
    groups = {name: members for name, members in live.participants.items() if members}
    return (
        tasks,
        live.data,
        groups,
        set(live.open_tasks),
        live.timers,
        live.awaited,
        live.version,
        live.status,
        live.documents,
    )


def _numbers(walk: Walk, connection: Connection) -> None:
    """No number is given twice."""
    for column in (tables.case.c.number, tables.document.c.number, tables.letter.c.message_id):
        twice = connection.execute(select(column).group_by(column).having(func.count() > 1)).scalars().all()
        assert not twice, walk.story_of(f"{column} twice: {twice}")


def _somebody_may(walk: Walk, connection: Connection) -> None:
    """Whatever waits can be done by somebody, or somebody can be let in to do it."""
    for row in connection.execute(select(tables.open_task)).mappings():
        known: set[str] = walk.facts.setdefault("doable", set())
        mark = f"{row['id']} {row['assignee']}"
        if mark in known:
            continue
        known.add(mark)
        case = stored.case_row(connection, row["case_id"])
        assert case is not None
        groups = stored.participants(connection, row["case_id"])
        invited = row["role"] in walk.diagrams.outside and any(
            may_invite(walk.diagrams, case["process"], row["role"], one, groups) is None for one in walk.people.values()
        )
        assert invited or walk.able(row), walk.story_of(f"nobody may do {row['element']} of {case['number']}: {groups}")
