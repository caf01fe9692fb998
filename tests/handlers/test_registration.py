"""Intake and registration: registers, categories, repetitions, the expired procedure, the head as subject."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.registration import (
    enter_management_notice,
    escalate,
    may_present,
    may_receive,
    may_register,
    receive,
    register,
)
from tests.handlers.certification_case import code_of
from tests.handlers.item_case import NAMED, an_item, submission

VALUES = {"incoming_number": "Вх-1", "incoming_on": "2026-03-02", "acquainted": "SIGNATURE"}


@pytest.mark.parametrize(
    ("changes", "register_code"),
    [
        ({}, "APPEALS_JOURNAL"),
        ({"channel": "BOOK"}, "COMMENTS_BOOK"),
        ({"kind": "ORAL", "channel": None, "oral_channel": "PHONE"}, "RECEPTION_BOOK"),
        ({"sender_type": "SUPERVISORY"}, "STATE_CORRESPONDENCE"),
        ({"sender_type": "SUPERVISORY", "channel": "BOOK"}, "STATE_CORRESPONDENCE"),
    ],
)
def test_an_item_goes_into_the_register_of_its_kind(changes: dict[str, Any], register_code: str) -> None:
    outcome = receive(an_item({"submission": submission(**changes)}))

    assert outcome.data["intake"]["register"] == register_code


@pytest.mark.parametrize(
    ("changes", "category"),
    [
        ({}, "COMPLAINT"),
        ({"contested_decision": "Отказ № 18"}, "APPEAL"),
        ({"nature": "PROPOSAL"}, "PROPOSAL"),
        ({"nature": "REQUEST"}, "APPLICATION"),
        ({"nature": "NOT_OURS"}, "OUT_OF_COMPETENCE"),
        ({"sender_type": "SUPERVISORY", "nature": "PROPOSAL"}, "COMPLAINT"),
    ],
)
def test_a_category_is_proposed_from_what_the_sender_contests(changes: dict[str, Any], category: str) -> None:
    outcome = receive(an_item({"submission": submission(**changes)}))

    assert outcome.data["intake"]["proposed_category"] == category


@pytest.mark.parametrize(
    ("applicants", "collective"), [([NAMED], False), ([NAMED, {"name": "Ш. Умаров", "address": "Фергана"}], True)]
)
def test_two_applicants_make_a_collective_item(applicants: list[dict[str, str]], collective: bool) -> None:
    outcome = receive(an_item({"submission": submission(applicants=applicants)}))

    assert outcome.data["intake"]["collective"] is collective


@pytest.mark.parametrize(
    ("received", "answered", "repeat"),
    [
        ("2026-11-10", "2023-11-20", True),  # the last day of three years
        ("2026-11-11", "2023-11-20", False),
        ("2026-11-10", "", False),  # the first was never answered
    ],
)
def test_a_repetition_within_three_years_shows_the_first_answer(received: str, answered: str, repeat: bool) -> None:
    first = {
        "_key": "А-2023-0007",
        "_case": "А-2023-0007",
        "Заявитель": NAMED["name"],
        "Предмет": "задержка  протокола",
        "Поступило": "2023-11-10",
        "Ответ отправлен": answered,
    }
    case = an_item({"submission": submission(received_on=received)}, registers={"journals/appeals": [first]})

    intake = receive(case).data["intake"]

    assert (intake["repeat"], intake["earlier_case"]) == (repeat, "А-2023-0007" if repeat else "")


def test_an_account_makes_the_sender_a_participant_and_the_named_people_involved() -> None:
    case = an_item({"submission": submission(account="applicant", involved=[{"person": "auditor1"}])})

    joined = {(each.group, each.login) for each in receive(case).participants}

    assert joined == {("applicant", "applicant"), ("involved", "auditor1")}


def test_an_expired_procedure_is_flagged_and_the_item_registered() -> None:
    outcome = register(an_item(now="2026-04-01T10:00"))

    warnings = [record for record in outcome.records if record.journal == "governance_warnings"]
    assert outcome.data["registration"]["procedure_expired"] is True
    assert warnings[0].fields["Предупреждение"] == "EXPIRED_PROCEDURE"
    assert outcome.records[0].journal == "appeals"


@pytest.mark.parametrize(("today", "expired"), [("2025-02-19", False), ("2025-02-20", True)])
def test_the_last_day_of_the_procedure_is_still_valid(today: str, expired: bool) -> None:
    outcome = register(an_item(now=f"{today}T10:00"))

    assert outcome.data["registration"]["procedure_expired"] is expired


def test_an_item_about_the_head_closes_the_file_to_the_head() -> None:
    case = an_item({"registration": {**VALUES, "about": [{"person": "head"}]}})

    outcome = register(case)

    assert outcome.data["registration"]["about_head"] is True
    assert {(each.group, each.login) for each in outcome.participants} == {("subject", "head"), ("no_access", "head")}


def test_the_receipt_thanks_and_names_the_next_step() -> None:
    letter = register(an_item()).letters[0]

    assert letter.kind == "receipt"
    assert "Благодарим" in letter.body
    assert "04.03.2026" in letter.body  # two days for the preliminary reply


def test_nobody_to_write_to_gets_no_receipt() -> None:
    case = an_item({"submission": submission(applicants=None, email=None)})

    assert register(case).letters == []


@pytest.mark.parametrize(
    ("values", "category", "code"),
    [
        ({}, "APPEAL", None),
        ({"incoming_on": "2026-03-03"}, "APPEAL", "NOT_TODAY"),
        ({"acquainted": "NOT_NEEDED"}, "APPEAL", "ACQUAINTANCE_UNSTATED"),
        ({"acquainted": "NOT_NEEDED"}, "COMPLAINT", None),
        ({"acquainted": "NOT_YET"}, "APPEAL", None),
    ],
)
def test_registration_asks_for_a_past_date_and_a_word_on_acquaintance(
    values: dict[str, str], category: str, code: str | None
) -> None:
    case = an_item({"intake": {"proposed_category": category}})

    assert code_of(may_register, case, VALUES | values) == code


@pytest.mark.parametrize(("presented_on", "on_time"), [("2026-03-10", True), ("2026-03-11", False)])
def test_a_complaint_about_the_head_reaches_the_management_within_five_days(presented_on: str, on_time: bool) -> None:
    # 2 March + 5 days = Saturday the 7th; Sunday the 8th is a holiday, Monday the 9th its substitute.
    notice = {"presented_on": presented_on, "to_whom": "DIRECTOR", "presented_to": "director"}
    case = an_item({"management_notice": notice, "control_form": {"number": "7"}})

    assert enter_management_notice(case).data["management_notice"]["on_time"] is on_time


def test_a_breached_month_is_told_to_the_director_once() -> None:
    first = escalate(an_item(), what="appeal")
    again = escalate(an_item({"breach": dict(first.data["breach"])}), what="appeal")

    assert [letter.kind for letter in first.letters] == ["term_breached"]
    assert (list(again.letters), dict(again.data)) == ([], {})


def test_an_extension_that_was_told_is_no_breach() -> None:
    outcome = escalate(an_item({"term_extension": {"granted": "YES"}}), what="complaint")

    assert outcome.data["breach"]["state"] == "EXTENDED"
    assert list(outcome.letters) == []


def test_repetitions_are_not_looked_for_where_the_profile_says_none() -> None:
    case = an_item(registers={"journals/appeals": []}, readings={"repeat.window": "none"})

    assert receive(case).data["intake"]["repeat"] is False


@pytest.mark.parametrize(("received_on", "code"), [("2026-03-02", None), ("2026-03-03", "NOT_TODAY")])
def test_an_item_cannot_have_come_tomorrow(received_on: str, code: str | None) -> None:
    assert code_of(may_receive, an_item(), submission(received_on=received_on)) == code


@pytest.mark.parametrize(
    ("presented_on", "to", "refusal"),
    [
        ("2026-03-10", "director", None),
        ("2026-03-10", "head", "LINKED_TO_SUBJECT"),
        ("2026-03-11", "director", "NOT_TODAY"),
    ],
)
def test_a_complaint_is_not_brought_to_somebody_whom_it_concerns(
    presented_on: str, to: str, refusal: str | None
) -> None:
    case = an_item(now="2026-03-10T12:00", groups={"subject": ["head"]})

    assert code_of(may_present, case, {"presented_on": presented_on, "presented_to": to}) == refusal


def test_a_breach_of_the_term_is_told_to_who_stands_in_where_the_complaint_is_about_the_director() -> None:
    roles = [{"role": "director", "stand_in": ["deputy_head"]}]
    case = an_item(groups={"no_access": ["director"]}, registers={"role": roles})

    assert [letter.to for letter in escalate(case, what="complaint").letters] == ["deputy@sertico.example"]


@pytest.mark.parametrize(
    ("decided", "asked"),
    [
        ({}, False),  # still before the quality engineer
        ({"Решение": "REVISION", "Новая редакция к": "2026-04-01"}, False),
        ({"Решение": "REVISION", "Новая редакция к": "2026-02-01"}, True),  # the plan was not kept
        ({"Решение": "EXTENDED"}, True),  # extended on paper, but the profile was not told
    ],
)
def test_an_expired_procedure_is_one_task_and_a_flag_on_each_case(decided: dict[str, str], asked: bool) -> None:
    warned = {"_key": "А-2026-0007", "Редакция": "2", "Задача инженеру по качеству": "да"}
    rows = [{"_key": "А-2026-0007", **decided}] if decided else []
    registers = {"journals/governance_warnings": [warned], "journals/procedure_versions": rows}

    first = register(an_item())
    later = register(an_item(registers=registers))

    assert first.data["registration"]["procedure_task"] is True
    assert later.data["registration"]["procedure_expired"] is True
    assert later.data["registration"]["procedure_task"] is asked
    warning = next(row for row in later.records if row.journal == "governance_warnings")
    assert warning.fields["Задача инженеру по качеству"] == ("да" if asked else "уже поставлена")
