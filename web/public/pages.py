"""The open pages: the procedure as it is published, the form for an item, the receipt."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from engine.errors import InvalidForm, RuleRefused
from engine.steps import Person
from storage import maps
from storage import uploads as stored
from storage.instants import to_text
from storage.reading.names import PUBLIC, PUBLIC_NAME
from web import uploads
from web.desk import prefilled
from web.forms.edit import edit
from web.forms.parse import Problem, Reading, read
from web.forms.schema import Path
from web.language import local
from web.navigation import process_name
from web.public.opening import Opening, is_open, opening
from web.public.procedure import chapters, edition, terms_in_words
from web.public.stamp import Judgement, judge, read_receipt, receipt, stamp
from web.security import limiter
from web.services import services
from web.surroundings import drawn, sentences, summary, surroundings
from web.tasks import told

room = Blueprint("public", __name__, url_prefix="/public")

UNFINISHED = timedelta(days=2)
"""How long files stay of a form that was never sent."""
WRITER = Person(login=PUBLIC, name=PUBLIC_NAME)


@room.app_context_processor
def _for_every_page() -> dict[str, Any]:
    return {"has_public_pages": is_open}


@room.get("")
def index() -> Response:
    """Lead to the procedure."""
    opening()
    return redirect(url_for("public.procedure"))


@room.get("/procedure")
def procedure() -> str:
    """Show how items are considered, as the published diagrams do it."""
    at = opening()
    with services().database.reading() as connection:
        published = maps.publications(connection, limit=1)
    return render_template(
        "public/procedure.html",
        title=process_name(at.process, at.diagrams),
        chapters=chapters(at.diagrams, at.process),
        terms=terms_in_words(at.diagrams, at.process),
        criteria=at.criteria_choices,
        edition=edition(at.diagrams, at.process),
        set_hash=at.diagrams.hash,
        published=published[0]["at"] if published else "",
    )


@room.get("/item")
def show() -> str:
    """Show the empty form."""
    at = opening()
    rows: dict[str, Any] = {name: [{}] for name in at.first_rows if name in at.schema["properties"]}
    return _page(at, {**rows, **prefilled(at.schema, {})}, {}, key=str(uuid4()))


def _is_sent(response: Response) -> bool:
    return response.status_code == 303


@room.post("/item")
@limiter.limit("120 per hour")
@limiter.limit("10 per hour", deduct_when=_is_sent)
def send() -> str | Response:
    """Open a case with what was written, or do what a small button inside the form asks for."""
    at = opening()
    key = request.form.get("_key", "")[:64] or str(uuid4())
    now = services().clock.now()
    with services().database.writing() as connection:
        stored.forget_unfinished(connection, PUBLIC, before=to_text(now - UNFINISHED))
    fields, not_taken = uploads.take(
        request.form, at.schema, case_id=None, task_id=None, by=PUBLIC, most=uploads.MOST_FROM_OUTSIDE
    )
    command = request.form.get("_do", "complete")
    is_final = command == "complete" and not not_taken
    reading = read(at.schema, fields, keep_empty_rows=not is_final)
    if not is_final:
        page = _page(at, edit(reading.typed, command), sentences(not_taken), key=key)
        return make_response(page, 422 if not_taken else 200)
    suspicion = _suspicion()
    if suspicion:
        return make_response(_page(at, reading.typed, {(): [suspicion]}, key=key), 422)
    return _begin(at, reading, key)


def _begin(at: Opening, reading: Reading, key: str) -> Response:
    today = local(services().clock.now()).date().isoformat()
    values = {**reading.values, **at.fixed, **dict.fromkeys(at.today, today)}
    try:
        step = services().engine.start(at.process, values, WRITER, key=key, from_outside=True)
    except (InvalidForm, RuleRefused) as error:
        problems = sentences([*reading.problems, *_seen(at, told(error))])
        return make_response(_page(at, reading.typed, problems, key=key), 422)
    mark = receipt(step.number, to_text(services().clock.now()))
    return redirect(url_for("public.show_receipt", mark=mark), 303)


def _seen(at: Opening, problems: list[Problem]) -> list[Problem]:
    """Return the problems, those of fields that are not asked as problems of the whole form."""
    asked = at.schema["properties"]
    return [one if not one.path or one.path[0] in asked else Problem((), one.template, one.facts) for one in problems]


@room.get("/receipt/<mark>")
def show_receipt(mark: str) -> str:
    """Show the number that an item got."""
    found = read_receipt(mark)
    if found is None:
        raise NotFound
    number, at = found
    return render_template("public/receipt.html", number=number, at=at)


def _suspicion() -> str:
    """Return why the form does not look like a person's, in words that a person can follow; empty if it does."""
    if request.form.get("website", ""):
        return gettext("Оставьте поле «Не заполняйте» пустым и отправьте ещё раз.")
    match judge(request.form.get("_stamp", ""), services().clock.now()):
        case Judgement.TOO_SOON:
            return gettext("Форма отправлена слишком быстро. Проверьте ответы и отправьте ещё раз.")
        case Judgement.TOO_OLD | Judgement.FORGED:
            return gettext("Страница была открыта слишком давно. Ваши ответы на месте: отправьте ещё раз.")
    return ""


def _page(at: Opening, values: dict[str, Any], problems: dict[Path, list[str]], *, key: str) -> str:
    around = surroundings(at.diagrams, None, upload_link=lambda key: "", is_outside=True)
    fields = drawn(at.schema, values, around, problems)
    return render_template(
        "public/item.html",
        fields=fields,
        problems=summary(fields, problems),
        key=key,
        stamp=stamp(services().clock.now()),
    )
