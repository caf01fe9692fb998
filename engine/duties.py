"""Who may do a task: the role it is drawn for, the person it is reserved for, and the groups it is closed to.

Separation of duties holds for everybody; no role opens what `excludes` closes, not even the administrator's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.diagram import Node
from engine.errors import EngineError, Excluded, MayNotStart, NotYours, Taken
from engine.library import DiagramSet
from engine.steps import Person

NO_ACCESS = "no_access"
"""Members of this case group neither see the case nor act in it."""

Groups = Mapping[str, Sequence[str]]


def obstacle(task: Mapping[str, Any], person: Person, groups: Groups, diagrams: DiagramSet) -> EngineError | None:
    """Return why the person may not do the task, None if they may; who has claimed it plays no part here.

    `task` is a row of open_task, `groups` the present participants of its case.
    """
    for group in (NO_ACCESS, *task["excludes"].split()):
        if person.login in groups.get(group, ()):
            return Excluded(task=task["name"], group=diagrams.group_name(group))
    if task["reserved_for"]:
        return None if task["reserved_for"] == person.login else _not_yours(task, diagrams)
    if has_role(task, person, groups) or acts_on_behalf(task, person, groups):
        return None
    return _not_yours(task, diagrams)


def has_role(task: Mapping[str, Any], person: Person, groups: Groups) -> bool:
    """Whether the person holds the task's own role; who came by a link holds the link's role in its case alone."""
    if person.admission is not None:
        is_of_link = (person.admission.case_id, person.admission.role) == (task["case_id"], task["role"])
        return is_of_link and task["scope"] == "case"
    if task["scope"] == "case":
        return person.login in groups.get(task["role"], ())
    return person.has_role(task["role"])


def acts_on_behalf(task: Mapping[str, Any], person: Person, groups: Groups) -> bool:
    """Whether the person may enter the task for somebody outside, and does not hold its role."""
    substitute = task["on_behalf"]
    return bool(substitute) and person.has_role(substitute) and not has_role(task, person, groups)


def may_start(start: Node, person: Person) -> bool:
    """Whether the person holds the role in whose lane a process begins, or the one that may begin it on behalf.

    Nobody holds a role of a case that is not there yet. A start that stands in no lane is anybody's.
    """
    wanted = {start.role, start.properties.get("on_behalf", "")} - {""}
    return not start.role or bool(wanted & person.roles)


def demand_start(process: str, person: Person, diagrams: DiagramSet) -> None:
    """Raise MayNotStart unless the person may begin a case of the process."""
    start = diagrams.start_event(process)
    if may_start(start, person):
        return
    roles = filter(None, (start.role, start.properties.get("on_behalf")))
    named = " или ".join(f"«{diagrams.roles.get(role, {}).get('ru', role)}»" for role in roles)
    raise MayNotStart(process=diagrams.process(process).name or process, role=named)


def demand(task: Mapping[str, Any], person: Person, groups: Groups, diagrams: DiagramSet) -> None:
    """Raise NotYours or Excluded unless the person may do the task, Taken if somebody else has it."""
    found = obstacle(task, person, groups, diagrams)
    if found is not None:
        raise found
    if is_taken(task, person, groups):
        raise Taken(task=task["name"], by=task["assignee"])


def is_taken(task: Mapping[str, Any], person: Person, groups: Groups) -> bool:
    """Whether somebody else has the task; to whom the case is closed has nothing, for they could not give it back."""
    return bool(task["assignee"]) and task["assignee"] not in (person.login, *groups.get(NO_ACCESS, ()))


def _not_yours(task: Mapping[str, Any], diagrams: DiagramSet) -> NotYours:
    role = diagrams.roles.get(task["role"], {}).get("ru", task["role"])
    return NotYours(task=task["name"], role=f"«{role}»")
