"""A step runs the process on: service tasks go to their handlers, and what goes wrong stops the case there."""

from __future__ import annotations

import ast
from functools import partial

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine import run
from engine.errors import EngineFault
from engine.live import LiveCase
from engine.ongoing import OngoingStep, StepFailed
from engine.outcomes import apply
from engine.steps import Outcome, Refused
from engine.view import view


def advance(step: OngoingStep) -> None:
    """Run the process on until it waits; a failure is kept in `failure`, and what was done before it stays."""
    ran = run.Ran()
    try:
        run.advance(step.live.workflow, partial(_handle, step), ran)
    except Exception as error:  # noqa: BLE001
        # The edge where anything that goes wrong becomes an incident: the case stops, and nothing is lost.
        step.failure = StepFailed(ran.at_work, error)
        _make_ready_again(step.live)
    step.passed.extend(ran.passed)


def _handle(step: OngoingStep, task: Task) -> None:
    spec = task.task_spec
    binding = step.handlers.get(spec.operation_name)
    if binding is None or binding.kind != "step":
        raise EngineFault(f"There is no step {spec.operation_name!r} for {spec.bpmn_id}.")
    parameters = {name: ast.literal_eval(given["value"]) for name, given in spec.operation_params.items()}
    try:
        outcome: Outcome = binding.call(view(step), **parameters)
    except Refused as refused:
        step.happened("StepRefused", spec.bpmn_id, code=refused.code, why=str(refused))
        raise
    undeclared = set(outcome.data) - {path.split(".")[0] for path in binding.writes}
    if undeclared:
        raise EngineFault(f"{binding.name} wrote {sorted(undeclared)}, which its `writes` does not declare.")
    untold = {told.message for told in outcome.tells} - {path.split(".")[0] for path in binding.tells}
    if untold:
        raise EngineFault(f"{binding.name} told {sorted(untold)}, which its `tells` does not declare.")
    apply(step, outcome, spec.bpmn_id)
    step.happened("StepDone", spec.bpmn_id, handler=binding.name, wrote=dict(outcome.data))


def _make_ready_again(live: LiveCase) -> None:
    # The library marks a gateway whose condition failed as ERROR; ready again, it can be tried when the cause is gone.
    for inner in live.workflow.running():
        for task in inner.tasks.values():
            if task.state == TaskState.ERROR:
                task._set_state(TaskState.READY)
