"""Cases that open by themselves when their day begins."""

from __future__ import annotations

import json

from engine.errors import EngineError
from engine.moving import Mover
from engine.new_case import current_set
from engine.result import Step
from engine.steps import NewCase
from engine.transaction import Transaction
from storage import plans
from storage import steps as write
from storage.chain import Event, append


def open_planned(transaction: Transaction, mover: Mover, key: str) -> Step | None:
    """Open a planned case with the present set; None if it has been opened or cancelled meanwhile.

    Raises as `Mover.open_case` does.
    """
    row = plans.waiting(transaction.connection, key)
    if row is None:
        return None
    origin = transaction.look_at(row["case_id"])
    wanted = NewCase(process=row["process"], data=json.loads(row["data"]), profile=row["profile"])
    opened = mover.open_child(transaction, current_set(transaction.connection), wanted, origin)
    plans.mark_opened(transaction.connection, key, opened.case_id)
    return opened


def give_up(transaction: Transaction, key: str, error: EngineError) -> None:
    """Make a plan that cannot be carried out an incident of the case that planned it."""
    connection, at = transaction.connection, transaction.at
    row = plans.waiting(connection, key)
    if row is None:
        return
    plans.cancel(connection, [key], at)
    incident = {
        "case_id": row["case_id"],
        "element": f"{row['process']} ({key})",
        "error": f"{error.code}: {error}",
        "trace": "",
        "input": row["data"],
        "at": at,
        "retry_at": None,
    }
    write.insert_rows(connection, "incident", [incident])
    data = {"key": key, "error": incident["error"]}
    failed = Event(type="PlanFailed", actor=transaction.actor.login, at=at, case_id=row["case_id"], data=data)
    append(connection, [failed])
