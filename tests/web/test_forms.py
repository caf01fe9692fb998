"""What is drawn on a page and posted back unchanged means the same values."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader
from werkzeug.datastructures import MultiDict

from tests.web.conftest import Fields
from web.forms.edit import edit
from web.forms.parse import read
from web.forms.render import Choice, Painter, Surroundings

NAMES = st.sampled_from(["a", "b", "c", "outcome", "received_on"])
# What a text field can hold after trimming: no control characters, no carriage returns, nothing at the ends.
TEXTS = (
    st.text(st.characters(exclude_categories=["C", "Z"]) | st.sampled_from(" «»\"'<>&%"), min_size=1)
    .map(str.strip)
    .filter(bool)
)
LINES = st.lists(TEXTS, min_size=1, max_size=3)
DATES = st.dates().map(lambda value: value.isoformat())
CHOICES = [{"const": "x", "title": "Икс"}, {"const": 2, "title": "Два"}, {"const": "<b>", "title": "Знак"}]
PEOPLE = ("officer", "head")

SCALARS: list[tuple[dict[str, Any], st.SearchStrategy[Any]]] = [
    ({"type": "string"}, TEXTS),
    ({"type": "string", "x-widget": "textarea"}, LINES.map("\n".join)),
    ({"type": "string", "format": "date"}, DATES),
    ({"type": "string", "format": "person"}, st.sampled_from([*PEOPLE, "gone"])),
    ({"type": "integer"}, st.integers(-(10**14), 10**14)),
    ({"type": "number"}, st.decimals(-(10**6), 10**6, places=3).map(float)),
    ({"type": "boolean"}, st.booleans()),
    ({"type": "boolean", "const": True}, st.just(True)),
    ({"oneOf": CHOICES}, st.sampled_from(["x", 2, "<b>"])),
    ({"oneOf": [{"const": number, "title": str(number)} for number in range(9)]}, st.integers(0, 8)),
]
LISTS: list[tuple[dict[str, Any], st.SearchStrategy[Any]]] = [
    (
        {"type": "array", "items": {"oneOf": CHOICES}},
        st.sampled_from([["x"], ["x", 2], [2, "<b>"]]),
    ),
    ({"type": "array", "items": {"type": "string"}}, LINES),
    ({"type": "array", "items": {"type": "string", "format": "person"}}, st.just(["officer"])),
]


@st.composite
def filled_forms(draw: st.DrawFn, depth: int = 2) -> tuple[dict[str, Any], dict[str, Any]]:
    """A form with values for some of its fields."""
    schema: dict[str, Any] = {"type": "object", "properties": {}}
    values: dict[str, Any] = {}
    for name in draw(st.lists(NAMES, min_size=1, unique=True)):
        kind = draw(st.sampled_from(["scalar", "list", "group", "rows"] if depth else ["scalar", "list"]))
        if kind in ("group", "rows"):
            inner, inner_values = draw(filled_forms(depth=depth - 1))
            prop, value = inner, inner_values
            if kind == "rows":
                prop, value = {"type": "array", "items": inner}, [inner_values] * draw(st.integers(1, 3))
            is_empty = not any(one is not False for one in inner_values.values())
        else:
            prop, strategy = draw(st.sampled_from(SCALARS if kind == "scalar" else LISTS))
            value, is_empty = draw(strategy), False
        schema["properties"][name] = {**prop, "title": name}
        if not is_empty and draw(st.booleans()):
            values[name] = value
    return schema, values


SURROUNDINGS = Surroundings(people=lambda schema: [Choice(value=one, title=one) for one in PEOPLE])


DRAWING = Environment(loader=FileSystemLoader("web/templates"), autoescape=True, extensions=["jinja2.ext.i18n"])
DRAWING.install_null_translations()  # type: ignore[attr-defined]
PAGE = DRAWING.from_string(
    "{% import 'parts/form.html' as form %}<form action='/here'>{{ form.fields(fields) }}</form>"
)


def posted(schema: dict[str, Any], values: dict[str, Any], language: str = "ru") -> MultiDict[str, str]:
    """What a browser sends back for the form as it is drawn."""
    around = Surroundings(language=language, people=SURROUNDINGS.people)
    parser = Fields("/here")
    parser.feed(PAGE.render(fields=Painter(around).fields(schema, values)))
    return MultiDict(parser.fields)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(form=filled_forms(), language=st.sampled_from(["ru", "en"]))
def test_a_form_that_is_posted_back_unchanged_means_the_same_values(form: Any, language: str) -> None:
    schema, values = form

    reading = read(schema, posted(schema, values, language))

    assert reading.values == values
    assert reading.problems == []


ONE = {"type": "object", "properties": {"day": {"type": "string", "format": "date"}, "n": {"type": "number"}}}


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("31.12.2026", "2026-12-31"),
        ("2026-12-31", "2026-12-31"),
        ("1.2.2026", "2026-02-01"),
        (" 01.02.2026 ", "2026-02-01"),
    ],
)
def test_a_date_may_be_written_day_first_or_as_iso(typed: str, day: str) -> None:
    assert read(ONE, MultiDict({"day": typed})).values == {"day": day}


@pytest.mark.parametrize("typed", ["31.02.2026", "12/31/2026", "завтра", "2026-13-01"])
def test_a_text_that_is_no_date_stays_as_it_was_typed_and_is_named(typed: str) -> None:
    reading = read(ONE, MultiDict({"day": typed}))

    assert reading.typed == {"day": typed}
    assert [problem.path for problem in reading.problems] == [("day",)]


@pytest.mark.parametrize(
    ("typed", "number"), [("12,5", 12.5), ("12.5", 12.5), ("1 250", 1250), ("1\u00a0250,75", 1250.75), ("-3", -3)]
)
def test_a_number_may_have_a_comma_and_spaces(typed: str, number: float) -> None:
    assert read(ONE, MultiDict({"n": typed})).values == {"n": number}


@pytest.mark.parametrize("typed", ["много", "1e9", "nan", "inf", "1,2,3", "9" * 400])
def test_a_text_that_is_no_number_is_named(typed: str) -> None:
    assert read(ONE, MultiDict({"n": typed})).problems[0].path == ("n",)


SHOWN = {
    "type": "object",
    "properties": {
        "outcome": {"oneOf": [{"const": "yes", "title": "Да"}, {"const": "no", "title": "Нет"}]},
        "why": {"type": "string", "x-show-if": {"outcome": "no"}},
        "more": {"type": "string", "x-show-if": {"why": "other"}},
    },
}


def test_a_hidden_field_is_kept_on_the_page_but_not_handed_in() -> None:
    reading = read(SHOWN, MultiDict({"outcome": "yes", "why": "other", "more": "text"}))

    assert reading.values == {"outcome": "yes"}
    assert reading.typed["why"] == "other"


def test_what_cannot_be_understood_in_a_hidden_field_is_no_problem() -> None:
    schema = {
        "type": "object",
        "properties": {
            **SHOWN["properties"],
            "on": {"type": "string", "format": "date", "x-show-if": {"outcome": "no"}},
        },
    }

    assert read(schema, MultiDict({"outcome": "yes", "on": "?"})).problems == []


ROWS = {
    "type": "object",
    "properties": {
        "sites": {
            "type": "array",
            "items": {"type": "object", "properties": {"city": {"type": "string"}, "n": {"type": "integer"}}},
        }
    },
}


def test_rows_without_anything_in_them_are_not_handed_in_and_later_rows_move_up() -> None:
    typed = MultiDict(
        [("sites", "0"), ("sites", "1"), ("sites.0.city", " "), ("sites.1.city", "Кентау"), ("sites.1.n", "?")]
    )

    reading = read(ROWS, typed)

    assert reading.values == {"sites": [{"city": "Кентау", "n": "?"}]}
    assert reading.problems[0].path == ("sites", 0, "n")


def test_more_rows_than_anybody_types_are_not_read() -> None:
    typed = MultiDict(
        [("sites", str(number)) for number in range(2_000)] + [(f"sites.{number}.city", "x") for number in range(2_000)]
    )

    assert len(read(ROWS, typed).values["sites"]) == 500


@pytest.mark.parametrize(
    "command",
    ["add:", "add:sites.x.y", "delete:sites.9", "delete:nothing.0", "remove:", "nonsense", "add:sites.0.city.deep"],
)
def test_a_button_that_makes_no_sense_changes_nothing(command: str) -> None:
    values = {"sites": [{"city": "Кентау"}]}

    assert edit(values, command) == values


def test_rows_can_be_added_inside_a_group_that_is_still_empty() -> None:
    assert edit({}, "add:contact.phones") == {"contact": {"phones": [{}]}}
