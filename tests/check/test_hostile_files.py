"""Files that anybody may hand in: each gives problems within seconds and bounded memory, none a trace."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from engine.check import CheckContext, check_paths
from engine.check import paths as check_paths_module

DIAGRAMS = Path(__file__).parents[1] / "diagrams"
GOOD = (DIAGRAMS / "valid-one-task.bpmn").read_text()
HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="x"><process id="p">'
LAUGHS = "<!DOCTYPE d [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {name} '{f'&{before};' * 10}'>" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
HOSTILE = {
    "laughs.bpmn": LAUGHS + "]><d>&i;</d>",
    "entity.bpmn": "<!DOCTYPE d [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>" + HEAD + "&x;</process></definitions>",
    "deep.bpmn": HEAD + "<subProcess id='s'>" * 50_000,
    "nested.bpmn": HEAD + "<subProcess>" * 200 + "</subProcess>" * 200 + "</process></definitions>",
    "power.bpmn": GOOD.replace('"review"', '"power"').replace(
        '<bpmn:sequenceFlow id="to_done" sourceRef="check_papers" targetRef="done" />',
        '<bpmn:sequenceFlow id="to_done" sourceRef="check_papers" targetRef="done"><bpmn:conditionExpression>'
        "9**9**9**9</bpmn:conditionExpression></bpmn:sequenceFlow>",
    ),
    "code.bpmn": GOOD.replace('"review"', '"code"').replace(
        '<bpmn:sequenceFlow id="to_done" sourceRef="check_papers" targetRef="done" />',
        '<bpmn:sequenceFlow id="to_done" sourceRef="check_papers" targetRef="done"><bpmn:conditionExpression>'
        "__import__('os').system('touch /tmp/reglament-was-here')</bpmn:conditionExpression></bpmn:sequenceFlow>",
    ),
    "garbage.bpmn": "\x00\x01\x02" * 1000,
    "empty.bpmn": "",
    "half.bpmn": GOOD[: len(GOOD) // 2],
    "alias.yaml": "a: &a [x]\n"
    + "".join(f"{c}: &{c} [{', '.join(['*' + b] * 9)}]\n" for b, c in zip("abcdefg", "bcdefgh", strict=True)),
    "deep.yaml": "[" * 20_000,
    "deep.json": '{"properties": ' * 20_000,
    "wide.json": '{"type": "object", "properties": {' + ",".join(f'"f{n}": {{}}' for n in range(50_000)) + "}}",
}


def test_every_hostile_file_gives_a_problem_of_its_own_and_good_ones_are_still_judged(
    tmp_path: Path, context: CheckContext
) -> None:
    for name, text in HOSTILE.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "huge.bpmn").write_bytes(b"<a>" + b"x" * 50_000_000)
    with zipfile.ZipFile(tmp_path / "packed.bpmn", "w") as archive:
        archive.writestr("x", "x")
    (tmp_path / "binary.bpmn").write_bytes(os.urandom(100_000))
    (tmp_path / "good.bpmn").write_text(GOOD)
    found = check_paths([tmp_path], context)

    with_errors = {Path(one.file).name for one in found if one.severity == "error"}
    assert with_errors == {*HOSTILE, "huge.bpmn", "packed.bpmn", "binary.bpmn"} - {"alias.yaml"}
    assert not any("Traceback" in one.message for one in found)
    assert not Path("/tmp/reglament-was-here").exists()


def test_what_is_no_file_becomes_a_problem(tmp_path: Path, context: CheckContext) -> None:
    pipe = tmp_path / "pipe.bpmn"
    os.mkfifo(pipe)
    found = check_paths([tmp_path / "absent.bpmn", pipe], context)

    assert [one.rule for one in found] == ["no-file", "no-file"]


def test_a_file_that_takes_too_long_is_given_up_and_the_others_go_on(
    tmp_path: Path, context: CheckContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A quarter of a million flows between two nodes: legal XML below the limit of size, and hopeless to judge.
    flows = "".join(f'<sequenceFlow id="f{n}" sourceRef="a" targetRef="b"/>' for n in range(70_000))
    (tmp_path / "slow.bpmn").write_text(HEAD + f'<task id="a"/><task id="b"/>{flows}</process></definitions>')
    (tmp_path / "good.bpmn").write_text(GOOD)
    monkeypatch.setattr(check_paths_module, "SECONDS", 0.4)
    found = check_paths([tmp_path / "slow.bpmn", tmp_path / "good.bpmn"], context)

    assert {Path(one.file).name for one in found} == {"slow.bpmn"}
    assert "too-heavy" in {one.rule for one in found}


def test_a_child_that_cannot_even_start_is_told_once(
    tmp_path: Path, context: CheckContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "good.bpmn").write_text(GOOD)
    monkeypatch.setattr("sys.executable", "/bin/false")

    assert [one.rule for one in check_paths([tmp_path / "good.bpmn"], context)] == ["too-heavy"]


def test_the_child_finds_what_the_check_of_the_same_files_finds(context: CheckContext) -> None:
    found = check_paths([DIAGRAMS / "invalid-timer-quoted.bpmn"], context)

    assert [(one.rule, one.element) for one in found] == [("timer", "late")]
    assert found[0].file.endswith("invalid-timer-quoted.bpmn")
