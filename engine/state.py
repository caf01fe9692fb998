"""The state of a running process as rows: one text a task, and a head with what belongs to no task.

Only rows whose text changed are written. Finished and predicted tasks are recognised by a small mark, so that a long
case does not serialise its past at each step; tasks that can still move are written out and compared.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.errors import EngineFault
from engine.workflow import LiveSubWorkflow, LiveWorkflow
from storage.steps import to_json

_MOVING = TaskState.WAITING | TaskState.READY | TaskState.STARTED
_TRANSIENT = frozenset({"seen_events"})

_Mark = tuple[int, float, tuple[UUID, ...]]


@dataclass(slots=True)
class Saved:
    """What the database holds of a workflow: a mark for each task, and the text of those that can still move."""

    marks: dict[str, _Mark] = field(default_factory=dict)
    moving: dict[str, str] = field(default_factory=dict)
    head: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a step must write: `rows` task id -> text, `gone` task ids, `head` as a whole."""

    rows: dict[str, str]
    gone: list[str]
    head: str


def changes(workflow: LiveWorkflow, saved: Saved) -> tuple[Changes, Saved]:
    """Compare the workflow with what is saved; the second value takes the place of `saved` after the commit."""
    now = Saved(head=_head(workflow))
    rows: dict[str, str] = {}
    for owner, inner in _workflows(workflow):
        for task in inner.tasks.values():
            key = str(task.id)
            mark = (task.state, task.last_state_change, tuple(task._children))
            now.marks[key] = mark
            is_moving = bool(task.state & _MOVING)
            if not is_moving and saved.marks.get(key) == mark:
                continue
            text = _body(task, owner)
            if is_moving:
                now.moving[key] = text
                if saved.moving.get(key) == text:
                    continue
            rows[key] = text
    gone = [key for key in saved.marks if key not in now.marks]
    return Changes(rows=rows, gone=gone, head=now.head), now


def restore(
    spec: Any, subprocess_specs: Mapping[str, Any], head: str, rows: Mapping[str, str], case_data: Mapping[str, Any]
) -> tuple[LiveWorkflow, Saved]:
    """Build the workflow again from its head and rows.

    Raises EngineFault when the rows do not fit the diagram, which happens only when somebody changed either.
    """
    bodies: dict[str, dict[str, list[Any]]] = {}
    for key, text in rows.items():
        body = json.loads(text)
        bodies.setdefault(body[0], {})[key] = body
    heads = json.loads(head)
    top = LiveWorkflow(spec, subprocess_specs, case_data, deserializing=True)
    _fill(top, heads[""], bodies.get("", {}))
    _restore_called(top, top, heads, bodies)
    saved = Saved(head=head)
    for _, inner in _workflows(top):
        for task in inner.tasks.values():
            key = str(task.id)
            saved.marks[key] = (task.state, task.last_state_change, tuple(task._children))
            if task.state & _MOVING:
                saved.moving[key] = rows[key]
    return top, saved


def _workflows(workflow: LiveWorkflow) -> list[tuple[str, Any]]:
    return [("", workflow), *((str(key), inner) for key, inner in workflow.subprocesses.items())]


def _head(workflow: LiveWorkflow) -> str:
    heads = {
        owner: [
            str(inner.task_tree.id),
            str(inner.last_task.id) if inner.last_task is not None else None,
            inner.success,
            inner.completed,
        ]
        for owner, inner in _workflows(workflow)
    }
    return to_json(heads)


def _body(task: Task, owner: str) -> str:
    internal = {key: value for key, value in task.internal_data.items() if key not in _TRANSIENT}
    body = [
        owner,
        task.task_spec.name,
        str(task._parent) if task._parent is not None else None,
        [str(child) for child in task._children],
        task.state,
        task.last_state_change,
        task.triggered,
        internal,
    ]
    return to_json(body)


def _fill(workflow: Any, head: list[Any], bodies: Mapping[str, list[Any]]) -> None:
    root, last, workflow.success, workflow.completed = head
    # Parents first, from the root down: a task asks its parent while it is being made.
    order = [root]
    for key in order:
        if key not in bodies:
            raise EngineFault(f"Task {key} of {workflow.spec.name} is not among the saved rows.")
        order.extend(bodies[key][3])
    for key in order:
        _task(workflow, key, bodies[key])
    workflow.task_tree = workflow.tasks[UUID(root)]
    workflow.last_task = workflow.tasks.get(UUID(last)) if last else None


def _task(workflow: Any, key: str, body: list[Any]) -> None:
    _, name, parent, children, state, changed, triggered, internal = body
    task_spec = workflow.spec.task_specs.get(name)
    if task_spec is None:
        raise EngineFault(f"The diagram {workflow.spec.name} has no element {name!r} that a saved task names.")
    task = Task(workflow, task_spec, state=state, id=UUID(key))
    task._parent = UUID(parent) if parent else None
    task._children = [UUID(child) for child in children]
    task.last_state_change = changed
    task.triggered = triggered
    task.internal_data = internal
    if isinstance(task_spec, CatchingEvent) and state == TaskState.WAITING:
        workflow.top_workflow.event_manager.add_task(task)


def _restore_called(
    workflow: Any, top: LiveWorkflow, heads: Mapping[str, list[Any]], bodies: Mapping[str, Mapping[str, list[Any]]]
) -> None:
    for task in list(workflow.tasks.values()):
        key = str(task.id)
        if isinstance(task.task_spec, SubWorkflowTask) and key in heads:
            spec = top.subprocess_specs[task.task_spec.spec]
            inner = LiveSubWorkflow(spec, parent_task_id=task.id, top_workflow=top, deserializing=True)
            top.subprocesses[task.id] = inner
            _fill(inner, heads[key], bodies.get(key, {}))
            inner.completed_event.connect(task.task_spec._on_subworkflow_completed, task)
            _restore_called(inner, top, heads, bodies)
