"""What machines call things has words for people."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from enum import StrEnum
from importlib import import_module
from pathlib import Path

import pytest
from flask import Flask

from app.config import PROCESSES
from app.registry import bindings
from engine.library import DiagramSet, read_folder
from web.catalogue import KEYWORDS
from web.extract import handler
from web.refusals import REFUSALS
from web.values import Words
from web.words import JOURNALS

HANDLERS = Path(__file__).parents[2] / "handlers"
RULES = HANDLERS.parent / "rules"
SHIPPED = DiagramSet("shipped", read_folder(PROCESSES))


@pytest.fixture(autouse=True)
def reader(app: Flask) -> Iterator[None]:
    """Somebody who reads Russian."""
    with app.test_request_context():
        yield


def test_every_journal_that_a_step_writes_has_a_name() -> None:
    sources = "".join(path.read_text("utf-8") for path in HANDLERS.glob("*.py"))

    written = set(re.findall(r'journal="(\w+)"', sources))

    assert written - set(JOURNALS) == set()


def test_every_refusal_that_a_handler_may_utter_has_words() -> None:
    uttered = {code for handler in bindings().values() for code in handler.refuses}

    assert uttered - set(REFUSALS) == set()


def test_every_code_that_rules_decide_has_words() -> None:
    words = Words(SHIPPED, {})
    enumerations = [
        one
        for module in RULES.glob("*.py")
        for one in vars(import_module(f"rules.{module.stem}")).values()
        if isinstance(one, type) and issubclass(one, StrEnum) and one is not StrEnum
    ]

    codes = {member.value for one in enumerations for member in one}

    assert {code for code in codes if words.told(code, "") == code} == set()


def test_every_choice_of_a_reading_has_words() -> None:
    words = Words(SHIPPED, {})
    choices = [
        (name, value)
        for profile in SHIPPED.profile["profiles"].values()
        for name, reading in profile["readings"].items()
        for value in (reading["value"], *reading.get("alternatives", []))
    ]

    # A text with capitals, spaces or Russian letters is what it says: a number of an edition, the name of a court.
    codes = [(name, value) for name, value in choices if re.fullmatch(r"[a-z][a-z0-9]*(_[a-zA-Z0-9]+)*", str(value))]

    assert [(name, value) for name, value in codes if words.reading(name, value) == value] == []


def test_every_name_that_a_step_writes_has_a_label() -> None:
    words = Words(SHIPPED, {})

    paths = {path for handler in bindings().values() for path in handler.writes}

    parts = {part for path in paths for part in path.split(".")}
    assert {part for part in parts if words.label(part) == part} == set()


def test_a_code_in_a_row_is_said_in_words_and_a_person_by_name() -> None:
    words = Words(SHIPPED, {"auditor1": "Руслан Мамбетов"})

    row = {"Мнения": ["AGREED", "SILENT"], "Кто": "auditor1", "Срок": "P1Y", "Замечание": "Пишите auditor1"}

    assert words.entered(row) == {
        "Мнения": ["согласие", "молчание"],
        "Кто": "Руслан Мамбетов",
        "Срок": "1 год",
        "Замечание": "Пишите auditor1",
    }


def test_names_of_columns_and_statuses_of_handlers_are_found_for_the_catalogue() -> None:
    source = """
STAGES = {"DONE": "Выдан"}
def enter(case):
    row(case, Номер=1, by=2)
    return {"Держатель": 1, "key": 2}
"""

    found = {message for _line, _name, message, _comments in handler(io.BytesIO(source.encode()), KEYWORDS, (), {})}

    assert found == {"Номер", "Держатель", "Выдан"}
