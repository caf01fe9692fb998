"""SpiffWorkflow as we use it: which of its classes we replace, and why each (see tests/engine/test_library_facts.py).

Case data never enter task data: conditions and loops look at `case_data` of the workflow, which the engine hands in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.defaults import ParallelGateway
from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import MultiInstanceTask
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.spiff.specs.defaults import ParallelMultiInstanceTask, SequentialMultiInstanceTask, ServiceTask
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine import conditions
from engine.errors import EngineFault


class SafeScriptEngine(PythonScriptEngine):
    """Evaluates conditions in our own small language over case data; runs no code at all.

    SpiffWorkflow 3.2 hands every expression of a diagram to Python's `eval`, with builtins.
    """

    def evaluate(self, task: Task, expression: str, external_context: Any = None) -> Any:
        """Return the value of a condition; raises ConditionError."""
        return conditions.parse(expression).evaluate(task.workflow.top_workflow.case_data)

    def execute(self, task: Task, script: str, external_context: Any = None) -> Any:
        """Refuse: no code in a diagram runs."""
        raise EngineFault(f"A script in {task.task_spec.name} was about to run.")

    def call_service(self, task: Task, **kwargs: Any) -> Any:
        """Refuse: handlers are called by the engine, between SpiffWorkflow's steps."""
        raise EngineFault(f"SpiffWorkflow tried to call the service of {task.task_spec.name} itself.")


class WaitingServiceTask(ServiceTask):
    """A service task that stops in STARTED, so that the engine calls the handler itself.

    The library's own path hides the handler's error behind a NameError.
    """

    def _run_hook(self, my_task: Task) -> None:
        return None


class TokenJoin(ParallelGateway):
    """A parallel gateway that fires when a token waits on each incoming flow, and consumes exactly those.

    SpiffWorkflow 3.2 also counts tokens that an earlier round of a loop has consumed, so that in the second round its
    join fires at the first token, and then removes the history of the round before.
    """

    def _update_hook(self, my_task: Task) -> bool:
        # One waiting token for each flow that has one; the oldest first, as the standard leaves excess tokens behind.
        tokens: dict[str, Task] = {}
        for task in my_task.workflow.tasks.values():
            if task.task_spec is self and task is not my_task and task.state == TaskState.WAITING:
                tokens.setdefault(task.parent.task_spec.name, task)
        missing = {spec.name for spec in self.inputs} - set(tokens) - {my_task.parent.task_spec.name}
        if missing:
            my_task._set_state(TaskState.WAITING)
            return False
        tokens.pop(my_task.parent.task_spec.name, None)
        for token in tokens.values():
            token.cancel()
        return True

    def _run_hook(self, my_task: Task) -> bool:
        return True


class Alarm(TimerEventDefinition):
    """A timer that only the engine fires: due instants are rows of the database, not the library's arithmetic.

    SpiffWorkflow 3.2 asks the machine's clock, counts P1M from 31 January to 3 March and takes `xyzT5S` for a time.
    """

    def has_fired(self, my_task: Task) -> bool:
        """Whether the engine fired it."""
        return bool(my_task.internal_data.get("event_fired", False))


class Awaited(EventDefinition):
    """A message of a child case, which only the engine hands over: it knows by the row which case is meant.

    SpiffWorkflow 3.2 correlates messages by any one of their keys, so that another case's message can match.
    """


class _DefiniteLoop:
    """A loop that makes its instances also where the library had only guessed that it would be reached.

    In the second round of a loop of the diagram, SpiffWorkflow 3.2 leaves the tasks behind a gateway as guesses, and a
    guess may have no instances.
    """

    def _update_hook(self, my_task: Task) -> Any:
        if my_task.has_state(TaskState.PREDICTED_MASK):
            my_task._set_state(TaskState.FUTURE)
        return super()._update_hook(my_task)  # type: ignore[misc]  # of the library's class beside this one


class ParallelLoop(_DefiniteLoop, ParallelMultiInstanceTask):
    """All instances at once."""


class SequentialLoop(_DefiniteLoop, SequentialMultiInstanceTask):
    """One instance after the other."""


class CaseDataCollection:
    """The collection of a multi-instance task: a top-level key of the case's data."""

    def __init__(self, key: str) -> None:
        self.bpmn_id = self.name = key

    def get(self, my_task: Task) -> Any:
        """Return the list; a missing one is a fault of the diagram."""
        found = my_task.workflow.top_workflow.case_data.get(self.bpmn_id)
        if not isinstance(found, list):
            raise EngineFault(f"{my_task.task_spec.name} loops over {self.bpmn_id!r}, which is no list in this case.")
        return found

    def exists(self, my_task: Task) -> bool:
        """Whether the case has the list."""
        return isinstance(my_task.workflow.top_workflow.case_data.get(self.bpmn_id), list)


class InstanceItem:
    """The item of one instance, kept beside the task's state and out of task data, which joins would spoil."""

    def __init__(self, name: str) -> None:
        self.bpmn_id = self.name = name

    def set(self, my_task: Task, value: Any) -> None:
        """Remember the item of an instance."""
        my_task.internal_data["instance_item"] = value

    def exists(self, my_task: Task) -> bool:
        """Never in task data, so that a loop may come by a second time."""
        return False


class _FlatUpdates:
    """Looks for waiting tasks in the flat table of tasks.

    The library walks the tree, which stops at depth 1000 without a word and costs a list copy for each task.
    """

    tasks: dict[Any, Task]

    def update_waiting_tasks(self) -> None:
        for task in [task for task in self.tasks.values() if task.state == TaskState.WAITING]:
            task.task_spec._update(task)


class LiveSubWorkflow(_FlatUpdates, BpmnSubWorkflow):
    """A called process that is running."""


class LiveWorkflow(_FlatUpdates, BpmnWorkflow):
    """A case's process that is running."""

    case_data: Mapping[str, Any]

    def __init__(self, spec: Any, subprocess_specs: Any, case_data: Mapping[str, Any], **kwargs: Any) -> None:
        self.case_data = case_data
        super().__init__(spec, subprocess_specs, script_engine=SafeScriptEngine(), **kwargs)

    def create_subprocess(self, my_task: Task, spec_name: str) -> LiveSubWorkflow:
        """Make the workflow of a called process, of our own class."""
        subprocess = LiveSubWorkflow(self.subprocess_specs[spec_name], parent_task_id=my_task.id, top_workflow=self)
        self.subprocesses[my_task.id] = subprocess
        return subprocess

    def running(self) -> list[Any]:
        """The workflows that are not finished, outermost first."""
        inner = [sub for sub in self.subprocesses.values() if not sub.completed]
        return [self, *sorted(inner, key=lambda sub: sub.depth)]


def adopt(specs: Iterable[Any]) -> None:
    """Put our timers, messages and loops in place of the library's, once, right after parsing."""
    for spec in specs:
        for task_spec in spec.task_specs.values():
            definition = getattr(task_spec, "event_definition", None)
            if isinstance(definition, TimerEventDefinition):
                task_spec.event_definition = Alarm(definition.name, definition.expression)
            if isinstance(definition, MessageEventDefinition):
                task_spec.event_definition = Awaited(definition.name)
            if isinstance(task_spec, MultiInstanceTask):
                _adopt_loop(spec, task_spec)


def _adopt_loop(spec: Any, loop: MultiInstanceTask) -> None:
    if loop.data_input is not None:
        loop.data_input = CaseDataCollection(loop.data_input.bpmn_id)
    if loop.input_item is not None:
        loop.input_item = InstanceItem(loop.input_item.bpmn_id)
    # The library connects this only when it makes an instance, so a case restored in a fresh process would hang.
    inner = spec.task_specs[loop.task_spec]
    if not inner.completed_event.is_connected(loop.merge_child):
        inner.completed_event.connect(loop.merge_child)
