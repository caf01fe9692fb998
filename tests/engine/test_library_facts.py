"""What SpiffWorkflow 3.2.0 does that our code relies on or works around: one test a fact, run on the bare library.

A test that fails after an upgrade is news, and mostly good: its docstring says which code of ours has lost its reason.
Diagrams that the library accepts and runs wrongly are in test_library_accepts.py.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib.metadata import version
from typing import Any

import pytest
from SpiffWorkflow.bpmn.exceptions import WorkflowTaskException
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment
from SpiffWorkflow.bpmn.specs.event_definitions import timer
from SpiffWorkflow.bpmn.util.event import BpmnEvent
from SpiffWorkflow.util.task import TaskState

from tests.engine.raw import ask, begun, complete, line, parsed, passed, ready, serializer, wait, waiting
from tests.engine.small import service

FORK = '<bpmn:parallelGateway id="fork"/>'
JOIN = '<bpmn:parallelGateway id="join"/>'
VOTE = (
    "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>voters</bpmn:loopDataInputRef>"
    '<bpmn:inputDataItem id="voter"/></bpmn:multiInstanceLoopCharacteristics>'
)


def test_the_facts_are_those_of_the_pinned_version() -> None:
    """If it fails: every test here and in test_library_accepts.py has to be read again."""
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
    """If it fails: `_make_ready_again` in `engine.ongoing` has nothing to do, and an incident may be resumed as is."""
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


# Time ----------------------------------------------------------------------------------------------------------------


def test_a_timer_asks_the_clock_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """If it fails, and the library takes a clock: `Alarm` may be fed with it instead of being fired by the engine."""

    class Later(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime.now(tz) + timedelta(days=3)

    workflow = begun(line(wait("'P2D'")))
    assert not workflow.completed

    monkeypatch.setattr(timer, "datetime", Later)
    workflow.refresh_timers()
    workflow.do_engine_steps()

    assert workflow.completed


def test_a_month_from_the_31st_of_january_ends_in_march() -> None:
    """If it fails: nothing; terms are counted by `rules.terms`, whose month ends on the last day of February."""
    month = timer.TimerEventDefinition.parse_iso_duration("P1M")
    begin = datetime(2026, 1, 31, tzinfo=UTC)

    assert begin + timer.TimerEventDefinition.get_timedelta_from_start(month, begin) == datetime(2026, 3, 3, tzinfo=UTC)


@pytest.mark.parametrize("text", ["'-PT5S'", "'xyzT5S'", "'P1.5DT2S'"])
def test_what_is_no_duration_is_taken_for_one(text: str) -> None:
    """If it fails: `engine.check.durations` keeps its strictness, because a check names the line and the cure."""
    workflow = begun(line(wait(text)))

    assert len(workflow.waiting_events()) == 1


def test_a_duration_as_every_modeller_writes_it_is_taken_for_a_variable() -> None:
    """If it fails: `_prepared` in `engine.specifications` need not put a quoted constant in its place."""
    with pytest.raises(WorkflowTaskException, match="PT1S"):
        begun(line(wait("PT1S")))


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


# Saving --------------------------------------------------------------------------------------------------------------


def test_instances_on_a_specification_parsed_anew_never_come_together() -> None:
    """If it fails: the last lines of `_adopt_loop` in `engine.workflow` can go.

    The library connects an instance to its loop when it makes one, or when it restores a specification that was stored
    with the case. We store none and parse once for all cases, so a fresh process has to connect them itself.
    """
    file = line(ask("before"), ask("vote", VOTE), ask("after"))
    workflow = begun(file)
    complete(workflow, "before", voters=["a", "b"])

    workflow.spec, _ = parsed(file)
    for task in workflow.tasks.values():
        task.task_spec = workflow.spec.task_specs[task.task_spec.name]
    complete(workflow, "vote")
    complete(workflow, "vote")

    assert ready(workflow) == []
    assert [task.task_spec.name for task in workflow.get_tasks(state=TaskState.STARTED)] == ["vote"]


def test_a_key_named_typename_makes_a_case_unrestorable() -> None:
    """If it fails: `FORBIDDEN_NAMES` in `engine.forms` and the rule `form-field-names` may allow it.

    Our own rows hold no task data; the name stays refused so that a case can be handed to the library's own tools.
    """
    workflow = begun(line(ask("first"), ask("second")))
    complete(workflow, "first", form={"typename": "x"})

    with pytest.raises(TypeError):
        serializer().deserialize_json(serializer().serialize_json(workflow))


def test_tasks_in_another_order_come_back_empty_without_an_error() -> None:
    """If it fails: rows may be restored in any order; `_fill` in `engine.state` goes from the root down for it."""
    workflow = begun(line(ask("first"), ask("second")))
    complete(workflow, "first", answer=1)
    state = json.loads(serializer().serialize_json(workflow))
    assert waiting(serializer().deserialize_json(json.dumps(state)), "second").data == {"answer": 1}

    state["tasks"] = dict(reversed(state["tasks"].items()))

    assert waiting(serializer().deserialize_json(json.dumps(state)), "second").data == {}


@pytest.mark.parametrize("value", [Decimal("1.5"), date(2026, 1, 31)])
def test_dates_and_decimals_cannot_be_saved(value: Any) -> None:
    """If it fails: nothing must change; case data are JSON with dates as ISO text, for readers and for queries."""
    workflow = begun(line(ask("first"), ask("second")))
    complete(workflow, "first", answer=value)

    with pytest.raises(TypeError, match="not JSON serializable"):
        serializer().serialize_json(workflow)
