"""The run loop: carries a process on, one task at a time, until everything waits for a person or for time.

SpiffWorkflow's own loop lets a sub-process finish before it looks at an interrupting event, and stops at depth 1000
without an error. This one runs one task at a time, outermost workflow first, and looks in the flat table of tasks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import ErrorEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.errors import EngineFault
from engine.steps import Refused
from engine.workflow import Alarm, Awaited, LiveWorkflow, WaitingServiceTask

_UNDER_WAY = TaskState.WAITING | TaskState.READY | TaskState.STARTED
MAX_TASKS_A_STEP = 2_000
"""A step that runs more than this goes round without a wait; the diagram is at fault."""


@dataclass(slots=True)
class Ran:
    """What the loop did so far, and where it is."""

    passed: list[tuple[str, str]] = field(default_factory=list)
    """Elements that were passed, in order, as (process, element)."""
    at_work: str = ""
    """The element that runs at this moment."""


def advance(workflow: LiveWorkflow, handle: Callable[[Task], None], ran: Ran) -> None:
    """Run until nothing more can run by itself; `ran` is filled as it goes, so that a failure keeps what was done.

    `handle` does the work of a service task; a Refused that it raises goes down the diagram's error path, or out of
    here when the diagram has none. Raises EngineFault for a process that never comes to rest.
    """
    for _ in range(MAX_TASKS_A_STEP):
        task = next(_runnable(workflow), None)
        if task is None:
            _settle(workflow)
            if next(_runnable(workflow), None) is None:
                return
            continue
        _run_one(task, handle, ran)
    raise EngineFault(f"{workflow.spec.name} ran {MAX_TASKS_A_STEP} tasks in one step and did not come to rest.")


def complete_user_task(task: Task, ran: Ran) -> None:
    """Complete a user task that is ready."""
    if task.state != TaskState.READY:
        raise EngineFault(f"{task.task_spec.name} is not ready.")
    task.run()
    _note(task, ran)


def fire(task: Task) -> None:
    """Let a timer or message event happen."""
    definition = task.task_spec.event_definition
    definition.catch(task)
    task.task_spec._update(task)


def cancel(workflow: LiveWorkflow) -> None:
    """End a process wherever it stands: nothing in it, and in no process that it called, waits any more."""
    for inner in reversed(workflow.running()):
        workflow.cancel(inner)


def waiting_users(workflow: LiveWorkflow) -> Iterator[Task]:
    """Yield the user tasks that wait for a person."""
    for inner in workflow.running():
        for task in inner.tasks.values():
            if task.state == TaskState.READY and task.task_spec.manual:
                yield task


def waiting_timers(workflow: LiveWorkflow) -> Iterator[Task]:
    """Yield the timer events that wait."""
    for task in workflow.event_manager.tasks.values():
        if task.state == TaskState.WAITING and isinstance(task.task_spec.event_definition, Alarm):
            yield task


def waiting_messages(workflow: LiveWorkflow) -> Iterator[Task]:
    """Yield the events that wait for a message."""
    for task in workflow.event_manager.tasks.values():
        if task.state == TaskState.WAITING and isinstance(task.task_spec.event_definition, Awaited):
            yield task


def find(workflow: LiveWorkflow, key: Any) -> Task | None:
    """Return a task by id, in the process or any called one."""
    for inner in (workflow, *workflow.subprocesses.values()):
        task = inner.tasks.get(key)
        if task is not None:
            return task
    return None


def has_ended(workflow: Any) -> bool:
    """Whether nothing is left to happen; checked against the flat table, which has no depth."""
    return not any(task.state & TaskState.DEFINITE_MASK for task in workflow.tasks.values())


def stuck_at(workflow: LiveWorkflow) -> str:
    """Return the elements of a running (called) process at which tokens wait for what cannot come; empty if none do.

    A process can move as long as it has a task for a person, an event to wait for, or something that is under way.
    """
    for inner in workflow.running():
        tasks = [task for task in inner.tasks.values() if task.state & _UNDER_WAY]
        is_alive = any(task.state != TaskState.WAITING or isinstance(task.task_spec, CatchingEvent) for task in tasks)
        if not is_alive and not has_ended(inner):
            return (
                ", ".join(sorted({task.task_spec.bpmn_id or task.task_spec.name for task in tasks})) or inner.spec.name
            )
    return ""


def _runnable(workflow: LiveWorkflow) -> Iterator[Task]:
    for inner in workflow.running():
        for task in list(inner.tasks.values()):
            waits_for_handler = task.state == TaskState.STARTED and isinstance(task.task_spec, WaitingServiceTask)
            if waits_for_handler or (task.state == TaskState.READY and not task.task_spec.manual):
                yield task


def _run_one(task: Task, handle: Callable[[Task], None], ran: Ran) -> None:
    ran.at_work = task.task_spec.bpmn_id or task.task_spec.name
    if not isinstance(task.task_spec, WaitingServiceTask):
        task.run()
        _note(task, ran)
        return
    if task.state == TaskState.READY:
        task.run()
    try:
        handle(task)
    except Refused as refused:
        _take_error_path(task, refused)
        return
    task.complete()
    _note(task, ran)


def _take_error_path(task: Task, refused: Refused) -> None:
    # `workflow.catch` would fire every waiting boundary event of this code, also beside tasks that did not fail, so
    # only the siblings of the failing task are looked at.
    siblings = [
        sibling
        for sibling in (task.parent.children if task.parent else [])
        if isinstance(sibling.task_spec, CatchingEvent)
        and isinstance(sibling.task_spec.event_definition, ErrorEventDefinition)
        and sibling.state == TaskState.WAITING
    ]
    for wanted in (refused.code, None):
        for sibling in siblings:
            if sibling.task_spec.event_definition.code == wanted:
                sibling.internal_data["event_fired"] = True
                sibling.task_spec._update(sibling)
                task.cancel()
                return
    raise refused


def _settle(workflow: LiveWorkflow) -> None:
    """Let called processes that are finished hand back, and joins look again."""
    for inner in workflow.running():
        inner.update_waiting_tasks()


def _note(task: Task, ran: Ran) -> None:
    element = task.task_spec.bpmn_id
    if element and task.state == TaskState.COMPLETED and not isinstance(task.task_spec, LoopTask):
        ran.passed.append((task.workflow.spec.name, element))
