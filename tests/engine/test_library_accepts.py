"""Diagrams that SpiffWorkflow 3.2.0 takes without a word and runs otherwise than the standard says.

The check refuses each of them by name, and that is asserted beside the fact. A test that fails after an upgrade, in its
first half, says that its rule may allow the shape once somebody has seen it run right.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from engine.check import CheckContext
from engine.check.run import check_set
from tests.engine.raw import TIMER, ask, begun, complete, line, parsed, passed, ready

START_TO_END = (
    '<bpmn:startEvent id="x"/><bpmn:endEvent id="y"/><bpmn:sequenceFlow id="xy" sourceRef="x" targetRef="y"/>'
)


def refusals(file: bytes) -> set[str]:
    """Return the rules by which the check refuses a diagram."""
    return {problem.rule for problem in check_set({"p.bpmn": file}, CheckContext()) if problem.severity == "error"}


def catch(name: str, definition: str) -> str:
    return f'<bpmn:intermediateCatchEvent id="{name}">{definition}</bpmn:intermediateCatchEvent>'


def throw(name: str, definition: str) -> str:
    return f'<bpmn:intermediateThrowEvent id="{name}">{definition}</bpmn:intermediateThrowEvent>'


@pytest.mark.parametrize(
    ("shape", "rule"),
    [
        ('<bpmn:sendTask id="x1"/>', "unsupported-element"),
        ('<bpmn:receiveTask id="x1"/>', "unsupported-element"),
        (throw("x1", TIMER.format("'PT1H'")), "event-definition"),
        (throw("x1", "<bpmn:compensateEventDefinition/>"), "event-definition"),
        (catch("x1", "<bpmn:nonsenseEventDefinition/>"), "event-definition"),
        (catch("x1", "<bpmn:eventDefinitionRef>timer</bpmn:eventDefinitionRef>"), "event-definition"),
        (f'<bpmn:transaction id="x1">{START_TO_END}</bpmn:transaction>', "unsupported-element"),
        (
            ask("x1", "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>-1</bpmn:loopCardinality>"
            "</bpmn:multiInstanceLoopCharacteristics>"),
            "multi-instance",
        ),
    ],
    ids=["send", "receive", "timer throw", "compensation", "unknown", "reference", "transaction", "minus one"],
)  # fmt: skip
def test_what_it_does_not_know_it_passes_at_once(shape: str, rule: str) -> None:
    file = line(shape)

    assert begun(file).completed
    assert rule in refusals(file)


def test_a_signal_end_event_throws_nothing() -> None:
    file = line(
        '<bpmn:parallelGateway id="fork"/>', catch("caught", '<bpmn:signalEventDefinition signalRef="s"/>'),
        ask("work"), '<bpmn:endEvent id="thrown"><bpmn:signalEventDefinition signalRef="s"/></bpmn:endEvent>',
        extra='<bpmn:signal id="s" name="s"/>',
        edges="begin -> fork\nfork -> caught\nfork -> work\nwork -> thrown\ncaught -> done",
    )  # fmt: skip
    workflow = begun(file)
    complete(workflow, "work")

    assert passed(workflow) == ["begin", "fork", "thrown", "work"]
    assert "event-definition" in refusals(file)


def test_a_link_leads_nowhere() -> None:
    link = '<bpmn:linkEventDefinition name="L"/>'
    file = line(
        throw("out", link), catch("in", link), ask("work"), edges="begin -> out\nin -> work\nwork -> done"
    )  # fmt: skip
    workflow = begun(file)

    assert (ready(workflow), passed(workflow), workflow.completed) == ([], ["begin", "out"], False)
    assert "event-definition" in refusals(file)


@pytest.mark.parametrize(
    ("attributes", "rule"),
    [
        ('isForCompensation="true"', "compensation"),
        ('startQuantity="2" completionQuantity="3"', "token-quantity"),
    ],
)
def test_attributes_of_a_task_are_ignored(attributes: str, rule: str) -> None:
    file = line(ask("first", attributes=attributes), ask("second"))
    workflow = begun(file)
    assert ready(workflow) == ["first"]

    complete(workflow, "first")

    assert ready(workflow) == ["second"]
    assert rule in refusals(file)


def test_the_behavior_of_a_multi_instance_task_is_ignored() -> None:
    several = (
        '<bpmn:multiInstanceLoopCharacteristics behavior="None"><bpmn:loopCardinality>2</bpmn:loopCardinality>'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    file = line(ask("work", several))

    assert ready(begun(file)) == ["work", "work"]
    assert "multi-instance" in refusals(file)


def test_a_condition_on_a_flow_out_of_a_task_is_ignored() -> None:
    file = line(ask("first"), ask("second"), edges="begin -> first\nfirst -> second False\nsecond -> done")
    workflow = begun(file)
    complete(workflow, "first")

    assert ready(workflow) == ["second"]
    assert "condition-place" in refusals(file)


def test_an_event_sub_process_that_an_error_should_start_runs_at_once() -> None:
    rescue = (
        '<bpmn:subProcess id="es" triggeredByEvent="true"><bpmn:startEvent id="x">'
        '<bpmn:errorEventDefinition errorRef="er"/></bpmn:startEvent>' + ask("rescue")
        + '<bpmn:endEvent id="y"/><bpmn:sequenceFlow id="q0" sourceRef="x" targetRef="rescue"/>'
        '<bpmn:sequenceFlow id="q1" sourceRef="rescue" targetRef="y"/></bpmn:subProcess>'
    )  # fmt: skip
    file = line(
        rescue, ask("work"), extra='<bpmn:error id="er" errorCode="X"/>', edges="begin -> work\nwork -> done"
    )  # fmt: skip

    assert ready(begun(file)) == ["rescue", "work"]
    assert "event-subprocess" in refusals(file)


def test_two_timers_of_an_event_based_gateway_share_one_due_time() -> None:
    file = line(
        '<bpmn:eventBasedGateway id="first"/>', catch("day", TIMER.format("'P1D'")),
        catch("week", TIMER.format("'P7D'")),
        edges="begin -> first\nfirst -> day\nfirst -> week\nday -> done\nweek -> done",
    )  # fmt: skip
    waiting_for: list[Any] = list(begun(file).event_manager.tasks.values())

    assert [task.task_spec.name for task in waiting_for] == ["first"]
    assert isinstance(waiting_for[0].internal_data["event_value"], str)
    assert "unsupported-element" in refusals(file)


def test_an_inclusive_join_in_a_loop_fires_early_in_its_second_round() -> None:
    inclusive = '<bpmn:inclusiveGateway id="{0}"/>'
    file = line(
        '<bpmn:exclusiveGateway id="again"/>', inclusive.format("fork"), ask("left"), ask("right"),
        inclusive.format("join"), ask("decide"), '<bpmn:exclusiveGateway id="which"/>',
        edges="begin -> again\nagain -> fork\nfork -> left True\nfork -> right True\nleft -> join\nright -> join\n"
        "join -> decide\ndecide -> which\nwhich -> done ok\nwhich -> again default",
    )  # fmt: skip
    workflow = begun(file)
    complete(workflow, "left")
    complete(workflow, "right")
    complete(workflow, "decide", ok=False)

    complete(workflow, "right")

    assert ready(workflow) == ["decide", "left"]
    assert "inclusive-gateway" in refusals(file)


def test_a_flow_without_an_id_is_dropped_and_with_it_all_that_follows() -> None:
    """If it fails: `normalise` in `engine.xml` need not give ids, and the rule `missing-flow-id` can go."""
    workflow = begun(line(ask("work")).replace(b'id="f0" ', b""))

    assert (ready(workflow), passed(workflow)) == ([], ["begin"])
    assert workflow.is_completed()


def test_a_property_without_a_value_cannot_be_parsed() -> None:
    """If it fails: `normalise` in `engine.xml` need not fill in the attributes of properties and parameters."""
    empty = '<spiffworkflow:properties><spiffworkflow:property name="guard"/></spiffworkflow:properties>'

    with pytest.raises(ValidationException, match="KeyError"):
        parsed(line(ask("work", f"<bpmn:extensionElements>{empty}</bpmn:extensionElements>")))


def test_a_node_without_an_incoming_flow_is_dropped() -> None:
    file = line(ask("work"), ask("alone"), edges="begin -> work\nwork -> done\nalone -> done")

    assert ready(begun(file)) == ["work"]
    assert "no-incoming" in refusals(file)


def test_an_element_named_end_loses_its_case() -> None:
    file = line(ask("End"))
    workflow = begun(file)

    assert (ready(workflow), passed(workflow)) == ([], ["begin"])
    assert "reserved-id" in refusals(file)


def test_of_two_elements_with_one_id_the_last_is_kept() -> None:
    file = line(ask("work"), '<bpmn:manualTask id="work"/>', edges="begin -> work\nwork -> done")

    assert type(begun(file).spec.task_specs["work"]).__name__ == "ManualTask"
    assert "duplicate-id" in refusals(file)


def test_processes_that_call_each_other_are_parsed_without_a_word() -> None:
    def ring(called: str) -> str:
        return f'<bpmn:callActivity id="call" calledElement="{called}"/>'

    one, other = line(ring("q")), line(ring("p")).replace(b'process id="p"', b'process id="q"')

    assert sorted(parsed(one, other)[1]) == ["p", "q"]
    both = check_set({"one.bpmn": one, "other.bpmn": other}, CheckContext())
    assert "call-cycle" in {problem.rule for problem in both}


def test_a_reference_to_a_missing_data_object_is_looked_for_without_end() -> None:
    """If it fails: `engine.check.paths` keeps its bounds of time and memory; other files may be as bad."""
    reads = '<bpmn:dataInputAssociation id="in"><bpmn:sourceRef>ref</bpmn:sourceRef></bpmn:dataInputAssociation>'
    inside = (
        '<bpmn:subProcess id="part"><bpmn:startEvent id="x"/>' + ask("work", reads) + '<bpmn:endEvent id="y"/>'
        '<bpmn:sequenceFlow id="q0" sourceRef="x" targetRef="work"/>'
        '<bpmn:sequenceFlow id="q1" sourceRef="work" targetRef="y"/>'
        '<bpmn:dataObjectReference id="ref" dataObjectRef="missing"/></bpmn:subProcess>'
    )  # fmt: skip
    file = line(inside, edges="begin -> part\npart -> done")

    with stopped_after(0.2), pytest.raises(ValidationException, match="TimeoutError"):
        begun(file)

    assert "data-reference" in refusals(file)


@contextmanager
def stopped_after(seconds: float) -> Iterator[None]:
    """Raise TimeoutError inside when the time is over."""

    def stop(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
