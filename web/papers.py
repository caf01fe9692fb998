"""Documents."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, send_file
from flask_login import current_user
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from engine.signers import place_for
from engine.steps import ON_BEHALF
from storage.reading import cases, papers
from web.confidential import clearance_in, note_look
from web.services import services
from web.visitor import viewer

room = Blueprint("papers", __name__)


@room.get("/documents/<int:document_id>")
def document(document_id: int) -> str:
    """Show a document as a sheet that prints well."""
    return document_page(*readable(document_id))


def document_page(row: dict[str, Any], case: dict[str, Any], problems: Mapping[str, str] | None = None) -> str:
    """Return the page of a document; `problems` tells what is wrong with its form for signing, by field."""
    places = services().desk.places(row["id"])
    with services().database.reading() as connection:
        given = [one.signature["task_id"] for one in places if one.signature and one.signature["via"] == ON_BEHALF]
        scans = {task: cases.attachments_of_task(connection, task) for task in given}
    return render_template(
        "documents/document.html",
        document=row,
        case=case,
        places=places,
        scans=scans,
        own_place=place_for(places, current_user.login, with_key=True),
        problems=problems or {},
    )


@room.get("/documents/<int:document_id>.pdf")
def pdf(document_id: int) -> Response:
    """Give the document as PDF, printed at once if the worker has not come to it yet."""
    row, _case = readable(document_id)
    return send_file(
        io.BytesIO(services().press.printed(document_id)),
        mimetype="application/pdf",
        as_attachment=True,
        download_name=f"{row['number'].replace('/', '-')}.pdf",
    )


def readable(document_id: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a document and its case, if the person may read both, else 404; a look at a closed one is an event."""
    with services().database.reading() as connection:
        row = papers.document_one(connection, document_id)
        case = cases.one(connection, viewer(), row["case_id"]) if row else None
    if row is None or case is None or not clearance_in(case["id"]).opens_document(row):
        raise NotFound
    if row["confidential"]:
        note_look(case["id"], row["title"], document=row["number"])
    return row, case
