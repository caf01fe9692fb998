"""Whoever may not, cannot: what strangers, administrators, excluded people and guests try along the shipped stories.

Each story is told to its end as ever, with all that its steps expect: what was tried between them changed nothing.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from app.play.scenario import Scenario
from storage import played
from tests.walks.hostile import Hostile
from tests.walks.invariants import everything
from tests.walks.looking import Looking
from tests.walks.test_walks import WALKS, of_name
from tests.walks.values import stories
from tests.walks.walking import library, walk

TOLD = ("appeal-tied-vote", "certification-refused-then-appeal", "recertification-in-time")
HIDDEN = ("complaint-about-body.yaml", "complaint-about-head.yaml")


def closed_tasks() -> dict[tuple[str, str], frozenset[str]]:
    """Return (process, user task) -> the groups that its diagram closes it to."""
    processes = library().set("").processes
    return {
        (name, node.id): frozenset(node.properties["excludes"].split())
        for name, process in processes.items()
        for node in process.nodes
        if node.kind == "userTask" and node.properties.get("excludes")
    }


def called_by(process: str) -> set[str]:
    """Return a process with all that it calls."""
    found, ahead = set[str](), [process]
    while ahead:
        found.add(ahead[-1])
        calls = [node.called_element for node in library().set("").processes[ahead.pop()].nodes if node.called_element]
        ahead += [name for name in calls if name not in found]
    return found


def is_alone(task: str) -> bool:
    """Whether only one process has a task of this name."""
    return sum(task in process.node for process in library().set("").processes.values()) == 1


def covering(tasks: set[tuple[str, str]]) -> list[Scenario]:
    """Return few stories in which all these tasks are done."""
    known = {}
    for story in stories():
        within, done = called_by(story.process), {step.task for step in story.steps}
        known[story.file] = {one for one in tasks if one[1] in done and (one[0] in within or is_alone(one[1]))}
    left, chosen = set(tasks), []
    while left:
        best = max(stories(), key=lambda story: (len(known[story.file] & left), -len(story.steps)))
        assert known[best.file] & left, f"no story does {sorted(left)}"
        chosen.append(best)
        left -= known[best.file]
    return chosen


def named(story: Scenario) -> str:
    return Path(story.file).stem


@pytest.mark.parametrize("story", covering(set(closed_tasks())), ids=named)
def test_nobody_of_a_group_that_a_task_is_closed_to_can_do_it(story: Scenario, tmp_path: Path) -> None:
    with walk(tmp_path, named(story)) as way:
        hostile = Hostile(way)
        way.follow(story, between=hostile.at_what_is_closed)
        with way.engine.database.reading() as connection:
            passed = played.passages(connection)

    expected = {(*task, group) for task, groups in closed_tasks().items() for group in groups if task in passed}
    assert expected <= hostile.closed
    assert hostile.tried.keys() == {"independence"}


@pytest.mark.parametrize("story", stories() if WALKS else [of_name(name)[0] for name in TOLD], ids=named)
def test_no_forbidden_attempt_changes_a_story(story: Scenario, tmp_path: Path) -> None:
    with walk(tmp_path, named(story), everything) as way:
        hostile = Hostile(way)

        def now_and_then() -> None:
            if WALKS or way.random.random() < 0.2:
                hostile.at_everything()

        way.follow(story, between=now_and_then)

    assert {"role", "stale", "not_found"} <= hostile.tried.keys()


@pytest.mark.parametrize("name", HIDDEN)
def test_whom_a_complaint_is_about_finds_no_trace_of_it_on_any_page(name: str, tmp_path: Path) -> None:
    story = of_name(name)[0]
    with walk(tmp_path, name) as way:
        looking = Looking(way, tmp_path)
        way.follow(story, 2 * len(story.steps) // 3)
        hidden = list(looking.hidden())

        assert hidden
        assert [(login, looking.seen_by(login, case_id)) for login, case_id in hidden] == [
            (login, {}) for login, _ in hidden
        ]
        assert len(looking.seen_by("director", hidden[0][1])) > 20  # who may see it finds it by the same ways
