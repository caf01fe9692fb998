"""The requirements: said in the reader's language, found by what is asked, led to where they are fulfilled."""

from __future__ import annotations

import csv
import io
import threading
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app.proving import Prover
from app.wiring import Services
from engine.library import DiagramSet, read_folder
from engine.steps import Person
from storage import coverage, maps, sets
from storage.reading.access import Viewer
from tests.web.conftest import PROCESSES, Browser, Page

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


PROVEN = {
    "rows": [
        {
            "id": "T-1",
            "elements": ["review.check"],
            "handlers": ["checks.weigh"],
            "forms": ["check.json"],
            "documents": ["check_sheet"],
            "scenarios": ["request-answered"],
            "covered": True,
        }
    ],
    "scenarios": {
        "request-answered": {"title": "Обращение рассмотрено", "passed": True, "steps": 3},
        "request-lost": {"title": "Обращение потеряно", "passed": False, "steps": 1},
    },
    "titles": {"check_sheet": "Лист проверки"},
}


@pytest.fixture
def proven(services: Services) -> None:
    """What the scenarios prove of the set, as the worker keeps it."""
    name = sets.hash_of(read_folder(PROCESSES))
    with services.database.writing() as connection:
        coverage.keep(connection, name, basis="0" * 64, at="2026-01-12T05:00:00.000000+00:00", found=PROVEN)


def _row(page: Page, name: str) -> str:
    return page.html.partition(f'<tr id="{name}">')[2].partition("</tr>")[0]


def test_the_matrix_leads_those_who_oversee_the_procedures_to_it(browser: Callable[..., Browser]) -> None:
    assert 'href="/requirements"' in browser("assessor").get("/cases").html
    assert 'href="/requirements"' in browser("head").get("/cases").html
    assert 'href="/requirements"' not in browser("clerk").get("/cases").html


@pytest.mark.usefixtures("proven")
def test_a_row_tells_where_by_what_and_by_which_scenarios_it_is_proven(browser: Callable[..., Browser]) -> None:
    page = browser("assessor").get("/requirements")
    row = _row(page, "T-1")
    assert 'href="/processes/review#check"' in row
    assert "checks.weigh" in row
    assert "Лист проверки" in row
    assert "Обращение рассмотрено" in row
    assert "Подтверждено сценариями: 1 из 1" in page.text
    assert "Сценарии сыграны 12.01.2026 10:00" in page.text
    assert "ничего не подтверждают: Обращение потеряно" in page.text


def test_before_the_scenarios_are_played_the_page_says_so_and_shows_where_each_row_is_met(
    browser: Callable[..., Browser],
) -> None:
    page = browser("assessor").get("/requirements")
    assert "ещё играются" in page.text
    assert 'href="/processes/review#check"' in _row(page, "T-1")


@pytest.mark.usefixtures("proven")
@pytest.mark.parametrize(
    ("asked", "is_shown"),
    [
        ("q=request+checked", True),
        ("q=checks.weigh", True),  # a rule that decides
        ("q=nosuchword", False),
        ("document=T", True),
        ("document=A", False),
        ("chapter=1", True),
        ("chapter=2", False),
        ("proof=proven", True),
        ("proof=unproven", False),
        ("proof=untouched", True),
        ("proof=passed", False),
        ("proof=nowhere", False),
        ("proof=nonsense", True),
    ],
)
def test_the_rows_are_found_by_what_is_asked(browser: Callable[..., Browser], asked: str, is_shown: bool) -> None:
    page = browser("assessor").get(f"/requirements?{asked}")
    assert page.status == 200
    assert bool(_row(page, "T-1")) is is_shown
    assert ("Ничего не нашлось" in page.text) is not is_shown


def test_a_case_that_passed_counts_once_and_only_for_whoever_may_see_it(
    browser: Callable[..., Browser], services: Services, case: int, waiting: Callable[[int], dict[str, str]]
) -> None:
    officer = Person(login="officer", name="Данияр Ахметов", roles=frozenset({"officer"}))
    services.engine.complete(waiting(case)["check"], {"conclusion": "Подтвердилось"}, officer)
    with services.database.reading() as connection:
        twice = [("T-1", "review", "check"), ("T-1", "review", "begin"), ("T-2", "review", "decide")]
        assert maps.cases_by_name(connection, Viewer(login="assessor", sees_all=True), twice) == {"T-1": 1}
        assert maps.cases_by_name(connection, Viewer(login="auditor"), twice) == {}
        assert maps.cases_by_name(connection, Viewer(login="assessor", sees_all=True), []) == {}
    assert _row(browser("assessor").get("/requirements?proof=passed"), "T-1")


@pytest.mark.usefixtures("proven")
def test_the_rows_are_taken_away_as_files(browser: Callable[..., Browser]) -> None:
    assessor = browser("assessor")
    text = assessor.client.get("/requirements.csv").data.decode("utf-8-sig")
    head, row = list(csv.reader(io.StringIO(text)))
    assert dict(zip(head, row, strict=True))["Сценарии"] == "Обращение рассмотрено"
    assert dict(zip(head, row, strict=True))["Подтверждено"] == "да"
    assert len(list(csv.reader(io.StringIO(assessor.client.get("/requirements.csv?q=none").data.decode())))) == 1
    book = assessor.client.get("/requirements.xlsx")
    assert zipfile.ZipFile(io.BytesIO(book.data)).testzip() is None


@pytest.mark.usefixtures("proven")
def test_the_matrix_is_said_in_english(browser: Callable[..., Browser]) -> None:
    assessor = browser("assessor")
    assessor.post("/language", language="en", next="/requirements")
    page = assessor.get("/requirements")
    assert "Proven by scenarios: 1 of 1" in page.text
    assert "Every request is checked." in page.text


def test_a_set_is_proven_once_until_its_scenarios_or_rules_are_others(services: Services, tmp_path: Path) -> None:
    (tmp_path / "scenarios").mkdir()
    moved = replace(services, config=replace(services.config, processes=tmp_path))
    prover = Prover(moved, threading.Event())
    assert prover.round() == 1
    assert prover.round() == 0
    with services.database.reading() as connection:
        kept = coverage.of_set(connection, sets.hash_of(read_folder(PROCESSES)))
    assert kept is not None
    assert [(row["id"], row["covered"]) for row in kept.found["rows"]] == [("T-1", False)]

    (tmp_path / "scenarios" / "new.yaml").write_text("title: new\n", encoding="utf-8")
    assert Prover(moved, threading.Event()).round() == 1


def test_a_proof_that_is_under_way_ends_when_the_installation_closes(services: Services) -> None:
    stopping = threading.Event()
    stopping.set()
    assert Prover(services, stopping).round() == 0
