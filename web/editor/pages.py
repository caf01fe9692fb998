"""The pages of the editor: what lies on the desk, one diagram, one text."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from storage import maps
from web.editor.choices import choices
from web.editor.desk import desk, grouped, is_editable, is_outdated, path_for
from web.editor.labels import labels
from web.editor.room import published, room
from web.navigation import process_name
from web.services import services


@room.get("")
def index() -> str:
    """Show what can be edited, what is being edited, and the way to publish it."""
    files = desk(services().database, published())
    text = request.args.get("q", "").strip()[:100]
    return render_template(
        "editor/index.html",
        groups=grouped([file for file in files if file.path.endswith(".bpmn")], published(), text),
        text=text,
        texts=[file for file in files if not file.path.endswith((".bpmn", ".typ"))],
        drafts=[file for file in files if file.draft],
    )


@room.get("/choices")
def choice_lists() -> Response:
    """Hand out what a diagram may be bound to."""
    return jsonify(choices(published(), services().engine.handlers))


@room.get("/text/<path:path>")
def text(path: str) -> str | AnyResponse:
    """Show a form, a table or the profile as text to be changed."""
    if not is_editable(path) or path.endswith(".bpmn"):
        abort(404)
    if path.endswith(".typ"):
        return redirect(url_for("editor.template", name=path.rpartition("/")[2]))
    draft, content = _current(path)
    return render_template(
        "editor/text.html",
        path=path,
        content=content.decode("utf-8-sig"),
        draft=draft,
        is_outdated=is_outdated(services().database, published(), path),
        seen_at=draft["at"] if draft else "",
        problem="",
    )


@room.get("/<process>")
def show(process: str) -> str:
    """Show a diagram to be drawn."""
    diagrams = published()
    path = path_for(diagrams, process)
    draft, content = _current(path)
    if not content:
        abort(404)
    return render_template(
        "editor/show.html",
        path=path,
        process=process,
        title=process_name(process, diagrams),
        draft=draft,
        is_published=path in diagrams.files,
        is_outdated=is_outdated(services().database, diagrams, path),
        settings={
            "diagram": url_for("editor.diagram", process=process),
            "choices": url_for("editor.choice_lists"),
            "save": url_for("editor.save", process=process),
            "check": url_for("editor.check"),
            "play": url_for("editor.play"),
            "path": path,
            "seen_at": draft["at"] if draft else "",
            "labels": labels(),
        },
    )


@room.get("/<process>/diagram.bpmn")
def diagram(process: str) -> Response:
    """Hand out the draft of a diagram, or the published one where there is no draft."""
    _draft, content = _current(path_for(published(), process))
    if not content:
        abort(404)
    response = make_response(content)
    response.content_type = "application/xml; charset=utf-8"
    response.headers["Content-Disposition"] = f'inline; filename="{process}.bpmn"'
    return response


def _current(path: str) -> tuple[dict[str, Any] | None, bytes]:
    """The draft of a file and its content, or nothing and what is published."""
    with services().database.reading() as connection:
        draft = maps.draft(connection, path)
    if draft is None:
        return None, published().files.get(path, b"")
    return dict(draft), bytes(draft["content"])
