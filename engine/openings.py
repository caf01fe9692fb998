"""What a step opens and closes for the world: tasks in the inbox, timers, and the deadlines of both.

Found by comparing the running process with the rows that the case had before, so it cannot drift from the process.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from SpiffWorkflow.task import Task

from engine import run
from engine.diagram import Node
from engine.due import deadline_row, due_of, timer_due
from engine.ongoing import OngoingStep
from engine.steps import Case, Due
from storage.instants import from_text, to_text


def close_gone(step: OngoingStep) -> tuple[list[str], list[str], dict[str, list[str]]]:
    """Return tasks and timers that wait no longer, and the status with which the deadlines of each are closed."""
    live = step.live
    users = {str(task.id) for task in run.waiting_users(live.workflow)}
    timers = {str(task.id) for task in run.waiting_timers(live.workflow)}
    tasks_gone = [key for key in live.open_tasks if key not in users]
    timers_gone = sorted(live.timers - timers)
    statuses: dict[str, list[str]] = {}
    for key in tasks_gone:
        row = live.open_tasks.pop(key)
        if row["due_at"]:
            statuses.setdefault(_status(step, row), []).append(key)
    for key in timers_gone:
        statuses.setdefault("expired" if key in step.fired else "met", []).append(key)
    live.timers -= set(timers_gone)
    return tasks_gone, timers_gone, statuses


def open_new(step: OngoingStep) -> None:
    """Add rows for tasks and timers that began to wait in this step."""
    live = step.live
    users = [task for task in run.waiting_users(live.workflow) if str(task.id) not in live.open_tasks]
    timers = [task for task in run.waiting_timers(live.workflow) if str(task.id) not in live.timers]
    if not users and not timers:
        return
    case = step.view() if _needs_view(step, [*users, *timers]) else None
    for task in users:
        row = _open_task(step, task, case)
        live.open_tasks[row["id"]] = row
        step.add("open_task", row)
    for task in timers:
        _open_timer(step, task, case)


def _needs_view(step: OngoingStep, tasks: list[Task]) -> bool:
    return any("deadline" in _node(step, task).properties or _node(step, task).kind != "userTask" for task in tasks)


def _node(step: OngoingStep, task: Task) -> Node:
    return step.live.node(task.workflow.spec.name, task.task_spec.bpmn_id)


def _open_task(step: OngoingStep, task: Task, case: Case | None) -> dict[str, Any]:
    live, node, key = step.live, _node(step, task), str(task.id)
    properties = node.properties
    due: Due | None = None
    if case is not None and "deadline" in properties:
        due = due_of(live, case, properties["deadline"])
        step.add("deadline", deadline_row(live, node.id, key, due))
    form = properties["formJsonSchemaFilename"]
    item = task.internal_data.get("instance_item")
    return {
        "id": key,
        "case_id": live.id,
        "process": live.diagrams.owner(task.workflow.spec.name).id,
        "element": node.id,
        "name": node.name,
        "role": node.role,
        "scope": str(live.diagrams.roles.get(node.role, {}).get("scope", "organisation")),
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


def _open_timer(step: OngoingStep, task: Task, case: Case | None) -> None:
    if case is None:
        return
    live, node, key = step.live, _node(step, task), str(task.id)
    due = timer_due(live, case, node)
    # A term names its last second; the timer happens when that second is over.
    instant = due.due + timedelta(seconds=1) if isinstance(due, Due) else due
    if isinstance(due, Due):
        step.add("deadline", deadline_row(live, node.id, key, due))
    step.add("timer", {"task_id": key, "case_id": live.id, "element": node.id, "due_at": to_text(instant)})
    live.timers.add(key)


def _status(step: OngoingStep, row: Mapping[str, Any]) -> str:
    return "met" if step.now.replace(microsecond=0) <= from_text(row["due_at"]) else "missed"
