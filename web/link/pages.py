"""The pages behind a personal link: the case in a few words, the tasks that wait, their forms, papers and letters."""

from __future__ import annotations

import io
from typing import Any
from uuid import uuid4

from flask import Blueprint, make_response, redirect, render_template, request, send_file, url_for
from flask_babel import gettext
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from engine import errors
from engine.confidentiality import veiled
from engine.errors import InvalidForm, RuleRefused
from storage.reading import cases, papers
from web import uploads
from web.confidential import bare_data, note_look
from web.desk import papers_to_sign, prefilled
from web.forms.edit import edit
from web.forms.parse import read
from web.forms.render import Field, Surroundings
from web.forms.schema import Path, Schema, takes_uploads
from web.language import COOKIE, LANGUAGES
from web.link.entry import Entry, entry
from web.security import csrf, limiter
from web.services import services
from web.surroundings import drawn, read_only, sentences, summary, surroundings
from web.tasks import told

room = Blueprint("link", __name__, url_prefix="/l/<token>")
# The address itself cannot be guessed, so nobody else can make a browser post to it; and no cookie has to be set.
csrf.exempt(room)
limiter.limit("240 per minute")(room)
limiter.limit("20 per minute", deduct_when=lambda response: response.status_code in (404, 410))(room)


@room.errorhandler(errors.LinkClosed)
def _closed(error: errors.LinkClosed) -> Response:
    return make_response(render_template("link/closed.html", is_over=True), 410)


@room.errorhandler(errors.NotFound)
@room.errorhandler(NotFound)
def _unknown(error: Exception) -> Response:
    return make_response(render_template("link/closed.html", is_over=False), 404)


@room.get("")
def show(token: str) -> str:
    """Show the case as its party may see it, and what waits for them."""
    at = entry()
    start = next((row for row in at.submissions if row["task_id"] is None), None)
    answers = [row for row in at.submissions if row["task_id"] is not None]
    return render_template(
        "link/index.html",
        at=at,
        about=_reading(at, start) if start else (),
        answers=[(row, _element_name(at, row["element"]), _reading(at, row)) for row in answers],
        is_done=request.args.get("done") == "1",
        help=_process_help(at),
    )


@room.get("/tasks/<task_id>")
def task(token: str, task_id: str) -> str | Response:
    """Show the form of a waiting task."""
    at = entry()
    row = at.task(task_id)
    if row is None:
        return _gone(at, task_id)
    return _page(at, row, _first_values(at, row), {}, key=str(uuid4()))


@room.post("/tasks/<task_id>")
def complete(token: str, task_id: str) -> str | Response:
    """Complete a task, keep a draft of its form, or do what a small button inside the form asks for."""
    at = entry()
    row = at.task(task_id)
    if row is None:
        return _gone(at, task_id)
    key = request.form.get("_key", "")[:64] or str(uuid4())
    schema = _schema(at, row)
    if _taken_by(at, row):  # nothing is kept of what cannot be sent
        return make_response(_page(at, row, read(schema, request.form).typed, {}, key=key), 409)
    fields, not_taken = uploads.take(
        request.form, schema, case_id=at.case_id, task_id=task_id, by=at.person.login, most=uploads.MOST_FROM_OUTSIDE
    )
    command = request.form.get("_do", "complete")
    is_final = command == "complete" and not not_taken
    reading = read(schema, fields, keep_empty_rows=not is_final)
    if command == "draft":
        services().engine.save_draft(task_id, reading.typed, at.person)
        return redirect(url_for("link.task", token=token, task_id=task_id, kept="1"), 303)
    if not is_final:
        problems = sentences(not_taken)
        return make_response(_page(at, row, edit(reading.typed, command), problems, key=key), 422 if problems else 200)
    try:
        services().engine.complete(task_id, reading.values, at.person, key=key)
    except (InvalidForm, RuleRefused) as error:
        problems = sentences([*reading.problems, *told(error)])
        return make_response(_page(at, row, reading.typed, problems, key=key), 422)
    except errors.Stale:  # while this form was read, somebody else's was taken
        return _gone(at, task_id)
    return redirect(url_for("link.show", token=token, done="1"), 303)


@room.get("/documents/<int:document_id>")
def document(token: str, document_id: int) -> str:
    """Show a document that parties may read."""
    return render_template("link/document.html", at=entry(), document=_document(document_id))


@room.get("/documents/<int:document_id>.pdf")
def pdf(token: str, document_id: int) -> Response:
    """Give a document that parties may read as PDF."""
    row = _document(document_id)
    return send_file(
        io.BytesIO(services().press.printed(document_id)),
        mimetype="application/pdf",
        as_attachment=True,
        download_name=f"{row['number'].replace('/', '-')}.pdf",
    )


def _document(document_id: int) -> dict[str, Any]:
    at = entry()
    with services().database.reading() as connection:
        row = papers.document_one(connection, document_id)
    if row is None or row["id"] not in {one["id"] for one in at.documents}:
        raise NotFound
    if row["confidential"]:
        note_look(at.case_id, row["title"], by=at.person.login, document=row["number"])
    return row


@room.get("/letters/<int:letter_id>")
def letter(token: str, letter_id: int) -> str:
    """Show a letter that was written to the person."""
    at = entry()
    row = next((one for one in at.letters if one["id"] == letter_id), None)
    if row is None:
        raise NotFound
    return render_template("link/letter.html", at=at, letter=row)


@room.get("/uploads/<key>")
def upload(token: str, key: str) -> Response:
    """Give back a file that the person brought, or that was brought for them."""
    row = entry().upload(key)
    with services().database.reading() as connection:
        content = papers.content(connection, row["sha256"])
    if content is None:
        raise NotFound
    return uploads.given(row, content)


@room.post("/language")
def language(token: str) -> Response:
    """Switch the language on this machine."""
    entry()
    response = redirect(url_for("link.show", token=token), 303)
    wanted = request.form.get("language", "")
    if wanted in LANGUAGES:
        response.set_cookie(COOKIE, wanted, max_age=365 * 24 * 3600, httponly=True, samesite="Lax")
    return response


# Helpers ------------------------------------------------------------------------------------------------------------


def _around(at: Entry) -> Surroundings:
    return surroundings(
        at.diagrams,
        at.case_id,
        upload_link=lambda key: url_for("link.upload", token=at.token, key=key),
        is_outside=True,
    )


def _reading(at: Entry, row: dict[str, Any]) -> tuple[Field, ...]:
    form = at.diagrams.forms.get(row["form"])
    if form is None:
        return ()
    # What a case began with may be another party's word; whatever else is read here is their own.
    values = row["values"] if row["task_id"] is not None else veiled(form.schema, row["values"])
    return read_only(form.schema, values, _around(at))


def _schema(at: Entry, row: dict[str, Any]) -> Schema:
    form = at.diagrams.forms.get(row["form"])
    return form.schema if form else {"type": "object", "properties": {}}


def _first_values(at: Entry, row: dict[str, Any]) -> dict[str, Any]:
    with services().database.reading() as connection:
        draft = papers.draft_of(connection, row["id"], at.person.login)
        data = cases.data(connection, at.case_id)
    return dict(draft["values"]) if draft else prefilled(_schema(at, row), bare_data(at.diagrams, data))


def _page(at: Entry, row: dict[str, Any], values: dict[str, Any], problems: dict[Path, list[str]], *, key: str) -> str:
    schema = _schema(at, row)
    fields = drawn(schema, values, _around(at), problems)
    with services().database.reading() as connection:
        deadline = cases.deadline_of_task(connection, at.case_id, row["id"])
    process = at.diagrams.processes.get(row["process"])
    node = process.node.get(row["element"]) if process else None
    return render_template(
        "link/task.html",
        at=at,
        task=row,
        node=node,
        fields=fields,
        problems=summary(fields, problems),
        deadline=deadline,
        key=key,
        with_uploads=takes_uploads(schema),
        is_kept=request.args.get("kept") == "1",
        taken_by=_taken_by(at, row),
        papers=papers_to_sign(node, at.case_id, at.clearance),
        paper_page=lambda document_id: url_for("link.document", token=at.token, document_id=document_id),
        paper_pdf=lambda document_id: url_for("link.pdf", token=at.token, document_id=document_id),
    )


def _taken_by(at: Entry, row: dict[str, Any]) -> str:
    """Return which member of staff is entering the answer already, empty if nobody is."""
    if row["assignee"] in (None, at.person.login):
        return ""
    return str(row["assignee_name"] or row["assignee"])


def _gone(at: Entry, task_id: str) -> Response:
    """Answer for a task that waits no longer; one of another case or role was never there."""
    with services().database.reading() as connection:
        done = cases.submission_of_task(connection, task_id)
    if done is None or done["case_id"] != at.case_id or done["id"] not in {row["id"] for row in at.submissions}:
        raise NotFound
    page = render_template("link/done.html", at=at, done=done, name=_element_name(at, done["element"]))
    return make_response(page, 410)


def _element_name(at: Entry, element: str) -> str:
    for process in at.diagrams.processes.values():
        if element in process.node:
            return process.node[element].name or element
    return element


def _process_help(at: Entry) -> str:
    process = at.diagrams.processes.get(at.link["process"])
    return process.name if process else gettext("Дело")
