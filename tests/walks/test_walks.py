"""Whatever people do, in whatever order: nothing comes about that must not.

The same seeds go the same way each time. `REGLAMENT_WALKS=50` walks fifty times from each beginning, and further.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.play.scenario import Scenario
from tests.walks.invariants import everything
from tests.walks.values import stories
from tests.walks.walking import walk

WALKS = int(os.environ.get("REGLAMENT_WALKS", "0"))
STEPS = 80 if WALKS else 20
SEEDS = range(WALKS or 1)
BEGINNINGS = (
    "appeal",
    "certification-granted",
    "certification-major",
    "certification-refused",
    "certification-three-years",
    "complaint",
    "extension",
    "oral",
    "out-of-competence",
    "preliminary",
    "recertification",
    "reduction",
    "reissue",
    "surveillance",
    "suspension",
    "unplanned",
)
"""What the names of the scenarios begin with, each a part of the procedure; a walk begins somewhere in one of them."""


def of_name(begins: str) -> list[Scenario]:
    return [story for story in stories() if Path(story.file).name.startswith(begins)]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("begins", BEGINNINGS)
def test_whatever_people_do_everything_holds_that_must(begins: str, seed: int, tmp_path: Path) -> None:
    with walk(tmp_path, f"{begins} {seed}", everything) as way:
        story = way.random.choice(of_name(begins))
        way.follow(story, way.random.randint(len(story.steps) // 3, len(story.steps)))
        for _ in range(STEPS):
            way.step()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("begins", ["complaint", "appeal", "statement", "proposal", "oral"])
def test_whatever_was_registered_comes_to_an_end_with_its_reason(begins: str, seed: int, tmp_path: Path) -> None:
    with walk(tmp_path, f"{begins} to its end {seed}", everything) as way:
        story = way.random.choice(of_name(begins) or of_name("out-of"))
        way.follow(story, way.random.randint(0, len(story.steps) // 2))
        way.settle(3 * STEPS)
