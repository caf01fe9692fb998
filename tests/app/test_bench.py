"""The benchmark runs and tells what it promises to tell; how fast the machine is, is no question of a test."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from app.bench import model
from app.bench.report import QUICK, lines
from app.cli import main
from engine.check import check_set, context_of
from engine.library import DiagramSet

SHAPE = {
    "raw": {"p50_ms", "p95_ms"},
    "engine": {"p50_ms", "p95_ms", "sql_per_step", "bytes_per_step"},
    "http": {"p50_ms", "p95_ms", "cases_per_s"},
    "growth": {"task_20_ms", "task_200_ms"},
    "inbox": {"open_cases", "p95_ms"},
    "timers": {"waiting_cases", "restored", "ms"},
    "state_kb_per_case": None,
    "server_rss_mb": None,
}


@pytest.fixture(scope="module")
def figures() -> dict[str, Any]:
    done = CliRunner(catch_exceptions=False).invoke(main, ["bench", "--quick", "--json"])
    assert done.exit_code == 0
    loaded: dict[str, Any] = json.loads(done.stdout)
    return loaded


def test_the_figures_have_the_promised_names_and_nothing_else(figures: dict[str, Any]) -> None:
    assert {name: set(value) if isinstance(value, dict) else None for name, value in figures.items()} == SHAPE


def test_every_figure_is_a_number_of_something_that_happened(figures: dict[str, Any]) -> None:
    numbers = {f"{name}.{key}": one for name in SHAPE if SHAPE[name] for key, one in figures[name].items()}
    numbers |= {name: figures[name] for name, keys in SHAPE.items() if keys is None}

    assert numbers.pop("timers.restored") == 0
    assert all(value > 0 for value in numbers.values()), numbers


def test_a_step_sends_on_average_at_most_twelve_statements_and_twenty_kilobytes(figures: dict[str, Any]) -> None:
    assert figures["engine"]["sql_per_step"] <= 12
    assert figures["engine"]["bytes_per_step"] <= 20_000


def test_all_cases_that_were_made_are_open_and_wait_for_time(figures: dict[str, Any]) -> None:
    assert figures["inbox"]["open_cases"] >= QUICK.open_cases + QUICK.live_cases
    assert figures["timers"]["waiting_cases"] >= QUICK.open_cases


def test_the_report_judges_every_aim_in_a_line_of_its_own(figures: dict[str, Any]) -> None:
    judged = [line for line in lines(figures, []) if line.startswith(("да ", "НЕТ "))]

    assert len(judged) == 9


def test_the_measured_procedure_is_one_that_the_check_lets_through_and_answers_every_task() -> None:
    files = model.files()
    found = DiagramSet("", files).process(model.PROCESS)

    assert check_set(files, context_of(files, model.handlers())) == []
    assert {node.id for node in found.nodes if node.kind == "userTask"} == set(model.ANSWERS)
    assert (len(found.nodes), len(model.ANSWERS)) == (32, 12)
