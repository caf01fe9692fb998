"""The register of certificates: for staff with its history, for everybody one certificate at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from flask import Blueprint, make_response, render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from storage.reading import access, register
from web.language import local, zone
from web.paging import Paging
from web.security import limiter
from web.services import services
from web.values import status_words
from web.visitor import viewer

room = Blueprint("register", __name__)
room.app_template_global("words")(status_words)

PAGE = 50
JOURNAL = "certificates"
FIRST_YEAR, LAST_YEAR = 1990, 2200
SORTS = {"number": "", "holder": "Держатель", "issued": "Выдан", "until": "Действует до"}
SHOWN = ("VALID", "SUSPENDED", "WITHDRAWN", "EXPIRED", "CANCELLED", "REISSUED")


def _public_limit() -> str:
    return services().config.public_limit


@room.get("/register")
def index() -> str:
    """Show all certificates with the status that is in force."""
    _demand_office()
    text, status = request.args.get("q", "").strip()[:100], request.args.get("status", "")
    sort = request.args.get("sort", "number")
    paging = Paging.asked(PAGE)
    with services().database.reading() as connection:
        found = register.histories(connection, JOURNAL)
    every = (_row(key, versions) for key, versions in found.items())
    rows = [row for row in every if row and _fits(row, text) and (not status or row["status"] == status)]
    field = SORTS.get(sort, "")
    rows.sort(key=lambda row: (str(row["fields"].get(field, "")).lower(), row["key"]))
    return render_template(
        "register/index.html",
        rows=paging.cut(rows[paging.offset : paging.offset + PAGE + 1]),
        paging=paging,
        text=text,
        status=status,
        statuses=SHOWN,
        sort=sort,
    )


@room.get("/register/<path:number>")
def show(number: str) -> str:
    """Show one certificate, every state in which it was, and its status on a day that is asked for."""
    _demand_office()
    asked = _day(request.args.get("on", ""))
    with services().database.reading() as connection:
        versions = register.history(connection, JOURNAL, number)
        seen = {row["case_id"]: access.is_visible(connection, viewer(), row["case_id"]) for row in versions}
    row = _row(number, versions)
    if row is None:
        raise NotFound
    on_day = services().in_force(versions, _end_of(asked)) if asked else None
    return render_template(
        "register/show.html",
        row=row,
        versions=versions,
        seen=seen,
        asked=asked,
        on_day=on_day,
        changed=_changed(versions),
    )


@room.get("/c/<path:number>")
@limiter.limit(_public_limit)
def public(number: str) -> Response:
    """Show anybody what a certificate says and whether it is in force; nothing else."""
    with services().database.reading() as connection:
        versions = register.history(connection, JOURNAL, number)
    row = _row(number, versions)
    body = render_template("register/public.html", number=number[:60], row=row)
    return make_response(body, 200 if row else 404)


def _demand_office() -> None:
    if not viewer().may_read():
        raise NotFound


def _row(key: str, versions: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Return a certificate as it is now; `decided` is a later decision that is not in force yet."""
    found = services().in_force(versions, local(services().clock.now()))
    if found is None:
        return None
    last = versions[-1]["fields"].get("Статус")
    is_pending = last not in (found["status"], None) and found["status"] != "EXPIRED"
    return {**found, "key": key, "decided": last if is_pending else None}


def _fits(row: Mapping[str, Any], text: str) -> bool:
    fields = row["fields"]
    places = " ".join(
        str(one) for one in (row["key"], fields.get("Держатель"), fields.get("Область"), fields.get("БИН"))
    )
    return all(word in places.lower() for word in text.lower().split())


def _changed(versions: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """Return for each state which fields differ from the state before."""
    found: list[list[str]] = []
    before: dict[str, Any] = {}
    for version in versions:
        fields: dict[str, Any] = version["fields"]
        found.append([name for name in fields if fields[name] != before.get(name)] if before else [])
        before = fields
    return found


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def _end_of(day: date) -> datetime:
    """Return the last moment of a day: what was decided on it counts."""
    return datetime.combine(day, time.max, zone())
