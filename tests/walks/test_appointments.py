"""Nobody is named for an office of a case who may not hold it: in place of the right person each wrong one is tried."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.play.attachments import with_attachments
from app.play.scenario import PlayedStep, Scenario
from engine.errors import EngineError
from tests.walks.hostile import Hostile
from tests.walks.test_walks import WALKS
from tests.walks.values import stories
from tests.walks.walking import Walk, walk

AUDITED = ("team_leader", "audit_team", "stage1_executor", "experts", "trainees", "first_decider", "verifiers")
CONCERNED = ("subject", "involved", "party", "applicant", "first_decider")
BARRED: Mapping[str, tuple[str, ...]] = {
    "appoint_decider": AUDITED,
    "appoint_extension_decider": AUDITED,
    "appoint_lifter": AUDITED,
    "draft_order": CONCERNED,
    "propose_commission": CONCERNED,
    "sign_resolution": CONCERNED,
}
"""Task that names people -> the groups of the case whose members it may not name."""
SAYING_SO = {"NOT_INDEPENDENT", "LINKED_TO_SUBJECT", "LINKED_TO_PARTY", "COMPETENCE_MISSING", "invalid"}
"""The codes that name the cause; `invalid` is of a form that asks for a role which the person has not."""


def naming() -> Iterator[tuple[Scenario, PlayedStep]]:
    """Yield a step for each of these tasks, of the story that is soonest there; of every process on a longer walk."""
    found: dict[tuple[str, ...], tuple[Scenario, PlayedStep]] = {}
    for story in stories():
        for step in story.steps:
            mark = (str(step.task), story.process) if WALKS else (str(step.task),)
            if not _names_people(story, step):
                continue
            if step.number < _number(found.get(mark)):
                found[mark] = (story, step)
    yield from found.values()


def _names_people(story: Scenario, step: PlayedStep) -> bool:
    if step.task == "draft_order" and story.process != "appeal":
        return False  # the draft of a team, which the client and the director have yet to see
    appoints = step.data.get("admissible") != "NO" and any(people_in(step.data))
    return step.task in BARRED and step.refused is None and appoints


def _number(found: tuple[Scenario, PlayedStep] | None) -> float:
    return found[1].number if found else float("inf")


def people_in(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield where a form names somebody: the path of each value that is the login of one of the body's people."""
    for key, value in data.items() if isinstance(data, Mapping) else enumerate(data) if isinstance(data, list) else ():
        if isinstance(value, Mapping | list):
            yield from people_in(value, (*path, key))
        elif key in ("person", "responsible", "chair", "deputy_chair", "secretary", "signer"):
            yield (*path, key)


def put(data: Mapping[str, Any], path: tuple[Any, ...], login: str) -> dict[str, Any]:
    """Return the values with somebody else at a place."""
    found: dict[str, Any] = copy.deepcopy(dict(data))
    at: Any = found
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = login
    return found


def attempts(way: Walk, step: PlayedStep, row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (who was named, the code of the refusal) for each person of each barred group at each place."""
    hostile, groups = Hostile(way), way.groups(row["case_id"])
    barred = {login for group in BARRED[str(step.task)] for login in groups.get(group, ())} & way.people.keys()
    actor = next(one for one in way.able(row) if one.login == step.actor or step.actor in one.roles)
    schema = way.diagrams.form(row["form"]).schema
    for path in people_in(step.data):
        for login in sorted(barred):
            values = with_attachments(way.engine, schema, put(step.data, path, login), actor, row["id"], row["case_id"])
            before = hostile.standing()
            try:
                way.engine.complete(row["id"], values, actor)
                code = "done"
            except EngineError as error:
                code = error.code
            yield f"{login} at {'.'.join(map(str, path))}", code
            assert code == "done" or hostile.standing() == before


@pytest.mark.parametrize(
    ("story", "step"),
    [pytest.param(*one, id=f"{Path(one[0].file).stem}-{one[1].task}") for one in naming()],
)
def test_nobody_is_named_who_may_not_be(story: Scenario, step: PlayedStep, tmp_path: Path) -> None:
    with walk(tmp_path, str(step.task)) as way:
        time_passes = PlayedStep(number=step.number, at=step.at)
        way.follow(replace(story, steps=(*story.steps[: step.number - 1], time_passes)))
        row = next(one for one in way.waiting() if one["element"] == step.task)
        tried = dict(attempts(way, step, row))

    assert {who: code for who, code in tried.items() if code not in SAYING_SO} == {}
