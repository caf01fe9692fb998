"""The search box in the head of every page: straight to a case by its number, else the list of cases."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from storage.reading import cases
from web.services import services
from web.visitor import viewer

room = Blueprint("search", __name__)


@room.get("/search")
def find() -> Response:
    """Lead to the case of this very number, or to the cases that match."""
    text = request.args.get("q", "").strip()[:100]
    if text:
        with services().database.reading() as connection:
            row = cases.by_number(connection, viewer(), text)
        if row is not None:
            return redirect(url_for("cases.show", case_id=row["id"]))
    return redirect(url_for("cases.index", q=text or None))
