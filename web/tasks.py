"""A task's page: what to do, by when and why, the form; and what happens when the form comes back."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from engine.errors import InvalidForm, RuleRefused, Stale
from storage.reading import access, cases, inbox
from web import desk, uploads
from web.forms.edit import edit
from web.forms.parse import Problem, read
from web.forms.schema import Path, path_of, takes_uploads
from web.language import moment, said
from web.services import services
from web.surroundings import drawn, sentences, summary, surroundings
from web.visitor import person, viewer

room = Blueprint("tasks", __name__)


@room.get("/tasks/<task_id>/complete")
def reload(task_id: str) -> Response:
    """Lead back to the task when the answer to a form is loaded again."""
    return redirect(url_for("tasks.show", task_id=task_id))


@room.get("/tasks/<task_id>")
def show(task_id: str) -> str | Response:
    """Show a task; one that is done says by whom."""
    with services().database.reading() as connection:
        row = inbox.task(connection, task_id)
    if row is None:
        return _done(task_id)
    at = desk.lay(row)
    values = at.first_values(request.args.get("from", ""))
    return _page(at, values, {}, key=str(uuid4()))


@room.post("/tasks/<task_id>/complete")
def complete(task_id: str) -> str | Response:
    """Complete a task, keep a draft of its form, or do what a small button inside the form asks for."""
    key = request.form.get("_key", "")[:64] or None
    with services().database.reading() as connection:
        row = inbox.task(connection, task_id)
    if row is None:
        return _done(task_id, key)
    schema = desk.schema_of(row)
    fields, not_taken = MultiDict(request.form), list[Problem]()
    if request.files and desk.may_do(row):  # from anybody else nothing is kept
        fields, not_taken = uploads.take(fields, schema, case_id=row["case_id"], task_id=task_id)
    command = request.form.get("_do", "complete")
    is_final = command == "complete" and not not_taken
    reading = read(schema, fields, keep_empty_rows=not is_final)
    if command == "draft":
        services().engine.save_draft(task_id, reading.typed, person())
        flash(gettext("Черновик сохранён: задача осталась за вами, её можно закончить позже."), "good")
        return redirect(url_for("tasks.show", task_id=task_id), 303)
    not_taken += _take_scan(row)
    is_final = is_final and not not_taken
    if not is_final:
        problems = sentences(not_taken)
        page = _page(desk.lay(row), edit(reading.typed, command), problems, key=key or str(uuid4()))
        return make_response(page, 422 if problems else 200)
    try:
        step = services().engine.complete(task_id, reading.values, person(), key=key)
    except (InvalidForm, RuleRefused) as error:
        problems = sentences([*reading.problems, *told(error)])
        return make_response(_page(desk.lay(row), reading.typed, problems, key=key or str(uuid4())), 422)
    except Stale:  # while this form was read, somebody else's was taken
        return _told_done(_submission(task_id), 409)
    return _onwards(step.case_id, row["name"], step.ended)


def _take_scan(task: dict[str, Any]) -> list[Problem]:
    """Keep the scan that somebody adds who enters a task for a person from outside; return why it is not taken."""
    file = request.files.get("_scan")
    if file is None or not file.filename or not desk.lay(task).for_outsider:
        return []
    content = file.stream.read(services().config.upload_bytes + 1)
    name = uploads.safe_name(file.filename)
    try:
        uploads.keep(name, content, by=person().login, case_id=task["case_id"], task_id=task["id"])
    except uploads.NotTaken as error:
        return [Problem((), error.template, error.facts)]
    return []


def told(error: InvalidForm | RuleRefused) -> list[Problem]:
    """Return what the engine does not accept as problems of fields; a rule without a field is about the whole form."""
    if isinstance(error, InvalidForm):
        return [Problem(one.path, one.template, one.facts) for one in error.errors]
    return [Problem(path_of(error.field or ""), error.template, error.facts)]


def _onwards(case_id: int, name: str, ended: bool) -> Response:
    """Lead to the person's next task in the case, or to the case."""
    if ended:
        flash(gettext("«%(name)s» — выполнено. Дело завершено.", name=said(name)), "good")
        return redirect(url_for("cases.show", case_id=case_id), 303)
    following = desk.next_task(case_id)
    if following is not None:
        flash(gettext("«%(name)s» — выполнено. Следующая ваша задача в этом деле:", name=said(name)), "good")
        return redirect(url_for("tasks.show", task_id=following), 303)
    flash(gettext("«%(name)s» — выполнено. Дальше дело ведут другие.", name=said(name)), "good")
    with services().database.reading() as connection:
        is_open = access.is_visible(connection, viewer(), case_id)
    return redirect(url_for("cases.show", case_id=case_id) if is_open else url_for("inbox.index"), 303)


def _page(at: desk.Desk, values: dict[str, Any], problems: dict[Path, list[str]], *, key: str) -> str:
    fields = drawn(at.schema, {**values, **at.shown}, surroundings(at.diagrams, at.task["case_id"]), problems)
    return render_template(
        "tasks/task.html",
        at=at,
        task=at.task,
        fields=fields,
        problems=summary(fields, problems),
        key=key,
        with_uploads=takes_uploads(at.schema) or at.for_outsider,
        scans=_scans(at),
        paper_page=lambda document_id: url_for("papers.document", document_id=document_id),
        paper_pdf=lambda document_id: url_for("papers.pdf", document_id=document_id),
    )


def _scans(at: desk.Desk) -> list[dict[str, Any]]:
    """Return the scans that were added to a task that is entered for somebody from outside."""
    if not at.for_outsider:
        return []
    with services().database.reading() as connection:
        return cases.attachments_of_task(connection, at.task["id"])


def _done(task_id: str, key: str | None = None) -> Response:
    """Answer for a task that is no longer open: the first answer again, or who was faster, with what was typed."""
    done = _submission(task_id)
    if request.method != "POST":
        return _told_done(done, 410)
    try:
        step = services().engine.complete(task_id, {}, person(), key=key)
    except Stale:
        return _told_done(done, 409)
    return _onwards(step.case_id, desk.task_name(done), step.ended)


def _submission(task_id: str) -> dict[str, Any]:
    """Return the form that completed a task in a case that the person may see."""
    with services().database.reading() as connection:
        done = cases.submission_of_task(connection, task_id)
        if done is None or not access.is_visible(connection, viewer(), done["case_id"]):
            raise NotFound
    return done


def _told_done(done: dict[str, Any], code: int) -> Response:
    """Say who was faster, and show what was typed."""
    diagrams = services().library.set(done["set_hash"])
    form = diagrams.forms.get(done["form"])
    typed = read(form.schema, request.form).typed if form and request.method == "POST" else {}
    around = surroundings(diagrams, done["case_id"])
    page = render_template(
        "tasks/done.html",
        done=done,
        name=desk.task_name(done),
        at=moment(done["at"]),
        following=desk.next_task(done["case_id"]),
        typed=drawn(form.schema, typed, around, {}) if form and typed else (),
    )
    return make_response(page, code)
