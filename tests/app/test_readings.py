"""Every reading of the profile rules something: it is asked for, and each other value of it is proven to differ.

A reading that nothing asks for, or an alternative that changes nothing, would promise a choice that does not exist.
An alternative is proven by a test or a scenario that chooses it, as `readings={"forward.mode": "leave"}` or under
`profile:` of the scenario.
"""

from __future__ import annotations

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
import yaml

from app.options import PROCESSES
from engine.library import DiagramSet, read_folder
from engine.links import link_days
from handlers.cycle import WORKS
from tests.rules import shipped

if TYPE_CHECKING:
    from engine.library import Library

ROOT = Path(__file__).parents[2]
ROOMS = ("rules", "handlers", "engine", "web", "app", "outside")
PROFILES = ("KZ_PCS", "UZ_PTA")


@cache
def profile(name: str) -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads((ROOT / "processes" / "profile.toml").read_text("utf-8"))["profiles"][name]
    return found


@cache
def asked() -> frozenset[str]:
    """Return every text constant of the program: the names by which readings are asked for are among them."""
    files = [file for room in ROOMS for file in (ROOT / room).rglob("*.py")]
    nodes = (node for file in files for node in ast.walk(ast.parse(file.read_text("utf-8"))))
    return frozenset(node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))


@cache
def elements() -> frozenset[str]:
    """Return `process.element` for every node of the shipped diagrams."""
    processes = DiagramSet("shipped", read_folder(PROCESSES)).processes.values()
    return frozenset(f"{process.id}.{node.id}" for process in processes for node in process.nodes)


def shown(name: str) -> set[str]:
    """Return the readings that the drawing itself shows: another value would be another drawing."""
    return {key for key, reading in profile(name)["readings"].items() if reading.get("shown_by")}


def followed(name: str) -> Iterator[str]:
    """Yield the readings that the terms of a profile follow."""
    for term in profile(name)["terms"].values():
        yield from term.get("starts", {})
        yield from (("daytype.default",) if term.get("day_type") == "as_read" else ())
        yield from (("roll",) if term.get("roll") == "as_read" else ())


@cache
def chosen() -> frozenset[tuple[str, str]]:
    """Return (reading, value) for every choice of a reading that a test or a scenario makes."""
    found = {
        (name, repr(value))
        for file in (ROOT / "tests").rglob("test_*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        for name, value in _pairs(node)
    }
    for file in (ROOT / "processes" / "scenarios").glob("*.yaml"):
        story = yaml.safe_load(file.read_text("utf-8")) or {}
        found |= {(name, repr(value)) for name, value in (story.get("profile") or {}).items()}
    return frozenset(found)


def _pairs(node: ast.AST) -> Iterator[tuple[str, Any]]:
    if isinstance(node, ast.Dict):
        pairs = list(zip(node.keys, node.values, strict=True))
    elif isinstance(node, ast.Tuple | ast.List):
        pairs = list(zip(node.elts, node.elts[1:], strict=False))
    elif isinstance(node, ast.Call):
        named = [(ast.Constant(one.arg), one.value) for one in node.keywords if one.arg]
        pairs = [*zip(node.args, node.args[1:], strict=False), *named]
    else:
        return
    for key, value in pairs:
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            try:
                yield key.value, ast.literal_eval(value)
            except ValueError:
                continue


@pytest.mark.parametrize("name", PROFILES)
def test_every_reading_is_asked_for_by_the_program_or_followed_by_a_term(name: str) -> None:
    unasked = set(profile(name)["readings"]) - asked() - set(followed(name)) - shown(name)

    assert unasked == set()


@pytest.mark.parametrize("name", PROFILES)
def test_every_alternative_of_a_reading_is_proven_to_differ(name: str) -> None:
    unproven = {
        f"{key} = {other!r}"
        for key, reading in profile(name)["readings"].items()
        for other in reading["alternatives"]
        if (key, repr(other)) not in chosen()
    }

    assert unproven == set()


@pytest.mark.parametrize("name", PROFILES)
def test_what_the_drawing_shows_has_no_other_value_and_elements_that_show_it(name: str) -> None:
    for key in shown(name):
        reading = profile(name)["readings"][key]
        assert reading["alternatives"] == [], key
        assert set(reading["shown_by"]) <= elements(), key


@pytest.mark.parametrize("name", PROFILES)
def test_every_term_is_used_by_an_element_or_by_the_program(name: str) -> None:
    texts = (file.read_text("utf-8") for file in PROCESSES.glob("*.bpmn"))
    drawn = {found for text in texts for found in re.findall(r'name="deadline" value="([^"]+)"', text)}
    computed = {f"cycle.{kind}" for kind in WORKS}

    assert set(profile(name)["terms"]) - drawn - asked() - computed == set()


@pytest.mark.parametrize("name", PROFILES)
def test_every_reading_says_what_it_is_and_on_whose_word(name: str) -> None:
    for key, reading in profile(name)["readings"].items():
        assert reading["title"], key
        assert reading["source"], key
        assert reading["confidence"] in ("H", "M", "G"), key
        assert reading["value"] not in reading["alternatives"], key


@pytest.mark.parametrize(
    ("reading", "days"),
    [
        ("outside.link_days", 7),
        ("outside.link_days", 14),
        ("outside.link_days", 60),
        ("outside.link_days", 90),
    ],
)
def test_a_personal_link_is_open_for_as_many_days_as_the_profile_says(reading: str, days: int) -> None:
    library = SimpleNamespace(terms=lambda _set, name, chosen: shipped.profile(name, **json.loads(chosen)))
    case = {"set_hash": "x", "profile": "UZ_PTA", "readings": json.dumps({reading: days})}

    assert link_days(cast("Library", library), case) == days
