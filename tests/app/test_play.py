"""`reglament play`: whatever a scenario file holds, the answer names the step, what was expected and what was seen."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.options import PROCESSES
from app.play.files import play_files
from engine.library import read_folder
from tests.app.conftest import Say

SCENARIOS = Path(__file__).parent / "scenarios"
GOOD = """\
title: Report of a year
process: complaints_report
start: {at: 2027-01-11T10:00, by: clerk, data: {year: 2026, name: Обращения за 2026 год}}
steps:
  - {at: 2027-01-12T10:00, as: clerk, task: evaluate, data: {effectiveness: Обращения рассмотрены в срок.}}
  - expect: {waiting: [present_to_review], events: [TaskCompleted], ended: false}
"""
Play = Callable[[Path], dict[str, Any]]


@pytest.fixture(scope="module")
def play() -> Play:
    files = read_folder(PROCESSES)
    return lambda path: play_files([path], files, PROCESSES)[0].as_dict()


@pytest.fixture
def failure_of(play: Play, tmp_path: Path) -> Callable[[str], dict[str, Any]]:
    def failure(text: str) -> dict[str, Any]:
        path = tmp_path / "one.yaml"
        path.write_text(text, encoding="utf-8")
        found: dict[str, Any] = play(path)["failure"]
        assert found is not None
        assert found.keys() == {"step", "expected", "seen"}
        return found

    return failure


def test_a_scenario_in_the_style_of_the_contract_passes(play: Play) -> None:
    played = play(SCENARIOS / "stated-in-writing.yaml")

    assert played.keys() == {"scenario", "passed", "steps", "failure", "cases", "seconds"}
    assert (played["passed"], played["failure"], played["steps"]) == (True, None, 11)
    assert [case["process"] for case in played["cases"]] == ["appeal", "appeal"]
    assert isinstance(played["seconds"], float)


def test_an_expectation_that_fails_is_told_with_its_step_and_both_values(play: Play) -> None:
    played = play(SCENARIOS / "must-fail-not-ended.yaml")

    assert played["passed"] is False
    assert played["failure"] == {"step": "11: expect", "expected": {"ended": True}, "seen": {"ended": False}}
    assert played["steps"] == 10


@pytest.mark.parametrize(
    ("old", "new", "step", "seen"),
    [
        ("complaints_report", "complaint_report", "start", "похоже на «complaints_report»"),
        ("by: clerk", "by: clrk", "start", "похоже на «clerk»"),
        ("by: clerk", "by: team_leader", "start", "роль есть, но ни у кого"),
        ("year: 2026", "yeer: 2026", "start", "В форме нет поля «yeer»"),
        ("year: 2026", "year: text", "start", "year: Здесь ожидается: целое число"),
        ("year: 2026", "year: " + "9" * 5000, "start", "year: Здесь ожидается: целое число"),
        ("title:", "profile: {nc.taxonomy: two_level}\ntitle:", "start", "UZ_PTA такого толкования нет"),
        ("title:", "profile: {appeal.grouns: x}\ntitle:", "start", "похоже на «appeal.grounds»"),
        ("title:", "profile: {procedure.valid_until: 5}\ntitle:", "start", "не того вида"),
        ("title:", "profile: {appeal.suspensive: maybe}\ntitle:", "start", "возможны: False, True"),
        ("task: evaluate", "task: evaluat", "1: 2027-01-12T10:00 clerk evaluat", "похоже на «evaluate»"),
        ("task: evaluate", "task: accept_report", "1: 2027-01-12T10:00 clerk accept_report", "evaluate"),
        ("as: clerk", "as: nobody", "1: 2027-01-12T10:00 nobody evaluate", "такого логина или роли нет"),
        ("as: clerk", "as: lawyer", "1: 2027-01-12T10:00 lawyer evaluate", "У вас этой роли нет"),
        ("{effectiveness:", "{effect:", "1: 2027-01-12T10:00 clerk evaluate", "В форме нет поля «effect»"),
        ("task:", "refused: independence, task:", "1: 2027-01-12T10:00 clerk evaluate", "отказа не было"),
        ("as: clerk", "refused: independence, as: lawyer", "1: 2027-01-12T10:00 lawyer evaluate", "'refused': 'role'"),
        ("task:", "case: appeal, task:", "1: 2027-01-12T10:00 clerk evaluate", "такое дело ещё не открыто"),
        ("task:", "case: apeal, task:", "1: 2027-01-12T10:00 clerk evaluate", "похоже на «appeal»"),
        ("2027-01-12", "2026-01-12", "1: 2026-01-12T10:00 clerk evaluate", "2026-01-12T10:00:00"),
        ("[present_to_review]", "[present]", "2: expect", "present_to_review"),
        ("[TaskCompleted]", "[Refunded]", "2: expect", "TaskCompleted"),
        ("ended: false", "cases: {appeal: 1}", "2: expect", "{'cases': {}}"),
        ("ended: false", "data: {no.such: 1}", "2: expect", "{'no.such': None}"),
        ("ended: false", "deadlines: {no.such: 2027-01-12}", "2: expect", "{'deadlines': {"),
        ("ended: false", "records: {no_journal: {a: 1}}", "2: expect", "{'records': {"),
        ("ended: false", "participants: {decider: [officer]}", "2: expect", "{'decider': []}"),
        ("ended: false", "case: appeal", "2: expect", "такое дело ещё не открыто"),
    ],
)
def test_a_word_that_means_nothing_here_is_named_at_its_step(
    failure_of: Callable[[str], dict[str, Any]], old: str, new: str, step: str, seen: str
) -> None:
    assert old in GOOD

    failure = failure_of(GOOD.replace(old, new, 1))

    assert failure["step"] == step
    assert seen in str(failure["seen"])
    assert failure["expected"]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("", "файл пуст"),
        ("# only a remark\n", "файл пуст"),
        ("- a\n- b\n", "сценарий: ожидаются пары"),
        ("just words", "сценарий: ожидаются пары"),
        ("a: [1", "строка 1"),
        (GOOD.replace("steps:", "stps:"), "сценарий: неизвестно «stps»; похоже на «steps»"),
        (GOOD.replace("start:", "strat:"), "похоже на «start»"),
        (GOOD.split("steps:")[0], "нет раздела steps"),
        (GOOD.split("steps:")[0] + "steps: 5", "steps: ожидается список"),
        (GOOD + "  - null\n", "шаг 3: ожидаются пары"),
        (GOOD + "  - {note: nothing}\n", "шаг 3: нет ни задачи"),
        (GOOD + "  - {at: 2027-02-01, data: {a: 1}}\n", "шаг 3: указано data, но не сказано, для какой задачи"),
        (GOOD.replace("as: clerk, ", ""), "шаг 1: у задачи evaluate не сказано, кто"),
        (GOOD.replace("as: clerk", "as: [clerk]"), "шаг 1, as"),
        (GOOD.replace("2027-01-12T10:00", "tomorrow"), "шаг 1, at: «tomorrow» — не время"),
        (GOOD.replace("2027-01-12T10:00", "2027-02-30"), "2027-02-30"),
        (GOOD.replace("2027-01-12T10:00", "10:00"), "шаг 1, at"),
        (GOOD.replace("2027-01-12T10:00", "9999-12-31T23:59"), "шаг 1, at: год 9999"),
        (GOOD.replace("at: 2027-01-11T10:00, ", ""), "start.at"),
        (GOOD.replace("waiting:", "wating:"), "шаг 2, expect: неизвестно «wating»; похоже на «waiting»"),
        (GOOD.replace("[present_to_review]", "present_to_review"), "шаг 2, expect, waiting: здесь ожидается список"),
        (GOOD.replace("[TaskCompleted]", "5"), "шаг 2, expect, events"),
        (GOOD.replace("ended: false", "ended: no idea"), "шаг 2, expect, ended: здесь ожидается true или false"),
        (GOOD.replace("ended: false", "cases: appeal"), "шаг 2, expect, cases"),
        (GOOD.replace("ended: false", "deadlines: [a]"), "шаг 2, expect, deadlines"),
        (GOOD.replace("ended: false", "data: 5"), "шаг 2, expect, data"),
        (GOOD.replace("ended: false", "records: {a: 5}"), "шаг 2, expect, records"),
        (GOOD.replace("ended: false", "participants: {a: b}"), "шаг 2, expect, participants"),
        (GOOD.replace("process:", "profile: two_level\nprocess:"), "profile: ожидаются пары"),
        (GOOD.replace("year: 2026", "year: .inf"), "start.data.year"),
        (GOOD.replace("year: 2026", "year: !!binary aGVsbG8="), "start.data.year"),
        (GOOD.replace("year: 2026", "yes: 2026"), "возьмите его в кавычки"),
        (GOOD.replace("year: 2026", r'year: "\ud800"'), "Юникоде"),
        (GOOD.replace("year: 2026", "year: !!python/object/apply:os.getcwd []"), "не читается как YAML"),
        (GOOD + "title: Another\n", "«title» указано второй раз"),
        (GOOD + "---\n" + GOOD, "не читается как YAML"),
        ("[" * 20_000, "слишком глубоко"),
        (GOOD.replace("data: {year", "data: &a {me: *a, year"), "внутрь самой себя"),
        ("x: 1\n" * 300_000, "файл больше"),
    ],
)
def test_a_file_that_is_no_scenario_says_where_and_what_to_write(
    failure_of: Callable[[str], dict[str, Any]], text: str, seen: str
) -> None:
    failure = failure_of(text)

    assert failure["step"] == "read"
    assert seen in failure["seen"]


def test_aliases_that_unfold_without_end_are_counted_and_not_unfolded(
    failure_of: Callable[[str], dict[str, Any]],
) -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
    merged = "a0: &a0 {x: 1}\n" + "".join(
        f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}\n" for n in range(1, 12)
    )
    for text in (bomb, merged):
        assert "разворачиваются" in failure_of(text)["seen"]


def test_files_that_are_no_text_or_no_files_are_told_too(play: Play, tmp_path: Path) -> None:
    (tmp_path / "noise.yaml").write_bytes(b"title: x\n\xff\xfe\x00\x81")
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "dangling.yaml").symlink_to("/nowhere/at/all")
    os.mkfifo(tmp_path / "pipe.yaml")

    seen = {path.stem: play(path)["failure"]["seen"] for path in tmp_path.glob("*.yaml")}

    assert "строка 2: файл не в кодировке UTF-8" in seen["noise"]
    assert "нет ни одного сценария" in seen["folder"]
    assert "файла нет" in seen["dangling"]
    assert "не обычный файл" in seen["pipe"]


def test_a_time_with_a_zone_of_its_own_is_that_instant(play: Play, tmp_path: Path) -> None:
    path = tmp_path / "zone.yaml"
    path.write_text(GOOD.replace("2027-01-12T10:00", "'2027-01-11T05:00:00Z'"), encoding="utf-8")  # 10:00 in Tashkent

    assert play(path)["passed"] is True


def test_a_fault_of_the_program_fails_its_scenario_alone(
    play: Play, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.yaml").write_text(GOOD, encoding="utf-8")
    monkeypatch.setattr("app.play.player.difference", lambda *_: 1 / 0)

    assert "ZeroDivisionError" in play(tmp_path / "a.yaml")["failure"]["seen"]


def test_many_files_are_all_played_and_one_that_fails_makes_the_code_one(say: Say, tmp_path: Path) -> None:
    (tmp_path / "b-bad.yaml").write_text("a: [1", encoding="utf-8")
    (tmp_path / "c-good.yaml").write_text(GOOD, encoding="utf-8")

    done = say("play", tmp_path / "a-absent.yaml", tmp_path, "--json")

    assert done.exit_code == 1
    assert [(Path(one["scenario"]).name, one["passed"]) for one in json.loads(done.stdout)] == [
        ("a-absent.yaml", False), ("b-bad.yaml", False), ("c-good.yaml", True),
    ]  # fmt: skip


def test_the_report_for_people_names_step_expected_and_seen(say: Say) -> None:
    done = say("play", SCENARIOS)

    assert done.exit_code == 1
    assert "FAIL  " + (SCENARIOS / "must-fail-not-ended.yaml").as_posix() in done.stdout
    assert (
        '      step      11: expect\n      expected  {"ended": true}\n      seen      {"ended": false}' in done.stdout
    )
    assert "ok    " + (SCENARIOS / "stated-in-writing.yaml").as_posix() in done.stdout
    assert done.stdout.endswith("1 passed, 1 failed\n")


def test_a_folder_of_a_set_stands_for_its_scenarios_and_an_empty_one_fails(say: Say, tmp_path: Path) -> None:
    (tmp_path / "scenarios").mkdir()
    empty = say("play", tmp_path, "--json")
    (tmp_path / "scenarios" / "good.yaml").write_text(GOOD, encoding="utf-8")
    full = say("play", tmp_path, "--json")

    assert empty.exit_code == 1
    assert "нет ни одного сценария" in json.loads(empty.stdout)[0]["failure"]["seen"]
    assert full.exit_code == 0


def test_diagrams_that_cannot_be_read_fail_every_scenario_and_are_named(say: Say, tmp_path: Path) -> None:
    for name, content in {"profile.toml": "", "broken.bpmn": "<a><b></a>"}.items():
        (tmp_path / name).write_text(content)

    done = say("play", SCENARIOS, "--processes", tmp_path, "--json")

    assert done.exit_code == 1
    assert [one["failure"]["step"] for one in json.loads(done.stdout)] == ["diagrams", "diagrams"]
    assert "broken.bpmn:1" in json.loads(done.stdout)[0]["failure"]["seen"]
