"""Complaints: checked facts, extension and its notice, signatures, measures, closing."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.commission import open_signing, remind_signers
from handlers.complaint import (
    ask_respondent,
    close,
    collect_signatures,
    conclude,
    extend,
    file_measures,
    may_extend,
    may_finish,
    may_report,
    post_progress,
)
from tests.handlers.certification_case import code_of, refused_code
from tests.handlers.item_case import an_item, submission

TRUE = {"fact": "Срок нарушен", "check": "Журнал", "result": "На два дня", "verdict": "CONFIRMED"}
FALSE = {"fact": "Грубость", "check": "Опрос", "result": "Не было", "verdict": "REFUTED"}
PLAN = {"check_plan": {"checks": [{"fact": "Срок нарушен"}, {"fact": "Грубость"}]}}
REPORT = {"breach": "PRESENT", "references": "Журнал", "conclusion": "PARTLY_JUSTIFIED"}


@pytest.mark.parametrize(
    ("facts", "changes", "code"),
    [
        ([TRUE, FALSE], {}, None),
        ([TRUE], {}, "FACT_UNCHECKED"),
        ([TRUE, FALSE], {"conclusion": "UNFOUNDED"}, "CONCLUSION_CONTRADICTS"),
        ([{**TRUE, "verdict": "REFUTED"}, FALSE], {"breach": "ABSENT"}, "CONCLUSION_CONTRADICTS"),
    ],
)
def test_a_report_checks_each_planned_fact_and_agrees_with_itself(
    facts: list[dict[str, str]], changes: dict[str, str], code: str | None
) -> None:
    assert code_of(may_report, an_item(PLAN), {**REPORT, **changes, "facts": facts}) == code


def test_a_request_for_more_time_needs_no_facts_yet() -> None:
    assert code_of(may_finish, an_item(), {"state": "NEEDS_TIME"}) is None
    assert code_of(may_finish, an_item(), {"facts": [FALSE], "conclusion": "JUSTIFIED"}) == "CONCLUSION_CONTRADICTS"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"granted": "NO"}, None),
        ({"granted": "YES", "new_due": "2026-04-24"}, None),
        ({"granted": "YES", "new_due": "2026-04-25"}, "EXTENSION_TOO_LONG"),
        ({"granted": "YES", "new_due": "2026-03-24"}, "EXTENSION_TOO_SHORT"),
    ],
)
def test_a_term_is_extended_by_one_month_at_most(values: dict[str, str], code: str | None) -> None:
    assert code_of(may_extend, an_item({"control": {"due_on": "2026-03-24"}}), values) == code


def test_a_complaint_about_the_body_is_extended_only_where_the_profile_allows_it() -> None:
    data = {"control": {"due_on": "2026-03-17"}, "resolution": {"target": "BODY"}}
    values = {"granted": "YES", "new_due": "2026-04-17"}

    assert code_of(may_extend, an_item(data), values) is None
    assert code_of(may_extend, an_item(data, readings={"complaint.body_extension": "none"}), values) == (
        "EXTENSION_NOT_ALLOWED"
    )


@pytest.mark.parametrize(("today", "flag"), [("2026-03-19", ""), ("2026-03-20", "LATE_NOTICE")])
def test_a_notice_of_extension_later_than_five_days_before_the_end_is_flagged(today: str, flag: str) -> None:
    # received on 20 February: the month ends on 20 March, a holiday, so on the 24th; five days before is the 19th
    data = {
        "submission": submission(received_on="2026-02-20"),
        "control": {"due_on": "2026-03-24"},
        "term_extension": {"granted": "YES", "reasons": "Испытания.", "new_due": "2026-04-15"},
    }

    outcome = extend(an_item(data, now=f"{today}T10:00"))

    assert outcome.data["extension_notice"]["flag"] == flag
    assert outcome.data["control"] == {"due_on": "2026-04-15"}
    assert [letter.kind for letter in outcome.letters] == ["extension_notice"]


@pytest.mark.parametrize(
    ("today", "late_reason", "code"),
    [
        ("2026-03-19", "", None),  # exactly five days before the 24th
        ("2026-03-20", "", "LATE_NOTICE"),  # four
        ("2026-03-20", "Лаборатория сообщила о задержке только сегодня.", None),
    ],
)
def test_an_extension_later_than_five_days_before_the_end_needs_a_reason(
    today: str, late_reason: str, code: str | None
) -> None:
    data = {"submission": submission(received_on="2026-02-20"), "control": {"due_on": "2026-03-24"}}
    values = {"granted": "YES", "new_due": "2026-04-15", "late_reason": late_reason}

    assert code_of(may_extend, an_item(data, now=f"{today}T10:00"), values) == code


def test_a_refused_extension_changes_nothing() -> None:
    assert dict(extend(an_item({"term_extension": {"granted": "NO"}})).data) == {}


def test_a_report_that_a_member_has_not_signed_is_not_submitted() -> None:
    data: dict[str, Any] = {
        "complaint_report": {**REPORT, "facts": [TRUE]},
        "complaint_report_signature": [{"by": "officer", "signature": "SIGNED"}],
    }
    groups = {"commission_member": ["officer", "auditor4"]}
    assert refused_code(collect_signatures, an_item(data, groups=groups)) == "REPORT_UNSIGNED"
    reminded = remind_signers(an_item(data, groups={**groups, "commission_chair": ["officer"]}))
    assert reminded.data["commission_signers"] == ["auditor4"]
    assert len(reminded.letters) == 2

    data["complaint_report_signature"].append({"by": "auditor4", "signature": "WITH_OPINION", "opinion": "Но"})
    (opinion,) = collect_signatures(an_item(data, groups=groups)).documents

    assert opinion.title == "Особое мнение: Нурлан Абдрахманов"
    assert opinion.fields["Мнение"] == "Но"


def test_every_member_must_sign_the_report_that_is_laid_before_them() -> None:
    data = {"complaint_report": {**REPORT, "facts": [TRUE]}}

    (report,) = open_signing(an_item(data, groups={"commission_member": ["officer", "auditor4"]})).documents

    assert tuple(report.must_sign) == ("officer", "auditor4")
    assert report.signers == ("Данияр Ахметов, член комиссии", "Нурлан Абдрахманов, член комиссии")


@pytest.mark.parametrize(
    ("data", "justified"),
    [
        ({"complaint_report": {"conclusion": "PARTLY_JUSTIFIED"}}, True),
        ({"complaint_findings": {"conclusion": "UNFOUNDED"}, "complaint_check": {"state": "NEEDS_TIME"}}, False),
        ({"complaint_check": {"conclusion": "JUSTIFIED"}}, True),
    ],
)
def test_the_conclusion_comes_from_the_form_that_was_filled(data: dict[str, Any], justified: bool) -> None:
    assert conclude(an_item(data)).data["conclusion"]["justified"] is justified


def test_measures_go_into_the_journal_of_improvements_under_their_reference() -> None:
    measures = {
        "root_cause": "Нет замены",
        "measures": [{"action": "График"}],
        "reference": "КД-7",
        "what_changed": "ДП",
    }

    record = file_measures(an_item({"complaint_measures": measures, "conclusion": {"result": "JUSTIFIED"}})).records[0]

    assert (record.journal, record.key, record.fields["Коренная причина"]) == ("improvements", "КД-7", "Нет замены")


@pytest.mark.parametrize(
    ("said", "status", "letters"),
    [
        ({"satisfied": "YES"}, "CLOSED_SATISFIED", 0),
        ({"satisfied": "NO"}, "CLOSED_WITH_DISAGREEMENT", 1),
        (None, "CLOSED_SILENT", 0),
    ],
)
def test_dissatisfaction_closes_a_complaint_with_the_way_to_appeal(
    said: dict[str, str] | None, status: str, letters: int
) -> None:
    outcome = close(an_item({"applicant_satisfaction": said} if said else {}))

    assert outcome.data["outcome"]["status"] == status
    assert len(outcome.letters) == letters


def test_progress_is_told_to_the_sender() -> None:
    assert post_progress(an_item({"progress_notice": {"text": "Проверяем"}})).letters[0].kind == "progress"


def test_whom_a_complaint_is_about_is_asked_without_learning_who_complained() -> None:
    asked = {"ask": "YES", "name": "ООО «Б»", "email": "b@example.uz", "question": "Как вы проверяете вязкость?"}

    (letter,) = ask_respondent(an_item({"respondent_request": asked})).letters

    assert letter.to == "b@example.uz"
    assert "Как вы проверяете вязкость?" in letter.body
    for secret in (str(submission()["summary"]), str(submission()["applicants"][0]["name"])):
        assert secret not in letter.body + letter.subject
