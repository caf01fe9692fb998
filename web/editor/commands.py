"""What the editor does: keeps drafts, checks and plays them, publishes them."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import PurePath

from flask import Response, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.xml import UnreadableFile
from storage import maps
from web.editor.blank import blank_diagram
from web.editor.desk import KeptMeanwhile, is_editable, keep, opened, path_for, trial_files, why_unreadable
from web.editor.room import published, room
from web.editor.trials import has_errors, trials
from web.language import said
from web.services import services
from web.visitor import person

_NAME = re.compile(r"[a-z][a-z0-9_]{1,60}")


@room.post("/<process>/draft")
def save(process: str) -> Response:
    """Keep the diagram that the page hands in as a draft; 409 if somebody else kept one meanwhile."""
    path = path_for(published(), process)
    content = request.form.get("xml", "").encode()
    try:
        found = opened(path, content)
    except UnreadableFile as error:
        return make_response(jsonify({"error": why_unreadable(error)}), 422)
    if process not in [one.id for one in found.processes]:
        words = _("Схема называет другой процесс, не «%(process)s». Имя процесса менять нельзя.", process=process)
        return make_response(jsonify({"error": words}), 422)
    try:
        return jsonify({"seen_at": keep(path, content, seen_at=request.form.get("seen_at", ""))})
    except KeptMeanwhile as error:
        return make_response(jsonify({"error": error.words}), 409)


@room.post("/upload")
def upload() -> AnyResponse:
    """Keep a diagram drawn elsewhere as a draft of the process that it names."""
    handed_in = request.files.get("file")
    content = handed_in.read() if handed_in else b""
    try:
        found = opened((handed_in.filename if handed_in else "") or "", content)
    except UnreadableFile as error:
        flash(why_unreadable(error), "late")
        return redirect(url_for("editor.index"))
    process = found.processes[0].id
    path = path_for(published(), process)
    if not is_editable(path):
        flash(
            _("Имя процесса «%(process)s» не годится для файла: нужны латинские буквы, цифры и _.", process=process),
            "late",
        )
        return redirect(url_for("editor.index"))
    keep(path, content)
    flash(_("Схема «%(process)s» сохранена как черновик.", process=process), "good")
    if not found.shapes:
        words = _("В файле нет рисунка, здесь он не откроется: сохраните схему вместе с рисунком и загрузите снова.")
        flash(words, "late")
    return redirect(url_for("editor.show", process=process))


@room.post("/new")
def new() -> AnyResponse:
    """Begin a new diagram with a start, one task and an end."""
    process, title = request.form.get("process", "").strip(), request.form.get("title", "").strip()
    if not _NAME.fullmatch(process) or not title:
        flash(_("Назовите схему и дайте ей имя латинскими буквами, например supplier_audit."), "late")
        return redirect(url_for("editor.index"))
    if process in published().processes:
        flash(_("Процесс «%(process)s» уже есть.", process=process), "late")
        return redirect(url_for("editor.index"))
    keep(path_for(published(), process), blank_diagram(process, title))
    return redirect(url_for("editor.show", process=process))


@room.post("/text/<path:path>")
def save_text(path: str) -> AnyResponse:
    """Keep a form, a table or the profile as a draft, if it can be read as what it is."""
    if not is_editable(path) or path.endswith(".bpmn"):
        return make_response(_("Такого файла в наборе быть не может."), 422)
    content = request.form.get("content", "").replace("\r\n", "\n")
    problem = _unreadable(path, content)
    try:
        if not problem:
            keep(path, content.encode(), seen_at=request.form.get("seen_at"))
    except KeptMeanwhile as error:
        problem = error.words
    if problem:
        seen = {"seen_at": request.form.get("seen_at", ""), "problem": problem}
        page = render_template("editor/text.html", path=path, content=content, draft=None, is_outdated=False, **seen)
        return make_response(page, 422)
    flash(_("Черновик «%(path)s» сохранён.", path=path), "good")
    return redirect(url_for("editor.index"))


@room.post("/new-text")
def new_text() -> AnyResponse:
    """Begin a new form."""
    stem = request.form.get("stem", "").strip()
    if not _NAME.fullmatch(stem):
        flash(_("Дайте форме имя латинскими буквами, например supplier_review."), "late")
        return redirect(url_for("editor.index"))
    path = f"forms/{stem}.json"
    blank = {
        "title": _("Новая форма"),
        "type": "object",
        "properties": {"note": {"type": "string", "title": _("Примечание"), "x-widget": "textarea"}},
        "required": ["note"],
        "additionalProperties": False,
    }
    if path not in published().files:
        keep(path, json.dumps(blank, ensure_ascii=False, indent=2).encode())
    return redirect(url_for("editor.text", path=path))


@room.post("/check")
def check() -> AnyResponse:
    """Check the published set with the chosen drafts in it."""
    paths = request.form.getlist("path")
    problems = list(trials().check_draft(trial_files(services().database, published(), paths), said))
    if _wants_json():
        return jsonify({"problems": problems})
    return make_response(render_template("editor/check.html", problems=problems, paths=paths))


@room.post("/play")
def play() -> AnyResponse:
    """Play every scenario under the published set with the chosen drafts in it."""
    paths = request.form.getlist("path")
    played = trials().play_draft(trial_files(services().database, published(), paths))
    results = [{**result, "scenario": PurePath(result["scenario"]).name} for result in played]
    if _wants_json():
        return jsonify({"results": results})
    return make_response(render_template("editor/play.html", results=results, paths=paths))


@room.post("/publish")
def publish() -> AnyResponse:
    """Publish the chosen drafts, if the check finds no error; running cases keep their diagrams."""
    paths, note = request.form.getlist("path"), request.form.get("note", "").strip()
    if not paths or not note:
        flash(
            _("Отметьте, что публикуется, и напишите, что изменено и почему: это увидят все, кто читает историю."),
            "late",
        )
        return redirect(url_for("editor.index"))
    files, seen = trial_files(services().database, published(), paths), published().hash
    problems = list(trials().check_draft(files, said))
    if has_errors(problems):
        page = render_template("editor/check.html", problems=problems, paths=paths, was_publishing=True)
        return make_response(page, 422)
    services().engine.publish(files, person(), note, seen=seen)
    with services().database.writing() as connection:
        maps.forget_drafts(connection, paths, published=files)
    flash(_("Опубликовано. Новые дела пойдут по новым схемам, идущие остались при своих."), "good")
    return redirect(url_for("map.index"))


@room.post("/discard")
def discard() -> AnyResponse:
    """Throw a draft away."""
    path = request.form.get("discarded", "")
    with services().database.writing() as connection:
        maps.forget_drafts(connection, [path])
    flash(_("Черновик «%(path)s» удалён.", path=path), "good")
    return redirect(url_for("editor.index"))


def _unreadable(path: str, content: str) -> str:
    """Why a text is not what its name says, in one sentence; empty if it is."""
    try:
        if path.endswith(".json"):
            json.loads(content)
        elif path.endswith(".toml"):
            tomllib.loads(content)
    except json.JSONDecodeError as error:
        return _("Не читается как JSON: строка %(line)s, %(why)s.", line=error.lineno, why=error.msg)
    except tomllib.TOMLDecodeError as error:
        return _("Не читается как TOML: %(why)s.", why=str(error))
    except (ValueError, RecursionError):
        return _("Не читается: слишком длинное число или слишком много вложенных скобок.")
    return ""


def _wants_json() -> bool:
    return bool(request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json")
