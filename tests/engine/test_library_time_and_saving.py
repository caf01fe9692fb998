"""What SpiffWorkflow 3.2.0 does about time and about saving; see test_library_facts.py for how to read a failure."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from SpiffWorkflow.bpmn.exceptions import WorkflowTaskException
from SpiffWorkflow.bpmn.specs.event_definitions import timer
from SpiffWorkflow.util.task import TaskState

from tests.engine.raw import VOTE, ask, begun, complete, line, parsed, ready, serializer, wait, waiting

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
