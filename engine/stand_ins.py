"""Who does a task when nobody who holds its role may: the roles that the profile names to stand in for it.

A complaint about the director cannot wait for the director. This is asked once, when the task begins to wait; the row
then bears the role that stands in, so that inbox, claim and completion need no second rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.duties import NO_ACCESS, Groups

Roles = Mapping[str, Mapping[str, str]]


def role_that_acts(
    role: str, excludes: str, *, roles: Roles, people: Iterable[Mapping[str, Any]], groups: Groups
) -> str:
    """Return the task's own role, or the first of its `stand_in` roles that has somebody who may do the task.

    `people` are rows with `login`, `roles` and `active`. Where nobody at all may, the task keeps its role: it is then
    shown as one that nobody can do, with what an administrator has to change.
    """
    able = _roles_of_those_who_may(excludes, people, groups)
    candidates = (role, *roles.get(role, {}).get("stand_in", "").split())
    return next((name for name in candidates if name in able), role)


def nobody_may(task: Mapping[str, Any], people: Iterable[Mapping[str, Any]], groups: Groups) -> bool:
    """Whether a waiting task of an organisation role is closed to everybody who could do or enter it."""
    if task["scope"] != "organisation" or task["reserved_for"]:
        return False
    able = _roles_of_those_who_may(task["excludes"], people, groups)
    return not able & {task["role"], task["on_behalf"]}


def _roles_of_those_who_may(excludes: str, people: Iterable[Mapping[str, Any]], groups: Groups) -> set[str]:
    closed_to = {login for group in (NO_ACCESS, *excludes.split()) for login in groups.get(group, ())}
    return {name for row in people if row["active"] and row["login"] not in closed_to for name in row["roles"]}
