"""Appointing somebody else to a task that is kept for one person, with a reason that stays in the history."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import Forbidden, NotFound
from werkzeug.wrappers import Response

from engine.duties import Groups, obstacle
from engine.errors import ReasonMissing
from engine.library import DiagramSet
from engine.replacing import groups_to_choose_from, may_appoint
from engine.steps import Person
from storage.database import Connection
from storage.reading import cases, people
from web.desk import groups_of
from web.inbox import known
from web.language import said
from web.services import services
from web.visitor import person

room = Blueprint("replacing", __name__)


@room.app_context_processor
def _for_every_page() -> dict[str, Any]:
    return {"is_replaceable": is_replaceable}


def is_replaceable(task: dict[str, Any]) -> bool:
    """Whether the signed-in person may appoint somebody else to the task."""
    diagrams = services().library.set(task["case_set_hash"])
    if not _choice(task, diagrams):
        return False
    with services().database.reading() as connection:
        groups = groups_of(cases.participants(connection, task["case_id"]))
    return may_appoint(person(), groups, diagrams)


@room.route("/tasks/<task_id>/replace", methods=["GET", "POST"])
def replace(task_id: str) -> str | Response:
    """Choose who takes the task, and say why."""
    row = known(task_id)
    if not is_replaceable(row):
        raise Forbidden
    chosen, reason = request.form.get("to", ""), request.form.get("reason", "")
    problem = ""
    if request.method == "POST":
        try:
            return _appoint(row, chosen, reason)
        except ReasonMissing as error:
            problem = said(error.template, error.facts)
    page = render_template(
        "inbox/replace.html", task=row, candidates=_candidates(row), chosen=chosen, reason=reason, problem=problem
    )
    return make_response(page, 422 if problem else 200)


def _appoint(task: dict[str, Any], chosen: str, reason: str) -> Response:
    with services().database.reading() as connection:
        found = people.person(connection, chosen)
    if found is None or not found["active"]:
        raise NotFound
    to = Person.of(found)
    services().engine.replace(task["id"], person(), to, reason)
    flash(gettext("На задачу «%(name)s» назначен(а): %(who)s.", name=said(task["name"]), who=to.name), "good")
    return redirect(url_for("cases.show", case_id=task["case_id"]), 303)


def _choice(task: dict[str, Any], diagrams: DiagramSet) -> tuple[str, ...]:
    node = diagrams.owner(task["process"]).node.get(task["element"])
    return groups_to_choose_from(task, node) if node is not None else ()


def _candidates(task: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the other members of the groups to choose from, those who may first, each with the reason if not."""
    diagrams = services().library.set(task["case_set_hash"])
    with services().database.reading() as connection:
        groups = groups_of(cases.participants(connection, task["case_id"]))
        wanted = {login for group in _choice(task, diagrams) for login in groups.get(group, ())}
        rows = _active(connection, wanted - {task["reserved_for"]})
    found = [_candidate(task, row, groups, diagrams) for row in rows]
    return sorted(found, key=lambda one: (bool(one["why"]), one["name"]))


def _active(connection: Connection, logins: set[str]) -> list[dict[str, Any]]:
    return [dict(row) for row in people.people(connection) if row["active"] and row["login"] in logins]


def _candidate(task: dict[str, Any], row: dict[str, Any], groups: Groups, diagrams: DiagramSet) -> dict[str, Any]:
    who = Person.of(row)
    no = obstacle({**task, "reserved_for": who.login}, who, groups, diagrams)
    return {"login": who.login, "name": who.name, "why": said(no.template, no.facts) if no else ""}
