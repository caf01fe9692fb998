"""Signing in and out, the password, the language."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext
from flask_limiter.util import get_remote_address
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response as AnyResponse

from storage import accounts
from storage.people import set_password
from storage.reading import people
from web.language import COOKIE, LANGUAGES
from web.passwords import SHORTEST, Passwords, passwords_of
from web.security import limiter
from web.services import services
from web.visitor import Visitor

room = Blueprint("sign_in", __name__)

TRIES_FROM_ADDRESS = "60 per 5 minutes"


def _tries() -> str:
    return services().config.sign_in_limit


def _address_and_login() -> str:
    return f"{get_remote_address()} {request.form.get('login', '').strip().lower()}"


def _has_failed(response: Response) -> bool:
    return response.status_code == 422


def _passwords() -> Passwords:
    return passwords_of(services().config.argon2)


@room.get("/sign-in")
def show() -> str | AnyResponse:
    """Show the form for signing in."""
    if current_user.is_authenticated:
        return redirect(url_for("inbox.index"))
    return render_template("sign_in/sign_in.html", login="", why="", next=request.args.get("next", ""))


@room.post("/sign-in")
@limiter.limit(_tries, key_func=_address_and_login, deduct_when=_has_failed)
@limiter.limit(TRIES_FROM_ADDRESS, deduct_when=_has_failed)
def sign_in() -> AnyResponse:
    """Sign somebody in; says only that the pair is wrong, never which half."""
    login = request.form.get("login", "").strip()
    after = request.form.get("next", "")
    with services().database.reading() as connection:
        row = people.person(connection, login)
    kept = row["password_hash"] if row is not None and row["active"] else None
    if not _passwords().matches(request.form.get("password", ""), kept) or row is None:
        why = gettext("Имя или пароль не подходят. Проверьте раскладку клавиатуры и попробуйте снова.")
        return make_response(render_template("sign_in/sign_in.html", login=login, why=why, next=after), 422)
    session.clear()
    login_user(Visitor(row))
    session.permanent = True
    response = redirect(after if is_ours(after) else url_for("inbox.index"), 303)
    if request.cookies.get(COOKIE) not in LANGUAGES and row["locale"] in LANGUAGES:
        _remember_language(response, row["locale"])
    return response


@room.post("/sign-out")
def sign_out() -> AnyResponse:
    """Sign the person out."""
    logout_user()
    session.clear()
    return redirect(url_for("sign_in.show"), 303)


@room.route("/password", methods=["GET", "POST"])
@limiter.limit(_tries, methods=["POST"], deduct_when=_has_failed)
def change_password() -> str | AnyResponse:
    """Change one's own password; every other session of the person ends."""
    if request.method == "GET":
        return render_template("sign_in/password.html", problems={}, shortest=SHORTEST)
    old, new, again = (request.form.get(name, "") for name in ("old", "new", "again"))
    problems = {}
    if not _passwords().matches(old, current_user.password_hash):
        problems["old"] = gettext("Это не ваш нынешний пароль.")
    if len(new) < SHORTEST:
        problems["new"] = gettext("Не короче %(count)s знаков.", count=SHORTEST)
    elif new == old:
        problems["new"] = gettext("Новый пароль совпадает с нынешним.")
    elif new != again:
        problems["again"] = gettext("Пароли не совпали.")
    if problems:
        return make_response(render_template("sign_in/password.html", problems=problems, shortest=SHORTEST), 422)
    with services().database.writing() as connection:
        set_password(connection, current_user.login, _passwords().hash(new))
        row = people.person(connection, current_user.login)
    if row is not None:
        login_user(Visitor(row))
    flash(gettext("Пароль изменён. На других устройствах нужно войти заново."), "good")
    return redirect(url_for("inbox.index"), 303)


@room.post("/language")
def switch_language() -> AnyResponse:
    """Switch the language on this machine, and in the person's settings."""
    after = request.form.get("next", "")
    response = redirect(after if is_ours(after) else url_for("inbox.index"), 303)
    wanted = request.form.get("language", "")
    if wanted in LANGUAGES:
        _remember_language(response, wanted)
        if current_user.is_authenticated and current_user.locale != wanted:
            with services().database.writing() as connection:
                accounts.set_locale(connection, current_user.login, wanted)
    return response


def _remember_language(response: AnyResponse, wanted: str) -> None:
    year = 365 * 24 * 3600  # seconds
    response.set_cookie(COOKIE, wanted, max_age=year, httponly=True, samesite="Lax", secure=request.is_secure)


def is_ours(address: str) -> bool:
    """Whether an address stays on this site; a browser reads a backslash as a slash."""
    if not address.startswith("/") or any(sign in address for sign in "\r\n"):
        return False
    try:
        parts = urlsplit(address.replace("\\", "/"))
    except ValueError:  # what follows two slashes is no host
        return False
    return not parts.scheme and not parts.netloc and not address.startswith("//")
