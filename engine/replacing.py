"""Somebody else in place of a person for whom one task of many was kept: who fell ill or left holds up no case.

Only where the diagram says from whom (`replaceable`, case groups), and only by those whom the profile lets appoint. A
ballot, a declaration, a signature have no such word: they are personal.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from SpiffWorkflow.task import Task

from engine import run
from engine.diagram import Node
from engine.duties import NO_ACCESS, Groups, demand
from engine.errors import MayNotAppoint, NotOfTheGroup, Personal, ReasonMissing, Stale
from engine.library import DiagramSet
from engine.ongoing import OngoingStep
from engine.steps import Person
from storage import steps as write

_FIRST = "instance_kept_for"
"""Beside the state of an instance: for whom it was kept at first, once somebody else has it."""


def signed_by(actor: Person, task: Task) -> dict[str, str]:
    """Return what a submission of one instance says besides its values: `by`, and `instead_of` whom if of another."""
    first = task.internal_data.get(_FIRST)
    return {"by": actor.login} | ({"instead_of": first} if first not in (None, actor.login) else {})


def groups_to_choose_from(task: Mapping[str, Any], node: Node) -> tuple[str, ...]:
    """Return the case groups of which another may take the task; none for a task that is personal, or anybody's."""
    return tuple(node.properties.get("replaceable", "").split()) if task["reserved_for"] else ()


def may_appoint(person: Person, groups: Groups, diagrams: DiagramSet) -> bool:
    """Whether the person holds a role that appoints, and the case is not closed to them."""
    appointing = {name for name, role in diagrams.roles.items() if role.get("appoints")}
    return bool(appointing & person.roles) and person.login not in groups.get(NO_ACCESS, ())


def replace(step: OngoingStep, row: Mapping[str, Any], to: Person, reason: str) -> None:
    """Keep the task for `to` from now on; what the former began to write stays theirs.

    Raises Personal, MayNotAppoint, NotOfTheGroup, ReasonMissing, Stale, or Excluded for who must not do the task.
    """
    live = step.live
    choice = groups_to_choose_from(row, live.node(row["process"], row["element"]))
    if not choice:
        raise Personal(task=row["name"])
    if not may_appoint(step.actor, live.participants, live.diagrams):
        raise MayNotAppoint(task=row["name"])
    if not reason.strip():
        raise ReasonMissing(task=row["name"])
    former = row["reserved_for"]
    if to.login == former or not any(to.login in live.participants.get(group, ()) for group in choice):
        raise NotOfTheGroup(who=to.name, groups=", ".join(f"«{live.diagrams.group_name(group)}»" for group in choice))
    demand({**row, "reserved_for": to.login, "assignee": to.login}, to, live.participants, live.diagrams)
    task = run.find(live.workflow, UUID(row["id"]))
    if task is None:
        raise Stale(task=row["name"], by="", at="")
    task.internal_data.setdefault(_FIRST, former)
    task.internal_data["instance_item"] = to.login
    write.reserve(step.connection, row["id"], to.login)
    live.open_tasks[row["id"]].update(reserved_for=to.login, assignee=to.login)
    facts = {"task": row["id"], "former": former, "assignee": to.login, "reason": reason.strip()}
    step.happened("TaskReplaced", row["element"], **facts)
