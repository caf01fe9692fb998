"""The requirements: said in the reader's language, found by what is asked, led to where they are fulfilled."""

from __future__ import annotations

import csv
from pathlib import Path

from engine.library import DiagramSet, read_folder

SHIPPED = Path(__file__).parents[2] / "processes"


def _ids(name: str) -> list[str]:
    with (SHIPPED / name).open(encoding="utf-8-sig", newline="") as file:
        return [row["id"] for row in csv.DictReader(file)]


def test_every_requirement_is_said_in_russian_once_and_nothing_else_is() -> None:
    assert _ids("requirements.ru.csv") == _ids("requirements.csv")


def test_a_requirement_is_said_in_the_language_that_is_asked_for() -> None:
    diagrams = DiagramSet("shipped", read_folder(SHIPPED))
    assert diagrams.requirement_text("C-010", "ru") == "ИС регистрирует заявку автоматически."
    assert diagrams.requirement_text("C-010", "en") == "The application is registered automatically in the IS."
    assert all(diagrams.requirement_text(name, "ru") for name in diagrams.requirements)


def test_a_requirement_without_a_translation_is_said_as_the_table_says_it() -> None:
    tables = {
        "requirements.csv": b"id,section,requirement\nX-1,1.1,Count.\nX-2,1.2,Tell.\n",
        "requirements.ru.csv": "id,section,requirement\nX-1,п. 1.1,Посчитать.\n".encode(),
    }
    diagrams = DiagramSet("small", tables)
    assert diagrams.requirement("X-1", "ru") == {"id": "X-1", "section": "п. 1.1", "requirement": "Посчитать."}
    assert diagrams.requirement_text("X-2", "ru") == "Tell."
    assert diagrams.requirement_text("X-3", "ru") == ""
