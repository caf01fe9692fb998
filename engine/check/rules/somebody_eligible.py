"""Separation of duties leaves somebody who may do the task."""

from __future__ import annotations

from engine.check.registry import Report, node_rule
from engine.check.whole import Place
from engine.diagram import Node
from engine.messages import N_


@node_rule("somebody-eligible")
def check(node: Node, place: Place, report: Report) -> None:
    """Refuse a task whose own role is excluded, or whose only holder has surely joined an excluded group."""
    if node.kind != "userTask" or not node.role:
        return
    excluded = set(node.properties.get("excludes", "").split())
    helpers = node.properties.get("on_behalf", "").split()
    if node.role in excluded and not helpers:
        report(
            node,
            N_("Задачу выполняет «{role}», и эта же группа исключена: её никто не выполнит."),
            N_("Уберите роль из excludes или перенесите задачу в другую дорожку."),
            role=node.role,
        )
        return
    members = place.context.members
    if members is None or place.context.roles.get(node.role) != "organisation":
        return
    able = set().union(*(members.get(role, frozenset()) for role in (node.role, *helpers)))
    if not able:
        message = N_("Роль «{role}» никому не назначена: задачу некому выполнить.")
        report(node, message, N_("Назначьте роль сотруднику."), role=node.role)
    elif len(able) == 1 and _surely_joined(place, node, excluded):
        message = N_("Роль «{role}» у одного человека, а он к этой задаче уже исключён.")
        report(node, message, N_("Назначьте роль ещё одному сотруднику."), role=node.role)


def _surely_joined(place: Place, node: Node, excluded: set[str]) -> bool:
    return any(
        other.properties.get("joins") in excluded and other.role == node.role and other.id != node.id
        for other in place.process.nodes
    )
