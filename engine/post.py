"""Messages between cases reach the case that waits for them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from engine import run
from engine.ongoing import OngoingStep
from engine.transaction import Transaction
from storage import messages
from storage.chain import Event, append


def receive(transaction: Transaction, message_id: int) -> OngoingStep | None:
    """Begin the step of a case that takes a message; None if it is settled already, or the case does not wait for it.

    A message to a case that has ended is settled as unclaimed, with an event in both cases.
    """
    connection = transaction.connection
    row = messages.waiting(connection, message_id)
    if row is None:
        return None
    live = transaction.cases.take(connection, row["to_case_id"])
    step = transaction.step(live)
    task_id = next((key for key, name in live.awaited.items() if name == row["message"]), None)
    task = run.find(live.workflow, UUID(task_id)) if task_id is not None else None
    if live.status != "open" or task is None:
        transaction.cases.put_back(live)
        if live.status == "ended":
            _leave_unclaimed(step, row)
        return None
    messages.settle(connection, message_id, "delivered", step.at)
    values = json.loads(row["data"])
    step.fold(row["message"], values)
    facts = {"message": row["message"], "number": row["from_number"], "data": values}
    step.happened("MessageReceived", task.task_spec.bpmn_id, **facts)
    run.fire(task)
    return step


def _leave_unclaimed(step: OngoingStep, row: Mapping[str, Any]) -> None:
    """Settle a message whose case has ended, and say so in the history of both cases."""
    messages.settle(step.connection, row["id"], "unclaimed", step.at)
    said = [(row["to_case_id"], row["from_number"]), (row["from_case_id"], step.live.number)]
    events = [
        Event(
            type="MessageUnclaimed",
            actor=step.actor.login,
            at=step.at,
            case_id=case_id,
            data={"message": row["message"], "number": number},
        )
        for case_id, number in said
    ]
    append(step.connection, events)
