"""After a refusal: notice, delivery, window, appeal, final or cancelled."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.refusal import cancel, escalate, finalise, notify, open_appeal, open_window, sent
from tests.handlers.certification_case import a_case, code_of

DATA: dict[str, Any] = {
    "refused": {
        "what": "в выдаче сертификата",
        "decided_on": "2026-03-02",
        "by": "auditor4",
        "reasons": ["ISO 9001, 8.4: Поставщики не оценены"],
        "again": "Повторный аудит возможен на договорной основе по новой заявке.",
    },
    "decision_register": {"result": "Отказать", "decider": "Нурлан Абдрахманов", "status": "APPEALABLE"},
    "decider_order": {"person": "auditor4"},
    "refusal_status": {"status": "APPEALABLE"},
    "delivery": {"sent_on": "2026-03-04"},
    "receipt": {"received_on": "2026-03-05"},
    "receipt_proof": {"text": "организация сама, по личной ссылке (Б. Оспанов)"},
    "team": {"leader": "auditor1", "members": [{"person": "trainee1", "role": "trainee"}]},
}


def test_the_notice_tells_reasons_repeat_audit_and_appeal_and_goes_out_in_three_days() -> None:
    outcome = notify(a_case(DATA))

    letter = outcome.letters[0]
    assert letter.kind == "refusal_notice"
    assert str(letter.due) == "2026-03-05"
    assert all(word in letter.body for word in ("Поставщики не оценены", "Повторный аудит", "Апелляцию"))
    assert outcome.records[0].fields["Статус"] == "APPEALABLE"


def test_over_a_holiday_the_earlier_of_calendar_and_working_days_is_taken() -> None:
    # Refused on Thursday 5 March: three calendar days end on Sunday 8 and roll over the holiday to Tuesday 10,
    # three working days end on Wednesday 11.
    status = notify(a_case(DATA | {"refused": DATA["refused"] | {"decided_on": "2026-03-05"}})).data["refusal_status"]

    assert (status["notice_due"], status["notice_due_working"]) == ("2026-03-10", "2026-03-11")


@pytest.mark.parametrize(
    ("sent_on", "code"),
    [("2026-03-01", "DATE_WRONG"), ("2026-03-02", None), ("2026-03-05", None), ("2026-03-06", "DATE_WRONG")],
)
def test_a_refusal_is_handed_over_between_its_date_and_today(sent_on: str, code: str | None) -> None:
    case = a_case(DATA, now="2026-03-05T18:00")

    assert code_of(sent, case, {"sent_on": sent_on}) == code


def test_an_undelivered_refusal_is_told_to_head_and_director() -> None:
    assert [letter.to for letter in escalate(a_case(DATA)).letters] == [
        "head@sertico.example",
        "director@sertico.example",
    ]


@pytest.mark.parametrize(
    ("received_on", "until"),
    [
        ("2026-03-05", "2026-04-06"),  # Sunday 5 April rolls to Monday
        ("2026-01-30", "2026-03-02"),  # 28 February is a Saturday
        ("2026-04-16", "2026-05-18"),  # Saturday 16 May
    ],
)
def test_the_window_is_a_month_from_receipt_and_rolls_to_a_working_day(received_on: str, until: str) -> None:
    outcome = open_window(a_case(DATA | {"receipt": {"received_on": received_on}}))

    assert outcome.data["refusal_status"]["appeal_until"] == until
    assert "организация сама, по личной ссылке (Б. Оспанов)" in outcome.data["refusal_status"]["text"]


def test_an_appeal_case_knows_the_decision_and_everybody_involved() -> None:
    choice = {"outcome": "appeal", "stated_on": "2026-04-06", "subject": "Не согласны", "evidence": "Записи есть"}
    groups = {"stage1_executor": ["officer"]}

    outcome = open_appeal(a_case(DATA | {"appeal_choice": choice}, groups=groups))

    opened = outcome.cases[0]
    assert (opened.process, opened.profile) == ("appeal", "KZ_PCS")
    assert [row["person"] for row in opened.data["involved"]] == ["auditor1", "trainee1", "officer", "auditor4"]
    assert opened.data["decision_received_on"] == "2026-03-05"
    assert opened.data["certification_case"] == "С-2026-0001"


def test_a_refusal_becomes_final_in_the_journal() -> None:
    outcome = finalise(a_case(DATA))

    assert outcome.data["refusal_status"]["status"] == "FINAL"
    assert outcome.records[0].fields["Статус"] == "FINAL"


def test_an_upheld_appeal_cancels_the_refusal_and_bars_its_decider() -> None:
    told = {"appeal_result": {"outcome": "upheld", "protocol": "Протокол № 5 от 28.04.2026, дело А-2026-0001"}}

    outcome = cancel(a_case(DATA | told, groups={"decider": ["auditor4"]}))

    assert outcome.data["decision_register"]["status"] == "CANCELLED"
    assert [(each.group, each.login) for each in outcome.participants] == [("first_decider", "auditor4")]
    assert outcome.replaces == ("decider",)
    assert outcome.letters[0].kind == "refusal_cancelled"
    assert "Протокол № 5" in outcome.letters[0].body


def test_whoever_refused_is_barred_also_when_no_order_named_a_decider() -> None:
    told = {"appeal_result": {"protocol": "Протокол № 5"}, "refused": DATA["refused"] | {"by": "head"}}

    outcome = cancel(a_case(DATA | told))

    assert [(each.group, each.login) for each in outcome.participants] == [("first_decider", "head")]


def test_a_refusal_that_stood_in_an_appeal_names_the_protocol_in_the_journal() -> None:
    told = {"appeal_result": {"outcome": "dismissed", "protocol": "Протокол № 3"}}

    assert finalise(a_case(DATA | told)).records[0].fields["Апелляция"] == "Протокол № 3"
