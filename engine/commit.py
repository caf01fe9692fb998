"""How a step reaches the database: every row of it, in one transaction that the caller opened."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from typing import Any

from engine import run
from engine.errors import EngineFault
from engine.ongoing import OngoingStep, StepFailed
from engine.openings import take_openings
from engine.state import changes
from engine.steps import Refused
from storage import messages, signatures
from storage import steps as write
from storage.chain import append
from storage.instants import to_text

STUCK = "Nothing waits for a person or for time, and the case has not ended: the diagram leads into a dead end."
TRACE_KEPT = 8_000  # characters, from the end, where the cause is


class VersionConflict(Exception):
    """Another process moved the case between our reading and our writing."""


def store(step: OngoingStep, case_columns: Mapping[str, Any]) -> bool:
    """Write everything that the step changed and return whether the case has ended.

    Raises VersionConflict if another process was faster; the transaction must then be rolled back.
    """
    live, connection = step.live, step.connection
    openings = take_openings(step)
    has_ended = step.failure is None and run.has_ended(live.workflow)
    if not has_ended and step.failure is None and (stuck := run.stuck_at(live.workflow)):
        step.failure = StepFailed(stuck, EngineFault(STUCK))
    columns = {**case_columns, **_case_columns(step, has_ended)}
    state, saved = changes(live.workflow, live.saved)
    if state.head != live.saved.head:
        columns["engine_head"] = state.head
    if not write.update_case(connection, live.id, live.version, columns):
        raise VersionConflict(live.number)
    write.save_values(connection, live.id, step.changed)
    write.save_engine(connection, live.id, state.rows, state.gone)
    write.end_memberships(connection, live.id, step.replaced, step.at)
    write.change_tasks(connection, openings.closed_tasks, openings.opened_tasks)
    if step.has_drafts:
        write.drop_drafts(connection, openings.closed_tasks)
    write.close_timers(connection, openings.closed_timers)
    messages.close_awaited(connection, openings.closed_messages)
    write.close_deadlines(connection, live.id, openings.statuses, step.at)
    _add_passages(step)
    for table, rows in step.rows.items():
        write.insert_rows(connection, table, rows)
    signatures.insert_of_step(connection, live.id, step.signatures)
    write.save_records(connection, list(step.records.values()))
    append(connection, step.events, step.chain_end)
    live.saved, live.version = saved, live.version + 1
    return has_ended


def _case_columns(step: OngoingStep, has_ended: bool) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    status = "ended" if has_ended else "open"
    if step.failure is not None:
        status = _raise_incident(step)
    if has_ended:
        columns["ended_at"] = step.at
        step.happened("CaseEnded")
    if status != step.live.status:
        columns["status"] = step.live.status = status
    return columns


def _raise_incident(step: OngoingStep) -> str:
    failure = step.failure
    if failure is None:
        return "open"
    retry = failure.retry_after
    trace = "".join(traceback.format_exception(failure.cause))[-TRACE_KEPT:]
    row = {
        "case_id": step.live.id,
        "element": failure.element,
        "error": _name(failure.cause),
        "trace": trace,
        "input": write.to_json(step.live.data),
        "at": step.at,
        "retry_at": to_text(step.now + retry) if retry is not None else None,
    }
    step.add("incident", row)
    step.happened("IncidentRaised", failure.element, error=row["error"], retry_at=row["retry_at"])
    return "open" if retry is not None else "incident"


def _name(error: Exception) -> str:
    code = f" [{error.code}]" if isinstance(error, Refused) else ""
    return f"{type(error).__name__}{code}: {error}"


def _add_passages(step: OngoingStep) -> None:
    for specification, element in step.passed:
        process = step.live.diagrams.owner(specification).id
        row = {"case_id": step.live.id, "process": process, "element": element, "at": step.at}
        step.add("passage", row)
