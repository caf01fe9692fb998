"""The open task that a command is about, with its case, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import EngineError, NotFound, NotReady, Stale
from engine.live import LiveCase
from engine.transaction import Transaction
from storage import steps as write
from storage.database import Connection
from storage.instants import from_text


def open_task(transaction: Transaction, task_id: str) -> tuple[Mapping[str, Any], LiveCase]:
    """Return a task's row and its case, which takes no step by it; raises NotFound, Stale or NotReady."""
    row = write.task_with_case(transaction.connection, task_id)
    if row is None:
        raise gone(transaction.connection, task_id)
    live = transaction.cases.take_version(transaction.connection, row["case_id"], row["version"])
    transaction.cases.put_back(live)
    demand_open(live)
    return row, live


def demand_open(live: LiveCase) -> None:
    """Raise NotReady if the case takes no step from a person now."""
    if live.status == "incident":
        raise NotReady(number=live.number, why="оно остановлено из-за ошибки, её разбирает администратор")
    if live.status == "ended":
        raise NotReady(number=live.number, why="оно завершено")


def gone(connection: Connection, task_id: str) -> EngineError:
    """Return why a task is not open: somebody has done it, or it never was."""
    done = write.done_task(connection, task_id)
    if done is None:
        return NotFound(what=f"задача {task_id}")
    at = from_text(done["at"]).strftime("%d.%m.%Y %H:%M UTC")
    return Stale(task=done["element"], by=done["name"] or done["actor"], at=at)
