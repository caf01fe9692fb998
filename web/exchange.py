"""The exchange with the state information system: packages that wait for their receipt."""

from __future__ import annotations

from typing import Any, get_args

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.exceptions import Forbidden, NotFound
from werkzeug.wrappers import Response

from storage import exchange
from storage.instants import to_text
from storage.reading import post
from storage.reading.post import PackageView
from web import proof
from web.navigation import POSTS
from web.paging import Paging
from web.proof import Proof
from web.services import services
from web.values import status_words
from web.visitor import viewer

room = Blueprint("exchange", __name__)

PAGE = 50
READERS = POSTS | {"assessor"}


@room.app_template_global("package_title")
def title(text: str) -> str:
    """Return the title of a package in words; that of a status ends with its code."""
    before, between, code = text.rpartition(": ")
    return before + between + status_words(code)


@room.before_request
def _only_readers() -> None:
    if not current_user.roles & READERS or (request.method == "POST" and not current_user.roles & POSTS):
        raise Forbidden


@room.get("/exchange")
def index() -> str:
    """Show the packages, overdue ones first."""
    asked = request.args.get("view", "")
    view: PackageView = next((one for one in get_args(PackageView) if one == asked), "open")
    paging = Paging.asked(PAGE)
    now = to_text(services().clock.now())
    with services().database.reading() as connection:
        overdue = post.overdue_packages(connection, viewer(), now)
        rows = post.packages(connection, viewer(), view, now, offset=paging.offset, limit=PAGE + 1)
    return render_template(
        "exchange/index.html", rows=paging.cut(rows), paging=paging, view=view, overdue=overdue, at=now
    )


@room.get("/exchange/<package_id>")
def show(package_id: str) -> str:
    """Show one package."""
    return _page(_package(package_id), proof.blank())


@room.post("/exchange/<package_id>")
def confirm(package_id: str) -> str | Response:
    """Note the entry in the state system: its number and day."""
    row = _package(package_id)
    given = proof.posted(not_before=row["made_at"])
    if given.problems:
        return make_response(_page(row, given), 422)
    with services().database.writing() as connection:
        is_confirmed = exchange.confirm(
            connection,
            row,
            at=to_text(services().clock.now()),
            by=current_user.login,
            receipt=given.words,
            entered_at=to_text(given.moment),
            entered_on=given.on,
            file=given.file or None,
        )
    if is_confirmed:
        flash(gettext("Подтверждено."), "good")
    else:
        flash(gettext("Пакет уже подтверждён, ничего не изменено."), "soon")
    return redirect(url_for("exchange.show", package_id=package_id), 303)


def _package(package_id: str) -> dict[str, Any]:
    with services().database.reading() as connection:
        row = post.package_one(connection, viewer(), package_id)
    if row is None:
        raise NotFound
    return row


def _page(row: dict[str, Any], given: Proof) -> str:
    return render_template(
        "exchange/show.html",
        package=row,
        given=given,
        at=to_text(services().clock.now()),
        may_confirm=bool(current_user.roles & POSTS) and row["state"] != exchange.CONFIRMED,
    )
