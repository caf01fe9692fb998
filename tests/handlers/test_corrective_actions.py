"""Corrective actions: the month, every site, marks, the repeat visit, termination."""

from __future__ import annotations

from typing import Any

import pytest

from engine.steps import Refused
from handlers.corrective_actions import (
    announce_visit,
    assessed,
    mark_late,
    open_numbers,
    open_register,
    submitted,
    terminable,
    terminate,
    verify,
    visited,
)
from tests.handlers.certification_case import a_case, application, code_of
from tests.handlers.test_findings import finding, graded

SITES = [
    {"name": name, "address": "А", "activity": "Бетон", "code": "16", "personnel": 10} for name in ("Завод", "Склад")
]


def data(held_on: str = "2026-02-02", **more: Any) -> dict[str, Any]:
    """Return case data of two sites, one nonconformity and one notification, after the closing meeting."""
    found = graded(finding("1"), finding("2", "notification")) | {
        "application": application(sites=SITES),
        "closing_meeting": {"held_on": held_on},
        "protocols": {"handed_on": held_on, "positions": [{"number": "1", "agreed": True}]},
    }
    return found | dict(open_register(a_case(found)).data) | more


def evidence(**changes: Any) -> dict[str, Any]:
    """Return the values of a complete submission."""
    row = {
        "number": "1",
        "cause": "Нет ответственного",
        "plan": "Назначить",
        "action": "Назначен",
        "evidence": "Приказ",
    }
    sites = [{"number": "1", "site": site["name"], "applicable": True, "evidence": "Запись"} for site in SITES]
    values = {"submitted_on": "2026-03-02", "protocol_returned_on": "2026-03-02", "items": [row], "sites": sites}
    return values | {"is_receipt": "ИС-КД-5"} | changes


@pytest.mark.parametrize(
    ("held_on", "due"),
    [("2026-01-31", "2026-02-28"), ("2026-01-30", "2026-02-28"), ("2026-02-27", "2026-03-27")],
)
def test_the_month_ends_on_the_same_day_number_or_the_last_of_the_month(held_on: str, due: str) -> None:
    assert data(held_on)["ca_register"]["due"] == due


def test_every_nonconformity_is_asked_about_for_every_site_and_notifications_for_prevention() -> None:
    outcome = open_register(a_case(data()))

    register = outcome.data["ca_register"]
    assert register["numbers"] == ["1"]
    assert [row["site"] for row in register["sites"]] == ["Завод", "Склад"]
    assert "По уведомлениям 2" in outcome.letters[0].body


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"submitted_on": "2026-03-03"}, "DATE_IN_FUTURE"),
        ({"items": [evidence()["items"][0] | {"number": "7"}]}, "ACTION_MISSING"),
        ({"items": [evidence()["items"][0] | {"plan": " "}]}, "PROTOCOL_INCOMPLETE"),
        ({"sites": evidence()["sites"][:1]}, "SITES_UNASSESSED"),
        ({"protocol_returned_on": "2026-02-01"}, "CUSTODY_ORDER"),
    ],
)
def test_evidence_names_cause_plan_and_action_and_judges_every_site(changes: dict[str, Any], code: str | None) -> None:
    assert code_of(submitted, a_case(data()), evidence(**changes)) == code


DONE = {"outcome": "sufficient", "marks": [{"number": "1", "completed": True}]}


@pytest.mark.parametrize(
    ("given", "values", "code"),
    [
        (evidence(), DONE, None),
        (evidence(), DONE | {"marks": [{"number": "1", "completed": False}]}, "NOT_VERIFIED"),
        (
            evidence(sites=[evidence()["sites"][0], {"number": "1", "site": "Склад", "applicable": True}]),
            DONE,
            "SITES_WITHOUT_EVIDENCE",
        ),
        (
            evidence(sites=[evidence()["sites"][0], {"number": "1", "site": "Склад", "applicable": False}]),
            DONE,
            None,
        ),
        (evidence(), {"outcome": "insufficient", "visit_on": "2026-04-01"}, None),
        (evidence(), {"outcome": "insufficient", "visit_on": "2026-04-02"}, "REVISIT_DATE"),
        (evidence(submitted_on="2026-03-03"), {"outcome": "insufficient", "visit_on": "2026-04-01"}, "LATE"),
    ],
)
def test_closing_needs_evidence_at_each_applicable_site_and_a_visit_is_within_thirty_days(
    given: dict[str, Any], values: dict[str, Any], code: str | None
) -> None:
    assert code_of(assessed, a_case(data(corrective_actions=given)), values) == code


def test_after_a_repeat_visit_everything_is_marked_and_the_rest_stays_open() -> None:
    marks = [{"number": "1", "completed": False, "note": "Не ведётся"}]
    insufficient = {"outcome": "insufficient", "missing": "Записи", "visit_on": "2026-03-20"}
    visit = {"visited_on": "2026-03-20", "marks": marks}
    case = a_case(data(corrective_actions=evidence(), evidence_assessment=insufficient, repeat_visit=visit))

    assert code_of(visited, case, {"marks": []}) == "MARK_MISSING"
    assert "20.03.2026" in announce_visit(case).letters[0].body
    status = verify(case).data["ca_status"]
    assert (status["result"], status["open_numbers"]) == ("OPEN", ["1"])


@pytest.mark.parametrize(
    ("numbers", "code"),
    [
        (["1"], None),
        (["1", "7"], "MARK_UNKNOWN"),  # the audit gave no number 7
        (["2"], "MARK_UNKNOWN"),  # a notification needs no mark
        (["1", "1"], "MARK_TWICE"),
    ],
)
def test_a_mark_stands_at_a_nonconformity_of_this_audit_and_only_once(numbers: list[str], code: str | None) -> None:
    case = a_case(data(corrective_actions=evidence()))
    marks = [{"number": number, "completed": True} for number in numbers]

    assert code_of(assessed, case, {"outcome": "sufficient", "marks": marks}) == code
    assert code_of(visited, case, {"visited_on": "2026-03-02", "marks": marks}) == code


def test_two_marks_that_contradict_each_other_do_not_close_a_nonconformity() -> None:
    marks = [{"number": "1", "completed": done} for done in (False, True)]

    with pytest.raises(Refused) as caught:
        assessed(a_case(data(corrective_actions=evidence())), {"outcome": "sufficient", "marks": marks})

    assert (caught.value.code, caught.value.field) == ("MARK_TWICE", "marks.1.number")


def test_a_mark_in_item_four_has_date_and_leader() -> None:
    case = a_case(data(corrective_actions=evidence(), evidence_assessment=DONE))

    outcome = verify(case)

    assert outcome.data["ca_status"]["result"] == "VERIFIED"
    assert outcome.records[0].fields["П. 4 выполнено"] == "да"
    assert outcome.records[0].fields["Значимость"] == "незначительное"
    assert outcome.records[0].fields["П. 4 отметил"] == "Асель Тулегенова, руководитель группы"


@pytest.mark.parametrize(("received_on", "code"), [("2026-03-02", None), ("2026-03-03", "LATE")])
def test_evidence_that_staff_entered_late_counts_if_it_came_in_time(received_on: str, code: str | None) -> None:
    case = a_case(data(), now="2026-03-04T10:00")

    assert code_of(terminable, case, {"outcome": "in_time", "received_on": received_on}) == code


def test_without_evidence_the_work_is_terminated_in_writing_and_everything_stays_open() -> None:
    signed = {"reason": "Доказательств нет.", "decided_on": "2026-03-04", "delivered_on": "2026-03-04"}
    late = data() | dict(mark_late(a_case(data())).data) | {"termination": signed}

    outcome = terminate(a_case(late, actor="head"))

    assert outcome.data["ca_status"]["result"] == "TERMINATED"
    assert "по новой заявке" in outcome.letters[0].body
    assert outcome.documents[0].kind == "termination_decision"
    assert open_numbers(a_case(late)) == ("1",)
