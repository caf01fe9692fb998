"""Cases that open by themselves: planned for a day, replaced, cancelled, and what happens when they no longer fit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.errors import RuleRefused
from engine.steps import Case, Outcome, PlannedCase, Refused, guard, step
from engine.ticking import next_due, tick
from storage import chain, played
from storage import steps as stored
from storage.database import Database
from tests.engine.fixed_terms import ZONE
from tests.engine.small import CLERK, Small, bpmn, service, user

DAY = date(2026, 3, 2)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path}/test.db", synchronous="OFF")
    yield opened
    opened.close()


def planning(outcome: Outcome) -> Any:
    @step()
    def plan(case: Case) -> Outcome:
        return outcome

    return plan


PLANS = bpmn(
    "plans",
    '<bpmn:startEvent id="begin"/>' + service("plan", "t.plan") + user("after") + '<bpmn:endEvent id="done"/>',
    "begin -> plan\nplan -> after\nafter -> done",
)
VISIT = bpmn(
    "visit",
    '<bpmn:startEvent id="v0"><bpmn:extensionElements><spiffworkflow:properties>'
    '<spiffworkflow:property name="formJsonSchemaFilename" value="note.json"/></spiffworkflow:properties>'
    "</bpmn:extensionElements></bpmn:startEvent>" + user("look") + '<bpmn:endEvent id="v1"/>',
    "v0 -> look\nlook -> v1",
)


def small_plans(database: Database, *plans: PlannedCase, cancels: tuple[str, ...] = ()) -> Small:
    outcome = Outcome(plans=plans, cancels=cancels)
    return Small(database, {"plans.bpmn": PLANS, "visit.bpmn": VISIT}, handlers={"t.plan": planning(outcome)})


def planned(key: str, day: date = DAY, text: str = "осмотр") -> PlannedCase:
    return PlannedCase(key=key, process="visit", data={"text": text}, opens_on=day)


def test_a_planned_case_opens_when_its_day_begins_and_once(database: Database) -> None:
    small = small_plans(database, planned("certificate/1/visit-1"))
    origin = small.engine.start("plans", {}, CLERK)
    assert next_due(small.engine) is not None

    small.clock.move(datetime(2026, 3, 1, 23, 59, 59, tzinfo=ZONE))
    tick(small.engine)
    with database.reading() as connection:
        assert played.children(connection, origin.case_id) == []
    small.clock.move(datetime(2026, 3, 2, tzinfo=ZONE))
    tick(small.engine)
    tick(small.engine)

    with database.reading() as connection:
        assert played.children(connection, origin.case_id) == ["visit"]
        assert chain.first_break(connection) is None


def test_a_plan_with_the_same_key_takes_the_place_of_the_one_before(database: Database) -> None:
    small = small_plans(database, planned("a", date(2026, 2, 2)), planned("a", DAY))
    origin = small.engine.start("plans", {}, CLERK)

    small.clock.move(datetime(2026, 2, 3, tzinfo=ZONE))
    tick(small.engine)
    with database.reading() as connection:
        assert played.children(connection, origin.case_id) == []
    small.clock.move(datetime(2026, 3, 3, tzinfo=ZONE))
    tick(small.engine)

    with database.reading() as connection:
        assert played.children(connection, origin.case_id) == ["visit"]


def test_a_cancelled_beginning_of_keys_opens_none_of_them(database: Database) -> None:
    small = small_plans(database, planned("certificate/1/visit-1"), planned("certificate/10/visit-1"))
    origin = small.engine.start("plans", {}, CLERK)
    small.handlers["t.plan"] = small_plans_binding(Outcome(cancels=("certificate/1/",)))
    small.fresh()
    small.engine.start("plans", {}, CLERK)

    small.clock.move(datetime(2026, 3, 3, tzinfo=ZONE))
    tick(small.engine)

    with database.reading() as connection:
        assert played.children(connection, origin.case_id) == ["visit"]


def small_plans_binding(outcome: Outcome) -> Any:
    from engine.steps import Binding

    return Binding(name="t.plan", kind="step", call=planning(outcome), writes=(), refuses=(), requirements=())


def test_a_plan_that_no_longer_fits_its_form_is_an_incident_of_the_case_that_planned_it(database: Database) -> None:
    small = small_plans(database, PlannedCase(key="a", process="visit", data={"wrong": 1}, opens_on=DAY))
    origin = small.engine.start("plans", {}, CLERK)

    small.clock.move(datetime(2026, 3, 3, tzinfo=ZONE))
    tick(small.engine)
    tick(small.engine)

    with database.reading() as connection:
        assert played.children(connection, origin.case_id) == []
        found = played.first_incident(connection)
        assert played.kinds(connection, origin.case_id, "events").count("PlanFailed") == 1
    assert found is not None
    assert "invalid" in found[1]


def test_the_guard_of_a_start_refuses_a_case_before_it_begins(database: Database) -> None:
    @guard(refuses=("NO_SIGNATURE",))
    def signed(case: Case, values: Any) -> None:
        if values["text"] != "подписано":
            raise Refused("NO_SIGNATURE", "Заявка не подписана.", field="text")

    guarded = b'name="guard" value="t.signed"/><spiffworkflow:property name="formJson'
    small = Small(database, {"visit.bpmn": VISIT.replace(b'name="formJson', guarded, 1)}, handlers={"t.signed": signed})

    with pytest.raises(RuleRefused) as refused:
        small.engine.start("visit", {"text": "так"}, CLERK)

    assert refused.value.code == "NO_SIGNATURE"
    assert small.engine.start("visit", {"text": "подписано"}, CLERK).number.endswith("0001")


def test_a_case_is_called_by_what_its_first_steps_write(database: Database) -> None:
    @step(writes=("held",))
    def look_up(case: Case) -> Outcome:
        return Outcome(data={"held": {"text": "ТОО «Кентау-Бетон»"}})

    small = Small(database, {"plans.bpmn": PLANS}, handlers={"t.plan": look_up})
    small.files["profile.toml"] += b'\n[process.plans]\nprofile = "P"\nsubject = "held.text"\n'
    small.fresh()

    started = small.engine.start("plans", {}, CLERK)

    with database.reading() as connection:
        row = stored.case_row(connection, started.case_id)
    assert row is not None
    assert row["subject"] == "ТОО «Кентау-Бетон»"
