"""Templates of documents: the list, and one template beside a real case's document set with it."""

from __future__ import annotations

import io
import re
from base64 import b64encode
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from flask import abort, flash, make_response, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.errors import NotPrinted
from storage import maps
from storage.reading import papers
from web.confidential import clearance_in
from web.editor.desk import KeptMeanwhile, is_editable, is_outdated, keep, trial_files
from web.editor.room import published, room
from web.papers import readable
from web.services import services
from web.visitor import viewer

FOLDER = "documents/"
GENERAL = "document.typ"
_KIND = re.compile(r"[a-z][a-z0-9_]{1,60}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A template of the set or of the desk."""

    name: str
    words: str
    """What it says of itself in its first line."""
    title: str
    """The title of the newest document of its kind, empty where there is none yet."""
    draft: dict[str, Any] | None


@room.get("/documents")
def templates() -> str:
    """Show every template, and the kinds of documents that are set with the general one."""
    with services().database.reading() as connection:
        kinds = papers.document_kinds(connection, viewer())
        drafts = {str(row["path"]): dict(row) for row in maps.drafts(connection)}
        contents = {**published().files, **maps.draft_contents(connection)}
    paths = sorted(path for path in contents if path.startswith(FOLDER))
    found = [
        Template(
            name=PurePosixPath(path).name,
            words=_first_words(contents[path]),
            title=kinds.get(PurePosixPath(path).stem, ""),
            draft=drafts.get(path),
        )
        for path in paths
    ]
    own = {one.name for one in found}
    return render_template(
        "editor/templates.html",
        templates=[one for one in found if not one.name.startswith("_")],
        parts=[one for one in found if one.name.startswith("_")],
        general={kind: title for kind, title in kinds.items() if f"{kind}.typ" not in own},
    )


@room.get("/documents/<name>")
def template(name: str) -> str:
    """Show one template to be changed."""
    path = _path(name)
    return _page(path, _current(path).decode("utf-8-sig"))


@room.post("/documents/<name>")
def change_template(name: str) -> str | Response:
    """Keep a template as a draft, or set a real document with it: as pictures on the page, or as PDF."""
    path = _path(name)
    content = request.form.get("content", "").replace("\r\n", "\n")
    act = request.form.get("act", "save")
    if act == "save":
        try:
            keep(path, content.encode(), seen_at=request.form.get("seen_at"))
        except KeptMeanwhile as error:
            return make_response(_page(path, content, why=error.words, seen_at=request.form.get("seen_at", "")), 409)
        flash(_("Черновик «%(path)s» сохранён.", path=path), "good")
        return redirect(url_for("editor.template", name=name), 303)
    document_id = request.form.get("document", type=int)
    if document_id is None:
        return _page(path, content, why=_("Выберите документ дела, на котором посмотреть шаблон."))
    readable(document_id)
    files = {**trial_files(services().database, published(), _drafted()), path: content.encode()}
    # A shared part is looked at in the documents that use it.
    composed = services().press.preview(files, "" if name.startswith("_") else name, document_id)
    try:
        if act == "pdf":
            return send_file(
                io.BytesIO(composed.pdf()),
                mimetype="application/pdf",
                as_attachment=True,
                download_name=f"{PurePosixPath(name).stem}.pdf",
            )
        pictures = [b64encode(page).decode() for page in composed.pages()]
    except NotPrinted as error:
        return make_response(_page(path, content, chosen=document_id, failed=error), 422)
    return _page(path, content, chosen=document_id, pictures=pictures)


@room.post("/new-document")
def new_template() -> Response:
    """Begin a template of a kind's own as a copy of the general one."""
    kind = request.form.get("kind", "").strip()
    if not _KIND.fullmatch(kind):
        flash(_("Назовите вид документа латинскими буквами, как он назван в шаге."), "late")
        return redirect(url_for("editor.templates"))
    path = f"{FOLDER}{kind}.typ"
    if not _current(path):
        keep(path, _current(f"{FOLDER}{GENERAL}"))
    return redirect(url_for("editor.template", name=f"{kind}.typ"))


def _page(
    path: str,
    content: str,
    *,
    chosen: int | None = None,
    pictures: list[str] | None = None,
    failed: NotPrinted | None = None,
    why: str = "",
    seen_at: str | None = None,
) -> str:
    name = PurePosixPath(path).name
    with services().database.reading() as connection:
        draft = maps.draft(connection, path)
        kind = "" if name.startswith("_") or name == GENERAL else PurePosixPath(name).stem
        rows = papers.documents_of_kind(connection, viewer(), kind)
    rows = [row for row in rows if clearance_in(row["case_id"]).opens_document(row)]
    return render_template(
        "editor/template.html",
        name=name,
        path=path,
        content=content,
        draft=draft,
        seen_at=(draft["at"] if draft else "") if seen_at is None else seen_at,
        is_outdated=is_outdated(services().database, published(), path),
        documents=rows,
        chosen=chosen or (rows[0]["id"] if rows else None),
        pictures=pictures or [],
        failed=failed.facts if failed else None,
        line=_line(content, name, failed),
        why=why,
    )


def _line(content: str, name: str, failed: NotPrinted | None) -> str:
    """Return the line of the template that is at fault, if it is in this file."""
    if failed is None or failed.facts["file"] != name or not isinstance(failed.facts["line"], int):
        return ""
    lines = content.splitlines()
    number = failed.facts["line"]
    return lines[number - 1] if number <= len(lines) else ""


def _path(name: str) -> str:
    path = f"{FOLDER}{name}"
    return path if is_editable(path) else abort(404)


def _current(path: str) -> bytes:
    with services().database.reading() as connection:
        draft = maps.draft(connection, path)
    return bytes(draft["content"]) if draft else published().files.get(path, b"")


def _drafted() -> list[str]:
    """The drafts of other templates: what is looked at is what would be published with them."""
    with services().database.reading() as connection:
        return [str(row["path"]) for row in maps.drafts(connection) if str(row["path"]).startswith(FOLDER)]


def _first_words(content: bytes) -> str:
    first = content.decode("utf-8-sig", "replace").partition("\n")[0]
    return first.removeprefix("//").strip() if first.startswith("//") else ""
