"""What a form takes, what it says to the rest, and that cleaning twice is cleaning once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.forms import Form, References, is_shown

OUTCOME = {
    "title": "Решение",
    "oneOf": [{"const": "grant", "title": "Выдать"}, {"const": "refuse", "title": "Отказать"}],
}
DECISION = {
    "type": "object",
    "title": "Решение",
    "additionalProperties": False,
    "required": ["outcome", "reason", "on"],
    "properties": {
        "outcome": OUTCOME,
        "reason": {"type": "string", "title": "Основание", "minLength": 5, "x-show-if": {"outcome": "refuse"}},
        "reason_source": {"type": "string", "title": "Источник", "x-show-if": {"reason": ["иное", "пусто"]}},
        "on": {"type": "string", "format": "date", "title": "Дата", "x-past": True},
        "days": {"type": "integer", "minimum": 1, "maximum": 30, "title": "Дней"},
        "mail": {"type": "string", "format": "email", "title": "Почта"},
        "signer": {"type": "string", "format": "person", "x-role": "director", "title": "Подписал"},
        "scan": {"type": "string", "format": "attachment", "title": "Скан"},
        "sites": {
            "type": "array",
            "title": "Площадки",
            "minItems": 1,
            "maxItems": 2,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["city", "shift_note"],
                "properties": {
                    "city": {"type": "string", "title": "Город"},
                    "shifts": {"type": "boolean", "title": "Смены"},
                    "shift_note": {"type": "string", "title": "График смен", "x-show-if": {"shifts": True}},
                    "guide": {"type": "string", "format": "person", "title": "Сопровождающий"},
                },
            },
        },
    },
}
GRANT = {"outcome": "grant", "on": "2026-02-03"}
decision = Form("decision", DECISION)


def wrong(values: dict[str, Any], references: References | None = None) -> dict[str, str]:
    """Return path -> message of everything that is wrong with values."""
    found = decision.errors(decision.clean(values), references)
    return {".".join(map(str, error.path)): error.message for error in found}


# What is kept --------------------------------------------------------------------------------------------------------


def test_empty_fields_are_left_out_and_texts_are_trimmed() -> None:
    typed = {"outcome": "grant", "on": " 2026-02-03 ", "mail": "  ", "days": None, "sites": []}

    assert decision.clean(typed) == GRANT


def test_no_and_nought_are_answers_and_stay() -> None:
    form = Form("f", {"properties": {"is_new": {"type": "boolean"}, "count": {"type": "integer"}}})

    assert form.clean({"is_new": False, "count": 0}) == {"is_new": False, "count": 0}


def test_what_is_not_shown_is_dropped() -> None:
    assert decision.clean({**GRANT, "reason": "Не закрыты несоответствия"}) == GRANT


def test_a_field_that_hangs_on_a_hidden_field_is_dropped_with_it() -> None:
    assert decision.clean({**GRANT, "reason": "иное", "reason_source": "письмо"}) == GRANT


def test_rows_are_cleaned_each_by_itself() -> None:
    rows = [{"city": " Алматы ", "shifts": True, "shift_note": "2/2"}, {"city": "Астана", "shift_note": "2/2"}]

    assert decision.clean({"sites": rows})["sites"] == [
        {"city": "Алматы", "shifts": True, "shift_note": "2/2"},
        {"city": "Астана"},
    ]


@pytest.mark.parametrize(
    ("shown_if", "values", "shown"),
    [
        ({}, {}, True),
        ({"a": 1}, {"a": 1}, True),
        ({"a": 1}, {}, False),
        ({"a": [1, 2]}, {"a": 2}, True),
        ({"a": [1, 2]}, {"a": [3, 2]}, True),  # a list of marks: one of them is enough
        ({"a": 1}, {"a": [3]}, False),
        ({"a": 1, "b": True}, {"a": 1, "b": False}, False),  # all of them
    ],
)
def test_a_field_is_shown_when_its_neighbours_have_the_values(
    shown_if: dict[str, Any], values: dict[str, Any], shown: bool
) -> None:
    assert is_shown({"x-show-if": shown_if}, values) is shown


# What is wrong -------------------------------------------------------------------------------------------------------


def test_values_that_fit_have_no_errors() -> None:
    assert wrong({**GRANT, "days": 30, "sites": [{"city": "Алматы"}]}) == {}


def test_a_field_is_required_when_it_is_shown_and_only_then() -> None:
    assert wrong({**GRANT, "outcome": "refuse"}) == {"reason": "Заполните это поле."}
    assert wrong(GRANT) == {}


def test_a_required_field_of_a_row_is_named_by_its_row() -> None:
    assert wrong({**GRANT, "sites": [{"city": "Алматы"}, {"shifts": True}]}) == {
        "sites.1.city": "Заполните это поле.",
        "sites.1.shift_note": "Заполните это поле.",
    }


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("outcome", "perhaps", "Выберите одно из предложенных значений."),
        ("on", "31.12.2026", "Здесь ожидается: дата вида 31.12.2026."),  # pages turn it into ISO before it gets here
        ("on", "2026-02-30", "Здесь ожидается: дата вида 31.12.2026."),
        ("days", 31, "Не больше 30."),
        ("days", 0, "Не меньше 1."),
        ("days", "3", "Здесь ожидается: целое число."),
        ("mail", "aigerim at example", "Здесь ожидается: адрес электронной почты."),
        ("sites", [{"city": "А"}] * 3, "Не больше 2 строк; сейчас 3."),
        ("nobody_asked", "x", "В форме нет поля «nobody_asked»."),
    ],
)
def test_each_error_is_a_sentence_at_its_field(field: str, value: Any, message: str) -> None:
    assert wrong({**GRANT, field: value}) in ({field: message}, {"": message})


def test_a_text_that_is_too_short_says_how_long_it_is() -> None:
    assert wrong({**GRANT, "outcome": "refuse", "reason": "нет"}) == {"reason": "Не короче 5 знаков; сейчас 3."}


def test_errors_come_in_the_order_of_the_form() -> None:
    assert list(wrong({"sites": [{}] * 3, "days": 99})) == [
        "outcome",
        "on",
        "days",
        "sites",
        *(f"sites.{n}.city" for n in range(3)),
    ]


# References ----------------------------------------------------------------------------------------------------------


def test_people_and_attachments_must_be_known() -> None:
    known = References(
        is_person=lambda login, role: (login, role) in {("director", "director"), ("guide1", None)},
        is_attachment=lambda key: key == "sha256:aa",
    )
    named = {"signer": "director", "scan": "sha256:aa", "sites": [{"city": "Алматы", "guide": "guide1"}]}
    assert wrong({**GRANT, **named}, known) == {}

    unknown = {"signer": "guide1", "scan": "sha256:bb", "sites": [{"city": "Алматы", "guide": "nobody"}]}

    assert wrong({**GRANT, **unknown}, known) == {
        "signer": "Здесь ожидается: сотрудник из списка.",
        "scan": "Здесь ожидается: приложенный файл.",
        "sites.0.guide": "Здесь ожидается: сотрудник из списка.",
    }


def test_references_are_found_in_rows_too() -> None:
    values = {**GRANT, "signer": "a", "sites": [{"city": "x", "guide": "b"}, {"city": "y", "guide": "c"}]}

    assert decision.references(values, "person") == ["a", "b", "c"]
    assert decision.references(values, "attachment") == []


def test_a_day_on_which_something_happened_is_not_after_today() -> None:
    late = "Этот день ещё не наступил."

    assert wrong({**GRANT, "on": "2026-02-04"}, References(today=date(2026, 2, 3))) == {"on": late}
    assert wrong({**GRANT, "on": "2026-02-03"}, References(today=date(2026, 2, 3))) == {}
    assert wrong({**GRANT, "on": "завтра"}, References(today=date(2026, 2, 3))).keys() == {"on"}
    assert wrong({**GRANT, "on": "2026-02-04"}) == {}


# Cleaning once is enough ---------------------------------------------------------------------------------------------

ROWS = st.fixed_dictionaries(
    {},
    optional={
        "city": st.sampled_from(["", " ", "Алматы", " Астана"]),
        "shifts": st.sampled_from([None, True, False]),
        "shift_note": st.sampled_from(["", "2/2"]),
        "guide": st.sampled_from(["", "a"]),
    },
)
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "outcome": st.sampled_from([None, "", "grant", "refuse", "perhaps"]),
        "reason": st.sampled_from(["", "иное", " пусто ", "Не закрыты несоответствия"]),
        "reason_source": st.sampled_from(["", "письмо"]),
        "on": st.sampled_from([None, "2026-02-03", " 2026-02-03", "вчера"]),
        "days": st.sampled_from([None, 0, 5, 99]),
        "mail": st.sampled_from([" ", "a@example.kz ", "a"]),
        "sites": st.lists(ROWS, max_size=3),
        "nobody_asked": st.sampled_from(["", "x"]),
    },
)


@settings(deadline=None)
@given(values=VALUES)
def test_cleaning_twice_is_cleaning_once(values: dict[str, Any]) -> None:
    once = decision.clean(values)

    assert decision.clean(once) == once


@settings(deadline=None)
@given(values=VALUES)
def test_what_is_accepted_stays_accepted_when_it_is_sent_again(values: dict[str, Any]) -> None:
    once = decision.clean(values)

    assert decision.errors(decision.clean(once)) == decision.errors(once)


@settings(deadline=None)
@given(values=VALUES)
def test_cleaning_leaves_the_values_that_were_given_as_they_are(values: dict[str, Any]) -> None:
    before = repr(values)
    decision.clean(values)

    assert repr(values) == before
