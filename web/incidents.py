"""Incidents: steps that could not be done, with all that an operator needs, and the button that tries again."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.exceptions import Forbidden, NotFound
from werkzeug.wrappers import Response

from storage.reading import papers
from web.confidential import opened_input
from web.services import services
from web.visitor import person, viewer
from web.words import element_name

room = Blueprint("incidents", __name__)

READERS = frozenset({"admin", "quality_engineer", "assessor"})
OPERATORS = frozenset({"admin", "quality_engineer"})
MOST = 200


@room.before_request
def _only_readers() -> None:
    if not current_user.roles & READERS:
        raise Forbidden


@room.get("/incidents")
def index() -> str:
    """Show open incidents, or those that were resolved."""
    resolved = request.args.get("resolved") == "1"
    with services().database.reading() as connection:
        rows = papers.incidents(connection, viewer(), resolved=resolved, limit=MOST)
    return render_template("incidents/index.html", rows=rows, resolved=resolved)


@room.get("/incidents/<int:incident_id>")
def show(incident_id: int) -> str:
    """Show the step, its input and the trace."""
    with services().database.reading() as connection:
        row = papers.incident_one(connection, viewer(), incident_id)
    if row is None:
        raise NotFound
    name = element_name(services().library.set(row["set_hash"]), row["element"])
    return render_template(
        "incidents/show.html",
        incident={**row, "input": opened_input(row)},
        name=name,
        may_resume=bool(current_user.roles & OPERATORS),
    )


@room.post("/incidents/<int:incident_id>/resume")
def resume(incident_id: int) -> Response:
    """Try the step again."""
    if not current_user.roles & OPERATORS:
        raise Forbidden
    with services().database.reading() as connection:
        row = papers.incident_one(connection, viewer(), incident_id)
    if row is None:
        raise NotFound
    step = services().engine.resume(incident_id, person())
    with services().database.reading() as connection:
        again = papers.incidents(connection, viewer(), resolved=False, limit=MOST)
    if any(one["case_id"] == step.case_id for one in again):
        flash(gettext("Шаг снова не выполнен: причина прежняя или новая, она записана."), "late")
    else:
        flash(gettext("Шаг выполнен, дело идёт дальше."), "good")
    return redirect(url_for("cases.show", case_id=step.case_id), 303)
