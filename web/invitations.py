"""Personal links as staff see them: who was let into a case, until when; making one and withdrawing it."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from engine.links import Invitation, Links, link_days, may_invite
from storage import links
from storage.instants import from_text
from storage.reading import access, cases, people
from web.desk import groups_of
from web.language import said
from web.services import services
from web.visitor import person, viewer

room = Blueprint("invitations", __name__)

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_TELEPHONE = re.compile(r"[\s,;:]*(тел\.?)?[\s,;:]*\+?\d[\d\s()-]{6,}$", re.IGNORECASE)


@room.app_context_processor
def _for_every_page() -> dict[str, Any]:
    return {"invitable_roles": invitable_roles, "links_of": links_of}


def invitable_roles(case: dict[str, Any]) -> list[str]:
    """Return the outside roles for which the person may let somebody into a case (`id`, `process`, `set_hash`)."""
    if not current_user.roles and not viewer().processes:
        return []
    diagrams = services().library.set(case["set_hash"])
    with services().database.reading() as connection:
        groups = groups_of(cases.participants(connection, case["id"]))
    return [
        role
        for role in sorted(diagrams.outside)
        if may_invite(diagrams, case["process"], role, person(), groups) is None
    ]


def links_of(case_id: int) -> list[dict[str, Any]]:
    """Return the links of a case, newest first, each with `is_open`."""
    now = services().clock.now()
    with services().database.reading() as connection:
        rows = links.of_case(connection, case_id)
    return [
        {
            **row,
            "is_open": row["revoked_at"] is None and from_text(row["expires_at"]) > now,
            "is_new": not row["token_hash"],
        }
        for row in rows
    ]


@room.get("/cases/<int:case_id>/links/new")
def new(case_id: int) -> str:
    """Show the form for a new link, filled in with what the case knows of the person."""
    case, roles = _case(case_id)
    wanted = request.args.get("role", "")
    typed = {"role": wanted if wanted in roles else roles[0], "way": "letter"}
    typed |= _contact(case, typed["role"])
    return _page(case, roles, typed, {})


@room.post("/cases/<int:case_id>/links")
def create(case_id: int) -> str | Response:
    """Make a link: show it this once, or put it into a letter."""
    case, roles = _case(case_id)
    typed = {name: request.form.get(name, "").strip()[:200] for name in ("role", "name", "email", "way")}
    problems = _problems(typed, roles)
    if problems:
        return make_response(_page(case, roles, typed, problems), 422)
    invitation = _invitation(case) if typed["way"] == "letter" else None
    token = _links().create(case_id, typed["role"], typed["name"], typed["email"], person(), invitation=invitation)
    if token is None:
        flash(gettext("Письмо со ссылкой поставлено в очередь: %(email)s.", email=typed["email"]), "good")
        return redirect(url_for("cases.show", case_id=case_id, _anchor="links"), 303)
    address = url_for("link.show", token=token, _external=True)
    return render_template("cases/link_made.html", case=case, typed=typed, address=address)


@room.post("/links/<int:link_id>/revoke")
def revoke(link_id: int) -> Response:
    """Withdraw a link at once."""
    with services().database.reading() as connection:
        row = links.one(connection, link_id)
        if row is None or not access.is_visible(connection, viewer(), row["case_id"]):
            raise NotFound
    _links().revoke(link_id, person())
    flash(gettext("Ссылка отозвана: %(name)s больше не войдёт по ней.", name=row["name"]), "good")
    return redirect(url_for("cases.show", case_id=row["case_id"], _anchor="links"), 303)


def _links() -> Links:
    return Links(database=services().database, library=services().library, clock=services().clock)


def _case(case_id: int) -> tuple[dict[str, Any], list[str]]:
    with services().database.reading() as connection:
        row = cases.one(connection, viewer(), case_id)
    roles = invitable_roles(row) if row is not None else []
    if row is None or not roles:
        raise NotFound
    return row, roles


def _contact(case: dict[str, Any], role: str) -> dict[str, str]:
    """Return `name` and `email` as the case's data give them, by the paths of the profile (`contact`).

    A role that does not read the case has paths of its own (`contact_<role>`): it must not learn who the applicant is.
    """
    diagrams = services().library.set(case["set_hash"])
    settings = diagrams.process_settings(case["process"])
    common = settings.get("contact", {}) if diagrams.roles.get(role, {}).get("reads_case", True) else {}
    paths = settings.get(f"contact_{role}", common)
    with services().database.reading() as connection:
        data = cases.data(connection, case["id"])
    found = {"name": "", "email": ""}
    for name in found:
        for path in paths.get(name, ()):
            value: Any = data
            for part in path.split("."):
                if isinstance(value, list):
                    value = value[int(part)] if part.isdecimal() and int(part) < len(value) else None
                else:
                    value = value.get(part) if isinstance(value, dict) else None
            if isinstance(value, str) and not found[name]:
                found[name] = value
    return {**found, "name": name_alone(found["name"])}


def name_alone(text: str) -> str:
    """Return a name without the telephone that some forms ask for beside it: the name stands under what is signed.

    >>> name_alone("Б. Оспанов, +7 700 000 00 00"), name_alone("ТОО «Завод 2000»"), name_alone("А. Ким, тел. 8700111")
    ('Б. Оспанов', 'ТОО «Завод 2000»', 'А. Ким')
    """
    return _TELEPHONE.sub("", text)


def _problems(typed: dict[str, str], roles: list[str]) -> dict[str, str]:
    problems = {}
    if typed["role"] not in roles:
        problems["role"] = gettext("Выберите, кому даётся ссылка.")
    if not typed["name"]:
        problems["name"] = gettext("Заполните это поле.")
    if not _EMAIL.fullmatch(typed["email"]):
        problems["email"] = gettext("Это не похоже на адрес электронной почты.")
    return problems


def _invitation(case: dict[str, Any]) -> Invitation:
    """Return the letter; the token is put into it when it is sent, so that nobody here ever sees it."""
    with services().database.reading() as connection:
        organisation = people.settings(connection).get("organisation", "")
    days = link_days(services().library, case)
    address = url_for("link.show", token="TOKEN", _external=True).replace("TOKEN", links.MARK)  # noqa: S106  a place
    body = (
        f"{organisation}\n\n"
        f"По делу {case['number']} для вас открыта личная страница. На ней видно, что от вас требуется и к какому дню; "
        "там же можно ответить и приложить файлы. Пароль не нужен.\n\n"
        f"{address}\n\n"
        f"Адрес действует дней: {days}. Он открывает дело только вам: не пересылайте его."
    )
    return Invitation(subject=f"Ваша страница по делу {case['number']}", body=body)


def _page(case: dict[str, Any], roles: list[str], typed: dict[str, str], problems: dict[str, str]) -> str:
    return render_template(
        "cases/link_new.html",
        case=case,
        roles=roles,
        typed=typed,
        problems=problems,
        days=link_days(services().library, case),
        diagrams=services().library.set(case["set_hash"]),
        process=said(case["process"]),
    )
