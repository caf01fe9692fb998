"""What a step opens and closes for the world: tasks in the inbox, timers, the deadlines of both, awaited messages.

Found by comparing the running process with the rows that the case had before, so it cannot drift from the process.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from SpiffWorkflow.task import Task

from engine import run
from engine.diagram import Node
from engine.due import deadline_row, due_of, timer_due
from engine.duties import NO_ACCESS
from engine.ongoing import OngoingStep
from engine.stand_ins import role_that_acts
from engine.steps import Due
from storage import registers
from storage.instants import from_text, to_text


@dataclass(frozen=True, slots=True)
class Openings:
    """What a step closes and opens; the live case knows it already. All that is new but tasks are rows of the step."""

    closed_tasks: list[str]
    closed_timers: list[str]
    closed_messages: list[str]
    statuses: dict[str, str]
    """Closed task or timer -> the status with which its deadline ends."""
    opened_tasks: list[dict[str, Any]]


def take_openings(step: OngoingStep) -> Openings:
    """Return what waits no longer and what began to wait in this step."""
    live = step.live
    users = {str(task.id): task for task in run.waiting_users(live.workflow)}
    timers = {str(task.id): task for task in run.waiting_timers(live.workflow)}
    closed_tasks = [key for key in live.open_tasks if key not in users]
    closed_timers = sorted(live.timers - timers.keys())
    statuses = {key: "expired" if key in step.fired else "met" for key in closed_timers}
    for key in closed_tasks:
        row = live.open_tasks.pop(key)
        if row["due_at"]:
            statuses[key] = _status(step, row)
    if step.is_closing:
        statuses = dict.fromkeys(statuses, "cancelled")
    live.timers.difference_update(closed_timers)
    opened = [_open_task(step, key, task) for key, task in users.items() if key not in live.open_tasks]
    live.open_tasks.update((row["id"], row) for row in opened)
    for key, task in timers.items():
        if key not in live.timers:
            _open_timer(step, key, task)
    return Openings(closed_tasks, closed_timers, _take_messages(step), statuses, opened)


def _take_messages(step: OngoingStep) -> list[str]:
    live = step.live
    events = {str(task.id): task for task in run.waiting_messages(live.workflow)}
    closed = [key for key in live.awaited if key not in events]
    for key in closed:
        del live.awaited[key]
    for key, task in events.items():
        if key not in live.awaited:
            node = _node(step, task)
            live.awaited[key] = (node.event.code if node.event else None) or ""
            row = {"task_id": key, "case_id": live.id, "element": node.id, "message": live.awaited[key]}
            step.add("awaited_message", {**row, "since": step.at})
            step.has_post = True
    return closed


def _node(step: OngoingStep, task: Task) -> Node:
    return step.live.node(task.workflow.spec.name, task.task_spec.bpmn_id)


def _open_task(step: OngoingStep, key: str, task: Task) -> dict[str, Any]:
    live, node = step.live, _node(step, task)
    properties = node.properties
    due: Due | None = None
    if "deadline" in properties:
        due = due_of(live, properties["deadline"], step.now)
        step.add("deadline", deadline_row(live, node.id, key, due))
    form = properties["formJsonSchemaFilename"]
    item = task.internal_data.get("instance_item")
    role = _acting_role(step, node)
    return {
        "id": key,
        "case_id": live.id,
        "process": live.diagrams.owner(task.workflow.spec.name).id,
        "element": node.id,
        "name": node.name,
        "role": role,
        "scope": str(live.diagrams.roles.get(role, {}).get("scope", "organisation")),
        "assignee": item if isinstance(item, str) else None,
        "reserved_for": item if isinstance(item, str) else None,
        "form": form,
        "excludes": properties.get("excludes", ""),
        "on_behalf": properties.get("on_behalf"),
        "opened_at": step.at,
        "due_at": to_text(due.due) if due else None,
        "claimed_at": None,
        "data_key": form.removesuffix(".json"),
    }


def _acting_role(step: OngoingStep, node: Node) -> str:
    """Return the role of the lane, or the one that stands in for it while the case is closed to all who hold it."""
    live = step.live
    closing = (NO_ACCESS, *node.properties.get("excludes", "").split())
    if not live.diagrams.roles.get(node.role, {}).get("stand_in") or not any(map(live.participants.get, closing)):
        return node.role
    role = role_that_acts(
        node.role,
        node.properties.get("excludes", ""),
        roles=live.diagrams.roles,
        people=registers.people(step.connection),
        groups=live.participants,
    )
    if role != node.role:
        step.happened("TaskStoodIn", node.id, role=node.role, by=role)
    return role


def _open_timer(step: OngoingStep, key: str, task: Task) -> None:
    live, node = step.live, _node(step, task)
    due = timer_due(live, node, step.now)
    # A term names its last second; the timer happens when that second is over.
    instant = due.due + timedelta(seconds=1) if isinstance(due, Due) else due
    if isinstance(due, Due):
        step.add("deadline", deadline_row(live, node.id, key, due))
    step.add("timer", {"task_id": key, "case_id": live.id, "element": node.id, "due_at": to_text(instant)})
    live.timers.add(key)


def _status(step: OngoingStep, row: Mapping[str, Any]) -> str:
    return "met" if step.now.replace(microsecond=0) <= from_text(row["due_at"]) else "missed"
