"""A new case: choose the process, then fill in its start form, or bring an application as a JSON or YAML file."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.exceptions import Forbidden, NotFound
from werkzeug.wrappers import Response

from engine.duties import demand_start, may_start
from engine.errors import InvalidForm, RuleRefused
from engine.library import DiagramSet
from storage.reading import access
from web import desk, mail_file, uploads
from web.application_file import Unreadable, read_file
from web.forms.edit import edit
from web.forms.parse import Problem, read
from web.forms.schema import Path, Schema
from web.language import said
from web.mail_intake import from_mail, takes_mail, unread_mail
from web.navigation import diagrams, process_name
from web.readings import choices, chosen_in
from web.services import services
from web.surroundings import drawn, sentences, summary, surroundings
from web.tasks import told
from web.visitor import person, viewer

room = Blueprint("new_case", __name__)


def startable() -> list[str]:
    """Return the processes that the person may begin: those that begin in the lane of one of their roles."""
    found = diagrams()
    if found is None or not current_user.is_authenticated:
        return []
    return [name for name in found.starting if may_start(found.start_event(name), person())]


@room.app_context_processor
def _for_every_page() -> dict[str, Any]:
    return {"startable": startable}


@room.get("/cases/new")
def choose() -> str | Response:
    """Show what can be begun; a single choice is no choice."""
    names = startable()
    found = diagrams()
    if found is None or not names:
        raise Forbidden
    if len(names) == 1:
        return redirect(url_for("new_case.show", process=names[0]))
    notes = {name: said(found.processes[name].documentation) for name in names}
    return render_template("cases/choose.html", names=names, notes=notes)


@room.get("/cases/new/<process>")
def show(process: str) -> str:
    """Show the empty start form."""
    found, schema = _start(process)
    return _page(process, found, schema, desk.prefilled(schema, {}), {}, key=str(uuid4()))


@room.post("/cases/new/<process>")
def begin(process: str) -> str | Response:
    """Begin a case, or do what a small button inside the form asks for."""
    found, schema = _start(process)
    key = request.form.get("_key", "")[:64] or str(uuid4())
    command = request.form.get("_do", "complete")
    if command == "file":
        return _from_file(process, found, schema, key)
    fields, not_taken = uploads.take(request.form, schema, case_id=None, task_id=None)
    is_final = command == "complete" and not not_taken
    reading = read(schema, fields, keep_empty_rows=not is_final)
    if not is_final:
        problems = sentences(not_taken)
        page = _page(process, found, schema, edit(reading.typed, command), problems, key=key)
        return make_response(page, 422 if problems else 200)
    try:
        chosen = chosen_in(request.form, found, process)
        step = services().engine.start(process, reading.values, person(), readings=chosen, key=key)
    except (InvalidForm, RuleRefused) as error:
        problems = sentences([*reading.problems, *told(error)])
        return make_response(_page(process, found, schema, reading.typed, problems, key=key), 422)
    flash(gettext("Дело %(number)s начато.", number=step.number), "good")
    following = desk.next_task(step.case_id)
    if following is not None:
        return redirect(url_for("tasks.show", task_id=following), 303)
    with services().database.reading() as connection:
        is_open = access.is_visible(connection, viewer(), step.case_id)
    return redirect(url_for("cases.show", case_id=step.case_id) if is_open else url_for("inbox.index"), 303)


def _start(process: str) -> tuple[DiagramSet, Schema]:
    found = diagrams()
    if found is None or process not in found.starting:
        raise NotFound
    demand_start(process, person(), found)
    form = found.start_form(process)
    return found, form.schema if form else {"type": "object", "properties": {}}


def _from_file(process: str, found: DiagramSet, schema: Schema, key: str) -> Response:
    """Fill the form from a file; what is wrong with it is said by field and line, and everything readable is kept."""
    file = request.files.get("file")
    problems: dict[Path, list[str]] = {}
    if file is None or not file.filename:
        problems[()] = [gettext("Выберите файл заявки.")]
        values = read(schema, request.form, keep_empty_rows=True).typed
        return make_response(_page(process, found, schema, values, problems, key=key), 422)
    taken = file.stream.read(services().config.upload_bytes + 1)
    if takes_mail(found, process) and file.filename.lower().endswith(".eml"):
        return _from_letter(process, found, schema, key, taken, file.filename)
    try:
        content = read_file(taken, file.filename)
    except Unreadable as error:
        problems[()] = [said(error.template, error.facts)]
        values = read(schema, request.form, keep_empty_rows=True).typed
        return make_response(_page(process, found, schema, values, problems, key=key), 422)
    form = found.start_form(process)
    values = form.clean(content.values) if form else {}
    wrong = [Problem(one.path, one.template, one.facts) for one in form.errors(values)] if form else []
    for path, texts in sentences(wrong).items():
        line = content.line_of(path)
        place = gettext("%(where)s, строка файла %(line)s", where=".".join(map(str, path)), line=line) if line else ""
        problems[path] = [f"{text} ({place})" if place else text for text in texts]
    if not problems:
        flash(gettext("Файл прочитан. Проверьте ответы и начните дело."), "good")
    page = _page(process, found, schema, values, problems, key=key, from_file=True)
    return make_response(page, 422 if problems else 200)


def _from_letter(process: str, found: DiagramSet, schema: Schema, key: str, content: bytes, filename: str) -> Response:
    """Fill the form from a letter; what it does not say, or what is doubtful, is said above the form."""
    try:
        if len(content) > services().config.upload_bytes:
            limit = services().config.upload_bytes // (1024 * 1024)
            raise mail_file.Unreadable(uploads.TOO_LARGE, name=uploads.safe_name(filename), limit=limit)
        values, notes = from_mail(found, process, schema, content, filename)
    except mail_file.Unreadable as error:
        values, kept = unread_mail(found, process, content, filename)
        problems: dict[Path, list[str]] = {(): [said(error.template, error.facts), kept]}
        return make_response(_page(process, found, schema, values, problems, key=key, from_file=True), 422)
    flash(gettext("Письмо прочитано. Проверьте ответы и начните дело."), "good")
    for note in notes:
        flash(note, "soon")
    return make_response(_page(process, found, schema, values, {}, key=key, from_file=True))


def _page(
    process: str,
    found: DiagramSet,
    schema: Schema,
    values: dict[str, Any],
    problems: dict[Path, list[str]],
    *,
    key: str,
    from_file: bool = False,
) -> str:
    fields = drawn(schema, values, surroundings(found, None), problems)
    start = found.start_event(process)
    return render_template(
        "cases/new.html",
        process=process,
        title=process_name(process),
        help=said(start.documentation),
        fields=fields,
        problems=summary(fields, problems),
        key=key,
        from_file=from_file,
        takes_mail=takes_mail(found, process),
        readings=choices(found, process, chosen_in(request.form, found, process)),
    )
