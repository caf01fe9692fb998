"""People: who there is, with which roles, and whether they may sign in. The administrator changes it, others read."""

from __future__ import annotations

import re
import secrets
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.exceptions import Forbidden, NotFound
from werkzeug.wrappers import Response

from storage import accounts
from storage.instants import to_text
from storage.people import set_password
from storage.reading import people
from web.language import LANGUAGES
from web.navigation import diagrams
from web.passwords import passwords_of
from web.services import services

room = Blueprint("people", __name__)

READERS = frozenset({"admin", "quality_engineer", "assessor", "head", "director"})
_LOGIN = re.compile(r"[a-z][a-z0-9._-]{1,39}")


@room.before_request
def _only_readers() -> None:
    if not current_user.roles & READERS or (request.method == "POST" and "admin" not in current_user.roles):
        raise Forbidden


@room.get("/people")
def index() -> str:
    """Show everybody."""
    text = request.args.get("q", "").strip()[:100]
    with services().database.reading() as connection:
        rows = people.people(connection, text)
    return render_template("people/index.html", rows=rows, text=text, may_change="admin" in current_user.roles)


@room.get("/people/<login>")
def show(login: str) -> str:
    """Show one person."""
    return _page(_known(login), {})


@room.get("/people/new")
def new() -> str:
    """Show the form for somebody new."""
    return _page({"login": "", "name": "", "email": "", "locale": "ru", "roles": frozenset(), "active": True}, {})


@room.post("/people/new")
def add() -> str | Response:
    """Add somebody."""
    login = request.form.get("login", "").strip().lower()
    typed = _typed() | {"login": login, "active": True}
    problems = _problems(typed)
    if not _LOGIN.fullmatch(login):
        problems["login"] = gettext("Латинские буквы, цифры, точка и дефис; начинается с буквы; от 2 до 40 знаков.")
    if problems:
        return make_response(_page({**typed, "login": ""}, problems, login=login), 422)
    at, by = to_text(services().clock.now()), current_user.login
    with services().database.writing() as connection:
        is_added = accounts.add_person(
            connection, login, typed["name"], typed["email"] or None, typed["locale"], at=at, by=by
        )
        if is_added:
            accounts.set_roles(connection, login, typed["roles"], at=at, by=by)
    if not is_added:
        taken = {"login": gettext("Такое имя для входа уже занято.")}
        return make_response(_page({**typed, "login": ""}, taken, login=login), 422)
    flash(gettext("Добавлено. Задайте пароль, чтобы человек мог войти."), "good")
    return redirect(url_for("people.show", login=login), 303)


@room.post("/people/<login>")
def change(login: str) -> str | Response:
    """Change name, address, language, roles, and whether the person may sign in."""
    known = _known(login)
    typed = _typed() | {"login": login, "active": request.form.get("active") == "true"}
    problems = _problems(typed)
    if login == current_user.login and (not typed["active"] or "admin" not in typed["roles"]):
        problems["roles"] = gettext(
            "Себя лишить роли администратора или входа нельзя: это делает другой администратор."
        )
    if problems:
        return make_response(_page(typed, problems), 422)
    at, by = to_text(services().clock.now()), current_user.login
    with services().database.writing() as connection:
        accounts.rename_person(connection, login, typed["name"], typed["email"] or None)
        accounts.set_locale(connection, login, typed["locale"])
        accounts.set_roles(connection, login, typed["roles"], at=at, by=by)
        if bool(known["active"]) != typed["active"]:
            accounts.set_active(connection, login, typed["active"], at=at, by=by)
    flash(gettext("Сохранено."), "good")
    return redirect(url_for("people.index"), 303)


@room.post("/people/<login>/password")
def reset_password(login: str) -> str:
    """Give the person a new password, shown this once."""
    row = _known(login)
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    hashed = passwords_of(services().config.argon2).hash(password)
    with services().database.writing() as connection:
        set_password(connection, login, hashed)
    return _page(row, {}, password=password)


def _known(login: str) -> dict[str, Any]:
    with services().database.reading() as connection:
        row = people.person(connection, login)
    if row is None:
        raise NotFound
    return row


def _typed() -> dict[str, Any]:
    known = _roles()
    locale = request.form.get("locale", "")
    return {
        "name": request.form.get("name", "").strip()[:200],
        "email": request.form.get("email", "").strip()[:200],
        "locale": locale if locale in LANGUAGES else "ru",
        "roles": frozenset(role for role in request.form.getlist("roles") if role in known),
    }


def _problems(typed: dict[str, Any]) -> dict[str, str]:
    problems = {}
    if not typed["name"]:
        problems["name"] = gettext("Заполните это поле.")
    if typed["email"] and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", typed["email"]):
        problems["email"] = gettext("Это не похоже на адрес электронной почты.")
    return problems


def _roles() -> list[str]:
    found = diagrams()
    return [role for role, one in (found.roles if found else {}).items() if one.get("scope") == "organisation"]


def _page(row: dict[str, Any], problems: dict[str, str], *, login: str = "", password: str = "") -> str:
    return render_template(
        "people/show.html",
        row=row,
        problems=problems,
        typed_login=login,
        password=password,
        roles=_roles(),
        may_change="admin" in current_user.roles,
    )
