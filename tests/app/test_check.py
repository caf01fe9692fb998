"""`reglament check`: files as they were named, lines that scripts can read, one JSON document, the set they lie in."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from app.checked import home_of
from app.options import PROCESSES
from tests.app.conftest import Say

DIAGRAMS = Path(__file__).parents[1] / "diagrams"
KEYS = ["file", "line", "element", "severity", "rule", "message", "cure"]
PROFILE = """\
[roles.officer]
ru = "Специалист"
scope = "organisation"
[roles.head]
ru = "Руководитель"
scope = "organisation"
[process.review]
profile = "P"
[profiles.P]
zone = "Asia/Almaty"
calendar = "KZ"
[profiles.P.terms."review.reply"]
title = "Ответ"
start = "task"
duration = "P5D"
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A set of its own: one diagram, its form, its roles and terms."""
    folder = tmp_path / "theirs"
    (folder / "forms").mkdir(parents=True)
    (folder / "profile.toml").write_text(PROFILE, encoding="utf-8")
    shutil.copy(PROCESSES / "requirements.csv", folder)
    for form in (DIAGRAMS / "forms").glob("*.json"):
        shutil.copy(form, folder / "forms")
    shutil.copy(DIAGRAMS / "valid-one-task.bpmn", folder / "review.bpmn")
    return folder


def found(say: Say, *paths: str | Path) -> list[dict[str, object]]:
    done = say("check", *paths, "--json")
    problems: list[dict[str, object]] = json.loads(done.stdout)
    assert all(list(problem) == KEYS for problem in problems)
    assert all(problem["severity"] in ("error", "warning") and type(problem["line"]) is int for problem in problems)
    assert done.exit_code == any(problem["severity"] == "error" for problem in problems)
    return problems


def rules(problems: list[dict[str, object]], severity: str = "error") -> set[object]:
    return {problem["rule"] for problem in problems if problem["severity"] == severity}


def test_without_a_path_the_shipped_processes_are_judged(say: Say) -> None:
    assert found(say) == found(say, PROCESSES)


def test_a_line_names_file_line_element_severity_rule_message_and_cure(say: Say, home: Path) -> None:
    diagram = home / "review.bpmn"
    diagram.write_text(diagram.read_text().replace('value="review.reply"', 'value="review.repli"'))

    done = say("check", diagram)

    assert done.exit_code == 1
    line = next(line for line in done.stdout.splitlines() if " error " in line)
    place, element, severity, rule, words = line.split(" ", 4)
    assert place.startswith(f"{diagram}:")
    assert int(place.rpartition(":")[2]) > 1
    assert (element, severity, rule) == ("check_papers", "error", "term-exists")
    assert "review.repli" in words
    assert "review.reply" in words


def test_files_are_named_as_they_were_given_from_whatever_folder(
    say: Say, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    diagram = home / "review.bpmn"
    diagram.write_text(diagram.read_text().replace("review.reply", "review.repli"))
    monkeypatch.chdir(home.parent)

    for given, named in (
        ("theirs/review.bpmn", "theirs/review.bpmn"), ("theirs", "theirs/review.bpmn"),
        (".", "theirs/review.bpmn"), (diagram, str(diagram)), (home, str(diagram)),
    ):  # fmt: skip
        problems = found(say, given)
        assert {problem["file"] for problem in problems if problem["rule"] == "term-exists"} == {named}
        assert "too-heavy" not in rules(problems)


def test_a_file_is_judged_once_however_often_it_is_named(say: Say, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home)

    once, often = found(say, home), found(say, home, home / "review.bpmn", "review.bpmn", "./forms", ".")

    assert often == once
    assert "process-id-unique" not in rules(often)


def test_a_file_is_judged_by_the_set_in_whose_folder_it_lies(say: Say, home: Path, tmp_path: Path) -> None:
    stranger = tmp_path / "stranger.bpmn"
    shutil.copy(home / "review.bpmn", stranger)

    assert rules(found(say, home / "review.bpmn")) == set()
    assert "term-exists" in rules(found(say, stranger))
    both = found(say, stranger, home / "review.bpmn")
    assert {problem["file"] for problem in both if problem["rule"] == "term-exists"} == {str(stranger)}


def test_the_home_of_a_file_is_the_nearest_set_around_it_else_the_shipped_one(home: Path, tmp_path: Path) -> None:
    assert home_of(home) == home
    assert home_of(home / "forms" / "absent.json") == home
    assert home_of(tmp_path) == home
    assert home_of(Path("/nowhere/x.bpmn")) == PROCESSES


def test_a_copy_of_the_shipped_processes_is_judged_by_itself(say: Say, tmp_path: Path) -> None:
    copy = shutil.copytree(PROCESSES, tmp_path / "copy", ignore=shutil.ignore_patterns("scenarios", "sample"))
    profile = copy / "profile.toml"
    profile.write_text(profile.read_text().replace("[roles.head]", "[roles.boss]"))

    one = found(say, copy / "certification_decision.bpmn", copy / "application_review.bpmn")

    assert "lane-role" in rules(one)
    assert all(str(problem["file"]).startswith(str(copy)) for problem in one if problem["rule"] == "lane-role")


def test_warnings_alone_are_no_failure(say: Say, home: Path) -> None:
    (home / "forms" / "lonely.json").write_text('{"title": "Форма", "type": "object", "properties": {}}')

    done = say("check", home, "--json")

    assert rules(json.loads(done.stdout), "warning")
    assert done.exit_code == any(problem["severity"] == "error" for problem in json.loads(done.stdout))


@pytest.mark.parametrize("name", ["absent.bpmn", "pipe.bpmn", "empty-folder", "dangling.bpmn"])
def test_what_cannot_be_judged_is_a_problem_and_not_silence(say: Say, tmp_path: Path, name: str) -> None:
    (tmp_path / "empty-folder").mkdir()
    (tmp_path / "dangling.bpmn").symlink_to("/nowhere/at/all")
    os.mkfifo(tmp_path / "pipe.bpmn")

    problems = found(say, tmp_path / name)

    assert [(problem["file"], problem["rule"]) for problem in problems] == [(str(tmp_path / name), "no-file")]


def test_a_file_that_may_not_be_read_is_named_and_the_others_are_judged(say: Say, home: Path) -> None:
    (home / "forms" / "closed.json").symlink_to("/proc/self/mem")  # a regular file that nobody can read at its start

    problems = found(say, home / "forms" / "closed.json", home / "review.bpmn")

    assert [(problem["file"], problem["rule"]) for problem in problems if problem["severity"] == "error"] == [
        (str(home / "forms" / "closed.json"), "no-file")
    ]


def test_endings_in_capitals_are_endings_too(say: Say, home: Path) -> None:
    (home / "review.bpmn").rename(home / "REVIEW.BPMN")
    diagram = home / "REVIEW.BPMN"
    diagram.write_text(diagram.read_text().replace("review.reply", "review.repli"))

    assert "term-exists" in rules(found(say, home))


def test_a_template_that_cannot_be_set_is_told_with_its_file_and_line(
    say: Say, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "documents").mkdir()
    (home / "documents" / "act.typ").write_text("= Акт\n\n#let people = (\n", encoding="utf-8")
    (home / "documents" / "order.typ").write_text("= Приказ\n", encoding="utf-8")
    monkeypatch.chdir(home.parent)

    for given in ("theirs", "theirs/documents", "theirs/documents/act.typ"):
        (problem,) = (one for one in found(say, given) if one["rule"] == "template-sets")
        assert (problem["file"], problem["line"]) == ("theirs/documents/act.typ", 3)
    assert "template-sets" not in rules(found(say, "theirs/documents/order.typ", "theirs/review.bpmn"))


def test_a_broken_part_is_told_whichever_template_uses_it(say: Say, home: Path) -> None:
    (home / "documents").mkdir()
    (home / "documents" / "_head.typ").write_text("#let head = [", encoding="utf-8")
    (home / "documents" / "act.typ").write_text('#import "_head.typ": head\n#head\n', encoding="utf-8")

    (problem,) = (one for one in found(say, home / "documents" / "_head.typ") if one["rule"] == "template-sets")

    assert (problem["file"], problem["line"]) == (str(home / "documents" / "_head.typ"), 1)


def test_a_cure_says_nothing_of_a_near_name_where_none_is_near(say: Say, home: Path) -> None:
    diagram = home / "review.bpmn"
    diagram.write_text(diagram.read_text().replace("review.reply", "qqqqqqqqq"))

    (problem,) = (one for one in found(say, diagram) if one["rule"] == "term-exists")

    assert "похоже" not in str(problem["cure"])
    assert "—" not in str(problem["cure"])
    assert str(problem["cure"]).startswith("Возьмите срок из profile.toml или добавьте его туда.")
