"""Each diagram in `tests/diagrams` holds one fault; the check names it, its element and its line, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.check import CheckContext, check_set, rule_names

DIAGRAMS = Path(__file__).parents[1] / "diagrams"
EXPECTED: dict[str, dict[str, Any]] = yaml.safe_load((DIAGRAMS / "expected.yaml").read_text())


@pytest.mark.parametrize("name", EXPECTED)
def test_a_bad_diagram_is_refused_for_its_fault_alone(name: str, context: CheckContext) -> None:
    expected = EXPECTED[name]
    problems = check_set({name: (DIAGRAMS / name).read_bytes()}, context)

    found = [(one.rule, one.element, one.line, one.severity) for one in problems]
    assert (expected["rule"], expected["element"], expected["line"], expected["severity"]) in found
    assert {one.rule for one in problems} == {expected["rule"], *expected.get("also", [])}
    assert all(one.message and one.cure for one in problems)


@pytest.mark.parametrize("path", sorted(DIAGRAMS.glob("valid-*.bpmn")), ids=lambda path: path.name)
def test_a_good_diagram_has_no_problem(path: Path, context: CheckContext) -> None:
    assert check_set({path.name: path.read_bytes()}, context) == []


def test_every_diagram_of_the_folder_is_expected_to_be_good_or_bad() -> None:
    assert {path.name for path in DIAGRAMS.glob("invalid-*.bpmn")} == set(EXPECTED)
    assert {one["rule"] for one in EXPECTED.values()} <= set(rule_names())
