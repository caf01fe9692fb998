"""The inbox: what waits for me, for my roles, what is late; taking, giving back and handing over a task."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from engine.duties import demand, obstacle
from engine.steps import Person
from storage.reading import access, cases, inbox, people
from storage.reading.inbox import View, Wanted, When
from web import control
from web.desk import groups_of
from web.language import SOON_DAYS, local, said
from web.paging import Paging
from web.services import services
from web.visitor import person, viewer

room = Blueprint("inbox", __name__)

VIEWS = ("all", "mine", "free", "taken")
TIMES = ("", "late", "soon")
PAGE = 50


@room.get("/")
def home() -> Response:
    """Lead to the inbox."""
    return redirect(url_for("inbox.index"))


@room.get("/inbox")
def index() -> str:
    """Show what waits."""
    view = request.args.get("view", "all")
    when = request.args.get("when", "")
    wanted = _wanted(view if view in VIEWS else "all", when if when in TIMES else "", request.args.get("q", ""))
    paging = Paging.asked(PAGE)
    who = viewer()
    with services().database.reading() as connection:
        rows = inbox.tasks(connection, who, wanted, offset=paging.offset, limit=PAGE + 1)
        counts = {one: inbox.count(connection, who, _wanted(one, "", "")) for one in VIEWS if one != "all"}
        counts["all"] = counts["mine"] + counts["free"]  # no task is in both
        late = inbox.count(connection, who, _wanted(wanted.view, "late", ""))
        soon = inbox.count(connection, who, _wanted(wanted.view, "soon", ""))
    return render_template(
        "inbox/index.html",
        rows=paging.cut(rows),
        paging=paging,
        wanted=wanted,
        counts=counts,
        late=late,
        soon=soon,
        most=inbox.MOST_COUNTED,
        login=who.login,
        controlled=control.watched(),
        most_controlled=control.MOST,
    )


def _wanted(view: str, when: str, text: str) -> Wanted:
    now = services().clock.now()
    last_day = local(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=SOON_DAYS + 1)
    return Wanted(
        view=cast("View", view), when=cast("When", when), text=text.strip()[:100], now=now, end_of_soon=last_day
    )


@room.post("/tasks/<task_id>/claim")
def claim(task_id: str) -> Response:
    """Take a task."""
    known(task_id)
    services().engine.claim(task_id, person())
    return redirect(url_for("tasks.show", task_id=task_id), 303)


@room.post("/tasks/<task_id>/release")
def release(task_id: str) -> Response:
    """Give a task back to its role."""
    row = known(task_id)
    services().engine.release(task_id, person())
    flash(gettext("Задача «%(name)s» снова свободна.", name=said(row["name"])), "good")
    return redirect(url_for("inbox.index"), 303)


@room.route("/tasks/<task_id>/hand-over", methods=["GET", "POST"])
def hand_over(task_id: str) -> str | Response:
    """Choose who gets the task; whoever may not is shown with the reason."""
    row = known(task_id)
    chosen = request.form.get("to", "")
    if request.method == "POST" and chosen:
        with services().database.reading() as connection:
            found = people.person(connection, chosen)
        if found is None or not found["active"]:
            raise NotFound
        to = Person.of(found)
        services().engine.hand_over(task_id, person(), to)
        flash(gettext("Задача «%(name)s» передана: %(who)s.", name=said(row["name"]), who=to.name), "good")
        return redirect(url_for("cases.show", case_id=row["case_id"]), 303)
    _demand(row)  # who works here, and why not on this, is not told to everybody
    return render_template("inbox/hand_over.html", task=row, candidates=_candidates(row))


def _demand(task: dict[str, Any]) -> None:
    with services().database.reading() as connection:
        groups = groups_of(cases.participants(connection, task["case_id"]))
    demand(task, person(), groups, services().library.set(task["case_set_hash"]))


def _candidates(task: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the holders of the task's role, who may do it first, each with the reason if not."""
    diagrams = services().library.set(task["case_set_hash"])
    with services().database.reading() as connection:
        not_asked = {task["assignee"], person().login}
        everybody = [row for row in people.people(connection) if row["active"] and row["login"] not in not_asked]
        groups: dict[str, list[str]] = {}
        for login, names in people.groups_of(connection, task["case_id"], [row["login"] for row in everybody]).items():
            for name in names:
                groups.setdefault(name, []).append(login)
    found = []
    for row in everybody:
        candidate = Person.of(row)
        no = obstacle(task, candidate, groups, diagrams)
        if no is None or obstacle({**task, "excludes": ""}, candidate, groups, diagrams) is None:
            why = said(no.template, no.facts) if no else ""
            found.append({"login": row["login"], "name": row["name"], "roles": row["roles"], "why": why})
    return sorted(found, key=lambda one: (bool(one["why"]), one["name"]))


def known(task_id: str) -> dict[str, Any]:
    """Return an open task of a case that the person may know of; raises Stale or NotFound."""
    with services().database.reading() as connection:
        row = inbox.task(connection, task_id)
        if row is not None and access.is_visible(connection, viewer(), row["case_id"]):
            return row
    raise NotFound
