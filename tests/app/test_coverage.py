"""`reglament coverage`: a row counts only while an element or rule carries it and a scenario that passes went there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.app.conftest import Say, small_set

KEYS = ["id", "elements", "handlers", "forms", "documents", "scenarios", "covered"]
ROWS = ("A-012", "A-028", "A-067")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The shipped set, cut down to one process, its scenario and the rows that it proves."""
    return small_set(tmp_path / "processes", ROWS)


def coverage(say: Say, folder: Path) -> tuple[int, dict[str, dict[str, Any]], str]:
    done = say("coverage", "--processes", folder, "--json")
    rows = json.loads(done.stdout)
    assert all(list(row) == KEYS for row in rows)
    return done.exit_code, {row["id"]: row for row in rows}, done.stderr


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_every_row_names_what_proves_it(say: Say, small: Path) -> None:
    code, rows, _ = coverage(say, small)

    assert code == 0
    assert tuple(rows) == ROWS
    row = rows["A-028"]
    assert row["covered"] is True
    assert row["elements"]
    assert all(element.startswith("complaints_report.") for element in row["elements"])
    assert "complaints_report.issue" in row["handlers"]
    assert "annual_report" in row["documents"]
    assert [Path(name).name for name in row["scenarios"]] == ["complaints-report.yaml"]


def test_a_row_that_no_element_carries_any_more_is_named(
    say: Say, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.commands.coverage.bindings", dict)  # a handler may name the row too
    change(small / "complaints_report.bpmn", "A-012 A-028 A-067", "A-012 A-067")

    code, rows, _ = coverage(say, small)

    assert code == 1
    assert [name for name, row in rows.items() if not row["covered"]] == ["A-028"]
    assert rows["A-028"]["elements"] == []


def test_without_its_scenario_no_row_is_covered_and_the_text_names_them(say: Say, small: Path) -> None:
    (small / "scenarios" / "complaints-report.yaml").unlink()

    done = say("coverage", "--processes", small)

    assert done.exit_code == 1
    assert "Подтверждено 0 из 3." in done.stdout
    assert "Не подтверждено ни одним пройденным сценарием: A-012, A-028, A-067." in done.stdout
    assert "A-028  НЕТ  complaints_report." in done.stdout


def test_a_scenario_that_fails_proves_nothing_and_is_named(say: Say, small: Path) -> None:
    change(small / "scenarios" / "complaints-report.yaml", "ended: true", "ended: false")

    code, rows, told = coverage(say, small)

    assert code == 1
    assert not any(row["covered"] for row in rows.values())
    assert "complaints-report.yaml" in told


def test_a_row_of_nobody_is_named(say: Say, small: Path) -> None:
    with (small / "requirements.csv").open("a", encoding="utf-8") as file:
        file.write("A-999,source,1,rule,Something new,given nothing\n")

    code, rows, _ = coverage(say, small)

    assert code == 1
    assert [name for name, row in rows.items() if not row["covered"]] == ["A-999"]


@pytest.mark.parametrize("content", [None, "id,requirement\n", "nothing\n1\n"])
def test_a_table_without_rows_proves_nothing(say: Say, small: Path, content: str | None) -> None:
    table = small / "requirements.csv"
    table.unlink() if content is None else table.write_text(content)

    done = say("coverage", "--processes", small)

    assert done.exit_code == 1
    assert "requirements.csv" in done.stderr
