"""What SpiffWorkflow 3.2.0 does that our code relies on or works around: one test a fact, run on the bare library.

A test that fails after an upgrade is news, and mostly good: its docstring says which code of ours has lost its reason.
Diagrams that the library accepts and runs wrongly are in test_library_accepts.py,
time and saving in test_library_time_and_saving.py.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import pytest
from SpiffWorkflow.bpmn.exceptions import WorkflowDataException, WorkflowTaskException
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment
from SpiffWorkflow.bpmn.util.event import BpmnEvent
from SpiffWorkflow.util.task import TaskState

from tests.engine.raw import VOTE, ask, begun, complete, line, parsed, passed, ready, waiting
from tests.engine.small import service

FORK = '<bpmn:parallelGateway id="fork"/>'
JOIN = '<bpmn:parallelGateway id="join"/>'


def test_the_facts_are_those_of_the_pinned_version() -> None:
    """If it fails: every test of the three files test_library_*.py has to be read again."""
    assert version("SpiffWorkflow") == "3.2.0"


# The walk over tasks -------------------------------------------------------------------------------------------------


def test_a_task_deeper_than_a_thousand_is_not_seen_and_the_case_counts_as_complete() -> None:
    """If it fails: `engine.run` may ask `get_tasks`, and `_FlatUpdates` in `engine.workflow` can go."""
    workflow = begun(line(ask("work")))
    task = waiting(workflow, "work")
    for state in [TaskState.COMPLETED] * 1_000 + [TaskState.READY]:
        task._set_state(TaskState.COMPLETED)
        task._children.clear()
        task = task._add_child(task.task_spec, TaskState.FUTURE)
        task._set_state(state)

    assert [one.depth for one in workflow.tasks.values() if one.state == TaskState.READY] == [1_003]
    assert workflow.get_tasks(state=TaskState.READY) == []
    assert workflow.is_completed()


def test_a_task_that_is_not_ready_runs_all_the_same() -> None:
    """If it fails: `complete_user_task` in `engine.run` need not ask for the state."""
    workflow = begun(line(ask("first"), ask("second")))
    future = next(task for task in workflow.get_tasks(state=TaskState.FUTURE) if task.task_spec.name == "second")

    future.run()

    assert future.state == TaskState.COMPLETED
    assert ready(workflow) == ["first"]


def test_a_sub_process_goes_on_after_the_event_that_interrupts_it() -> None:
    """If it fails: the loop of our own in `engine.run` (outermost workflow first) may become `do_engine_steps`."""
    inside = (
        '<bpmn:subProcess id="part"><bpmn:startEvent id="i0"/>' + ask("inside")
        + '<bpmn:intermediateThrowEvent id="alarm"><bpmn:escalationEventDefinition escalationRef="es"/>'
        '</bpmn:intermediateThrowEvent><bpmn:intermediateThrowEvent id="too_late"/><bpmn:endEvent id="i1"/>'
        '<bpmn:sequenceFlow id="q0" sourceRef="i0" targetRef="inside"/>'
        '<bpmn:sequenceFlow id="q1" sourceRef="inside" targetRef="alarm"/>'
        '<bpmn:sequenceFlow id="q2" sourceRef="alarm" targetRef="too_late"/>'
        '<bpmn:sequenceFlow id="q3" sourceRef="too_late" targetRef="i1"/></bpmn:subProcess>'
        '<bpmn:boundaryEvent id="caught" attachedToRef="part">'
        '<bpmn:escalationEventDefinition escalationRef="es"/></bpmn:boundaryEvent>'
    )  # fmt: skip
    workflow = begun(
        line(
            inside,
            ask("after"),
            ask("instead"),
            extra='<bpmn:escalation id="es" escalationCode="E"/>',
            edges="begin -> part\npart -> after\nafter -> done\ncaught -> instead\ninstead -> done",
        )
    )
    complete(workflow, "inside")

    assert ready(workflow) == ["instead"]
    assert "too_late" in passed(workflow)


def test_five_hundred_nodes_in_a_line_are_too_many_for_the_parser() -> None:
    """If it fails: the rule `too-long` may allow more than 400."""
    with pytest.raises(ValidationException, match="maximum recursion depth"):
        parsed(line(*(ask(f"t{number}") for number in range(500))))


# Joins and data ------------------------------------------------------------------------------------------------------

SIDE_BY_SIDE = line(
    ask("before"), FORK, ask("left"), ask("right"), JOIN, ask("after"),
    edges="begin -> before\nbefore -> fork\nfork -> left\nfork -> right\nleft -> join\nright -> join\n"
    "join -> after\nafter -> done",
)  # fmt: skip


def test_a_join_brings_back_a_value_that_one_branch_had_changed() -> None:
    """If it fails: case data in tables of our own (docs/adr/0001) still stand, but not for this reason."""
    workflow = begun(SIDE_BY_SIDE)
    complete(workflow, "before", status="old")
    complete(workflow, "left", status="new")
    complete(workflow, "right", other=1)

    assert waiting(workflow, "after").data == {"status": "old", "other": 1}


@pytest.mark.parametrize(
    ("first_round", "second_round", "seen"),
    [
        (["left", "right"], "left", ["right"]),  # right
        (["left", "right"], "right", ["decide", "left"]),  # fires although left is still open
        (["right", "left"], "left", ["decide", "right"]),
    ],
)
def test_in_the_second_round_of_a_loop_a_join_fires_at_a_token_of_the_first(
    first_round: list[str], second_round: str, seen: list[str]
) -> None:
    """If it fails: `TokenJoin` in `engine.workflow` can go, and its line in `engine.specifications.Parser`."""
    loop = line(
        '<bpmn:exclusiveGateway id="again"/>', FORK, ask("left"), ask("right"), JOIN, ask("decide"),
        '<bpmn:exclusiveGateway id="which"/>',
        edges="begin -> again\nagain -> fork\nfork -> left\nfork -> right\nleft -> join\nright -> join\n"
        "join -> decide\ndecide -> which\nwhich -> done ok\nwhich -> again default",
    )  # fmt: skip
    workflow = begun(loop)
    for element in first_round:
        complete(workflow, element)
    complete(workflow, "decide", ok=False)

    complete(workflow, second_round)

    assert ready(workflow) == seen


def test_a_multi_instance_task_cannot_be_reached_a_second_time_because_its_item_is_still_there() -> None:
    """If it fails: `InstanceItem` in `engine.workflow` may become the library's own data object."""
    loop = line(
        '<bpmn:exclusiveGateway id="again"/>', ask("name"), ask("vote", VOTE), ask("decide"),
        '<bpmn:exclusiveGateway id="which"/>',
        edges="begin -> again\nagain -> name\nname -> vote\nvote -> decide\ndecide -> which\nwhich -> done ok\n"
        "which -> again default",
    )  # fmt: skip
    workflow = begun(loop)
    complete(workflow, "name", voters=["a", "b"])
    complete(workflow, "vote")
    complete(workflow, "vote")
    complete(workflow, "decide", ok=False)

    with pytest.raises(WorkflowDataException, match="voter already exists"):
        complete(workflow, "name")


# Expressions and services --------------------------------------------------------------------------------------------


def test_a_condition_is_python_with_all_its_builtins() -> None:
    """If it fails: `SafeScriptEngine` may become a setting; the language of `engine.conditions` stays the contract."""
    workflow = begun(
        line(
            '<bpmn:exclusiveGateway id="which"/>', ask("ran"), ask("did_not"),
            edges="begin -> which\nwhich -> ran __import__('os').getpid() > 0\nwhich -> did_not default\n"
            "ran -> done\ndid_not -> done",
        )
    )  # fmt: skip

    assert ready(workflow) == ["ran"]


def test_a_gateway_whose_condition_fails_is_left_as_an_error() -> None:
    """If it fails: `_make_ready_again` in `engine.advancing` has nothing to do: an incident may be resumed as is."""
    workflow = begun(
        line(
            ask("before"), '<bpmn:exclusiveGateway id="which"/>', ask("one"), ask("other"),
            edges="begin -> before\nbefore -> which\nwhich -> one nobody_wrote == 1\nwhich -> other default\n"
            "one -> done\nother -> done",
        )
    )  # fmt: skip
    with pytest.raises(WorkflowTaskException):
        complete(workflow, "before")

    assert [task.task_spec.name for task in workflow.get_tasks(state=TaskState.ERROR)] == ["which"]


def test_the_error_of_a_service_is_hidden_behind_a_name_error() -> None:
    """If it fails: `WaitingServiceTask` may go, and handlers be called from `call_service`."""

    class Failing(TaskDataEnvironment):
        def call_service(self, context: Any, **kwargs: Any) -> str:
            raise ConnectionError("no net")

    with pytest.raises(NameError, match="script"):
        begun(line(service("fetch", "net.fetch")), engine=PythonScriptEngine(environment=Failing()))


# Events --------------------------------------------------------------------------------------------------------------


def test_an_error_fires_the_events_of_tasks_that_did_not_fail() -> None:
    """If it fails: `_take_error_path` in `engine.run` may hand the error to `workflow.catch`."""
    caught = (
        '<bpmn:boundaryEvent id="of_{0}" attachedToRef="{0}"><bpmn:errorEventDefinition errorRef="x"/>'
        "</bpmn:boundaryEvent>"
    )
    workflow = begun(
        line(
            FORK, ask("left"), caught.format("left"), ask("right"), caught.format("right"), ask("one"), ask("other"),
            extra='<bpmn:error id="x" errorCode="X"/>',
            edges="begin -> fork\nfork -> left\nfork -> right\nleft -> done\nright -> done\n"
            "of_left -> one\nof_right -> other\none -> done\nother -> done",
        )
    )  # fmt: skip
    workflow.catch(BpmnEvent(workflow.spec.task_specs["of_left"].event_definition))
    workflow.do_engine_steps()

    assert ready(workflow) == ["one", "other"]
