"""Replies, forwarding, oral items and the yearly report."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.complaints_report import compile_summary, issue, may_start
from handlers.reception import enter, open_written
from handlers.replies import announce_study, close_control, compose, decline, forward, may_approve, may_prepare
from tests.handlers.certification_case import code_of
from tests.handlers.item_case import an_item, submission


@pytest.mark.parametrize(
    ("justified", "values", "code"),
    [
        (True, {"analysis": "Разбор", "measures": "Меры"}, None),
        (True, {"analysis": "Разбор"}, "REPLY_INCOMPLETE"),
        (False, {}, None),
    ],
)
def test_a_justified_complaint_is_answered_with_analysis_and_measures(
    justified: bool, values: dict[str, str], code: str | None
) -> None:
    case = an_item({"conclusion": {"justified": justified}})

    assert code_of(may_prepare, case, {"text": "Ответ"} | values) == code


@pytest.mark.parametrize(
    ("actor", "decision", "code"),
    [("director", "APPROVE", None), ("lawyer", "APPROVE", "NOT_TRAINED"), ("lawyer", "RETURN", None)],
)
def test_a_reply_is_signed_by_somebody_trained_for_complaints(actor: str, decision: str, code: str | None) -> None:
    assert code_of(may_approve, an_item(actor=actor), {"decision": decision}) == code


def test_a_reply_thanks_says_what_changed_and_how_to_appeal() -> None:
    reply = {"text": "Ответ", "what_changed": "Введён график", "evidence": [{"title": "График"}]}

    outcome = compose(an_item({"reply": reply}))

    body = outcome.letters[0].body
    assert all(word in body for word in ("Благодарим", "Введён график", "апелляцию"))
    assert outcome.documents[0].fields["Материалы"] == ["График"]


def test_a_repetition_is_declined_with_the_number_of_the_first_answer() -> None:
    data = {"intake": {"earlier_case": "А-2024-0002"}, "resolution": {"inadmissible_reason": "Новых фактов нет."}}

    assert "А-2024-0002" in decline(an_item(data)).letters[0].body


def test_a_declined_appeal_is_told_to_the_case_that_it_contests() -> None:
    data = {
        "submission": submission(certification_case="С-2026-0007"),
        "resolution": {"inadmissible_reason": "Нет доводов."},
    }

    (told,) = decline(an_item(data)).tells

    assert (told.data["outcome"], told.data["status"]) == ("not_considered", "DECLINED")
    assert "Нет доводов." in told.data["reasons"]


@pytest.mark.parametrize(
    ("way", "kinds", "status"),
    [
        ("FORWARD", ["forwarding", "forwarded"], "FORWARDED"),
        ("LEAVE", ["left_without_consideration"], "LEFT_WITHOUT_CONSIDERATION"),
    ],
)
def test_out_of_competence_the_sender_learns_where_and_how_to_apply(way: str, kinds: list[str], status: str) -> None:
    said = {"way": way, "organisation": "Инспекция", "address": "Ташкент", "procedure": "Письменно"}

    outcome = forward(an_item({"forwarding": said, "resolution": {"signed_on": "2026-03-04"}}))

    assert [letter.kind for letter in outcome.letters] == kinds
    assert outcome.data["outcome"]["status"] == status
    assert all(letter.due is not None and letter.due.isoformat() == "2026-03-10" for letter in outcome.letters)


def test_a_forwarded_item_goes_with_whom_to_answer_and_whom_to_ask() -> None:
    said = {"way": "FORWARD", "organisation": "Инспекция", "address": "Ташкент", "procedure": "Письменно"}

    outcome = forward(an_item({"forwarding": said, "resolution": {"signed_on": "2026-03-04"}}))

    body = outcome.letters[0].body
    assert body.startswith("Здравствуйте!")
    assert "ответить заявителю" in body
    assert "напишите на" in body.split("\n\n")[-1]
    assert outcome.documents[0].signers[0].endswith(", ответственный исполнитель")


def test_study_moves_the_control_to_one_month() -> None:
    outcome = announce_study(an_item({"statement_study": {"plan": "Оценить."}}))

    assert outcome.data["control"] == {"due_on": "2026-04-02"}


def test_control_is_closed_by_who_answers_with_the_number_of_the_reply() -> None:
    data = {
        "control_mark": {"card": "К-1"},
        "control": {"due_on": "2026-03-17"},
        "reply_dispatch": {"sent_on": "2026-03-18"},
        "control_closing": {"reply_number": "Исх-1"},
    }

    fields = close_control(an_item(data, actor="officer")).records[0].fields

    assert (fields["Снял"], fields["Ответ"], fields["В срок"]) == ("Данияр Ахметов", "Исх-1", False)


ORAL = submission(kind="ORAL", channel=None, oral_channel="DIRECTOR_RECEPTION")


def test_an_oral_item_fills_the_eight_columns_of_the_reception_book() -> None:
    said = {"result": "EXPLAINED", "answer": "Обратитесь в фонд", "organisation": "Фонд", "consent": "SIGNED"}

    outcome = enter(an_item({"submission": ORAL, "reception": said}))

    book, journal = outcome.records
    assert len(book.fields) == 8
    assert all(book.fields.values())
    assert journal.fields["Рекомендованная организация"] == "Фонд"


def test_an_oral_item_that_needs_study_opens_a_written_one() -> None:
    written: dict[str, Any] = {"stated_on": "2026-03-05", "summary": "Прошу проверить"}

    new = open_written(an_item({"submission": ORAL, "written_statement": written})).cases[0]

    assert (new.process, new.profile) == ("appeal", "UZ_PTA")
    assert (new.data["kind"], new.data["channel"], new.data["received_on"]) == ("WRITTEN", "RECEPTION", "2026-03-05")
    assert "oral_channel" not in new.data


def test_an_oral_item_that_was_put_in_writing_is_over_in_the_journal() -> None:
    written: dict[str, Any] = {"stated_on": "2026-03-05", "summary": "Прошу проверить"}

    outcome = open_written(an_item({"submission": ORAL, "written_statement": written}))

    assert outcome.data == {"outcome": {"status": "PUT_IN_WRITING"}}
    assert outcome.records[0].fields["Статус"] == "изложено письменно, заведено новое обращение"


YEAR: dict[str, Any] = {"report_period": {"year": 2026}}


def journal_row_of(number: int, **changes: Any) -> dict[str, Any]:
    known = {"Зарегистрировано": "2026-03-02", "Категория": "жалоба (претензия)", "Срок": "2026-03-17"}
    return {"_key": str(number), **known, **changes}


def test_the_yearly_report_counts_complaints_and_appeals_of_three_years() -> None:
    rows = [
        # filed ten days after the answer that the term is for
        journal_row_of(1, **{"Ответ отправлен": "2026-03-17", "Закрыто": "2026-03-27", "Обоснована": True}),
        journal_row_of(2, **{"Ответ отправлен": "2026-03-18", "Закрыто": "2026-03-18", "Обоснована": False}),
        journal_row_of(3, Зарегистрировано="2025-05-05", Категория="апелляция", Срок=""),
        journal_row_of(4, Категория="предложение"),
    ]

    found = compile_summary(an_item(YEAR, registers={"journals/appeals": rows})).data["summary"]

    assert found["months"][2] == {
        "Период": "мар", "Подано": 2, "Обосновано": 1, "Рассмотрено": 2, "В срок, %": 50, "Повторные": 0,
        "Поздние уведомления": 0,
    }  # fmt: skip
    assert [year["Подано"] for year in found["years"]] == [0, 1, 2]


def test_an_upheld_appeal_is_justified_and_in_time_by_the_day_of_the_decision() -> None:
    decided = {"Решение": "апелляция удовлетворена частично", "Решение вынесено": "2026-03-17"}
    row = journal_row_of(1, Категория="апелляция", Закрыто="2026-05-02", **decided)

    found = compile_summary(an_item(YEAR, registers={"journals/appeals": [row]})).data["summary"]["years"][2]

    assert (found["Обосновано"], found["В срок, %"]) == (1, 100)


def test_late_notices_and_repeated_complaints_are_counted_and_tell_whether_measures_helped() -> None:
    registers = {
        "journals/appeals": [journal_row_of(1), journal_row_of(2), journal_row_of(3, **{"Повторное к": "1"})],
        "journals/extensions": [{"_key": "2", "Отметка": "уведомление опоздало"}, {"_key": "3"}],
        "journals/improvements": [
            {"Жалоба": "1", "Меры": ["а", "б"], "Выполнено мер": 1, "Что изменено": "А", "Определены": "2026-03-12"},
            {"Жалоба": "2", "Меры": ["в"], "Выполнено мер": 1, "Что изменено": "Б", "Определены": "2026-04-12"},
            {"Жалоба": "0", "Меры": ["г"], "Выполнено мер": 1, "Что изменено": "В", "Определены": "2025-04-12"},
        ],
    }

    outcome = compile_summary(an_item(YEAR, registers=registers))

    found = outcome.data["summary"]
    assert (found["years"][2]["Повторные"], found["years"][2]["Поздние уведомления"]) == (1, 1)
    assert found["measures"]["Мер по обоснованным жалобам"] == "назначено 3, выполнено 2"
    assert found["measures"]["Действенность мер"] == "50 % жалоб после мер не повторились"
    assert found["improvements"] == ["А", "Б"]
    assert outcome.documents[0].kind == "annual_figures"


def test_the_report_tells_the_staff_what_complaints_have_taught() -> None:
    summary = {
        "months": [],
        "years": [{"Подано": 1, "Обосновано": 1}],
        "measures": {},
        "improvements": ["Введён график"],
    }
    data = {
        "report_period": {"year": 2026},
        "summary": summary,
        "annual_report": {"effectiveness": "Хорошо"},
        "management_review": {"conclusions": "Выводы", "meeting_on": "2027-01-25"},
    }

    outcome = issue(an_item(data))

    assert outcome.documents[0].kind == "annual_report"
    assert "Введён график" in outcome.letters[0].body


@pytest.mark.parametrize(("year", "code"), [(2026, None), (2027, "YEAR_AHEAD")])
def test_a_year_is_reported_on_once_it_has_begun(year: int, code: str | None) -> None:
    assert code_of(may_start, an_item(), {"year": year}) == code
