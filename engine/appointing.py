"""Who has a task: taken for oneself, given back, handed over, or another appointed to it.

Nothing here moves the process; each writes the task's row and one event.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine import replacing
from engine.commit import store
from engine.duties import demand
from engine.errors import NotYours
from engine.live import LiveCase
from engine.open_tasks import open_task
from engine.steps import Person
from engine.transaction import Transaction
from storage import steps as write
from storage.chain import Event, append


def claim(transaction: Transaction, task_id: str) -> None:
    """Give a task to who asks; raises NotYours, Excluded or Taken."""
    row, live = open_task(transaction, task_id)
    demand(row, transaction.actor, live.participants, live.diagrams)
    _assign(transaction, row, live, transaction.actor.login, "TaskClaimed")


def release(transaction: Transaction, task_id: str) -> None:
    """Give a task back to its role; raises NotYours for who does not have it."""
    row, live = open_task(transaction, task_id)
    if row["assignee"] != transaction.actor.login or row["reserved_for"]:
        raise NotYours(task=row["name"], role=_holder(row))
    _assign(transaction, row, live, None, "TaskReleased")


def hand_over(transaction: Transaction, task_id: str, to: Person) -> None:
    """Give a task to somebody who may do it; raises NotYours, Excluded or Taken for either of the two."""
    row, live = open_task(transaction, task_id)
    if row["reserved_for"]:
        raise NotYours(task=row["name"], role=_holder(row))
    demand(row, transaction.actor, live.participants, live.diagrams)
    demand({**row, "assignee": None}, to, live.participants, live.diagrams)
    _assign(transaction, row, live, to.login, "TaskHandedOver")


def replace(transaction: Transaction, task_id: str, to: Person, reason: str) -> None:
    """Keep a task of one person for another from now on; raises what `engine.replacing.replace` does."""
    row, live = open_task(transaction, task_id)
    step = transaction.step(live)
    # What is changed in memory before the row is written must not outlive a refusal.
    transaction.moved.add(live.id)
    replacing.replace(step, row, to, reason)
    store(step, {})


def _assign(
    transaction: Transaction, row: Mapping[str, Any], live: LiveCase, assignee: str | None, event_type: str
) -> None:
    at = transaction.at
    write.claim(transaction.connection, row["id"], assignee, at if assignee else None)
    event = Event(
        type=event_type,
        actor=transaction.actor.login,
        at=at,
        case_id=row["case_id"],
        element=row["element"],
        data={"task": row["id"], "assignee": assignee},
    )
    append(transaction.connection, [event])
    if row["id"] in live.open_tasks:
        live.open_tasks[row["id"]]["assignee"] = assignee


def _holder(row: Mapping[str, Any]) -> str:
    return str(row["reserved_for"] or row["assignee"] or row["role"])
