"""Letters: the outbox, and what a person does for those that cannot go by themselves."""

from __future__ import annotations

import io
from typing import Any, get_args

from flask import Blueprint, flash, make_response, redirect, render_template, request, send_file, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.exceptions import Forbidden, NotFound
from werkzeug.wrappers import Response

from storage import outbox
from storage.instants import to_text
from storage.reading import cases, post
from storage.reading.post import LetterView
from web import proof
from web.language import local
from web.navigation import POSTS
from web.paging import Paging
from web.proof import Proof
from web.services import services
from web.visitor import viewer

room = Blueprint("letters", __name__)

PAGE = 50


@room.get("/letters")
def index() -> str:
    """Show the outbox."""
    _demand_post()
    asked = request.args.get("view", "")
    view: LetterView = next((one for one in get_args(LetterView) if one == asked), "todo")
    text = request.args.get("q", "").strip()[:100]
    paging = Paging.asked(PAGE)
    today = _today()
    with services().database.reading() as connection:
        counts = post.letter_counts(connection, viewer(), today)
        rows = post.letters(connection, viewer(), view, today, text=text, offset=paging.offset, limit=PAGE + 1)
    return render_template(
        "letters/index.html", rows=paging.cut(rows), paging=paging, view=view, text=text, counts=counts, today=today
    )


@room.get("/letters/<int:letter_id>")
def show(letter_id: int) -> str:
    """Show a letter, what became of it, and its proof."""
    return _page(_letter(letter_id), proof.blank())


@room.post("/letters/<int:letter_id>/sent")
def sent(letter_id: int) -> str | Response:
    """Note that a person sent the letter, with the proof of it."""
    _demand_post()
    row = _letter(letter_id)
    given = proof.posted(not_before=row["created_at"])
    if given.problems:
        return make_response(_page(row, given), 422)
    with services().database.writing() as connection:
        is_marked = outbox.mark_sent_by(
            connection,
            row,
            at=to_text(services().clock.now()),
            by=current_user.login,
            sent_at=to_text(given.moment),
            how=given.words,
            file=given.file or None,
        )
    if is_marked:
        flash(gettext("Отмечено: письмо отправлено."), "good")
    else:
        flash(gettext("Письмо уже отправлено, ничего не изменено."), "soon")
    return redirect(url_for("letters.show", letter_id=letter_id), 303)


@room.post("/letters/<int:letter_id>/address")
def readdress(letter_id: int) -> str | Response:
    """Send the letter to another address."""
    _demand_post()
    row = _letter(letter_id)
    addressee = " ".join(request.form.get("addressee", "").split())
    if not addressee or len(addressee) > proof.LONGEST:
        problems = {"addressee": gettext("Укажите, кому и куда.")}
        return make_response(_page(row, Proof(on=proof.blank().on, problems=problems)), 422)
    at = to_text(services().clock.now())
    with services().database.writing() as connection:
        is_changed = outbox.readdress(connection, row, at=at, by=current_user.login, addressee=addressee)
    if is_changed:
        flash(gettext("Письмо уйдёт по новому адресу."), "good")
    else:
        flash(gettext("Письмо уже в пути или отправлено, адрес не изменён."), "soon")
    return redirect(url_for("letters.show", letter_id=letter_id), 303)


@room.get("/letters/<int:letter_id>.pdf")
def pdf(letter_id: int) -> Response:
    """Give the letter on the letterhead, to be printed, signed and sent by post."""
    row = _letter(letter_id)
    with services().database.reading() as connection:
        number = outbox.number_of(connection, row)
    return send_file(
        io.BytesIO(services().press.letter(letter_id)),
        mimetype="application/pdf",
        as_attachment=True,
        download_name=f"{number.replace('/', '-')}.pdf",
    )


def _demand_post() -> None:
    if not current_user.roles & POSTS:
        raise Forbidden


def _letter(letter_id: int) -> dict[str, Any]:
    with services().database.reading() as connection:
        row = post.letter_one(connection, viewer(), letter_id)
    if row is None or not viewer().may_read():
        raise NotFound
    return row


def _page(row: dict[str, Any], given: Proof) -> str:
    with services().database.reading() as connection:
        case = cases.one(connection, viewer(), row["case_id"])
        number = outbox.number_of(connection, row)
        enclosed = outbox.enclosed(connection, row)
    may_handle = bool(current_user.roles & POSTS)
    return render_template(
        "letters/show.html",
        letter=row,
        number=number,
        enclosed=enclosed,
        case=case,
        given=given,
        today=_today(),
        may_mark=may_handle and row["status"] != outbox.SENT,
        may_readdress=may_handle and row["status"] in (outbox.REFUSED, outbox.PRINTED),
    )


def _today() -> str:
    return local(services().clock.now()).date().isoformat()
