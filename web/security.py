"""What protects a browser from strangers: headers, cookies, the CSRF token, the limit on signing in."""

from __future__ import annotations

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect

POLICY = (
    "default-src 'none'; script-src 'self'; "
    "style-src 'self' 'unsafe-inline'; "  # the map draws with style attributes
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

csrf = CSRFProtect()
limiter = Limiter(key_func=get_remote_address, storage_uri="memory://", default_limits=[])


class _Sessions(SecureCookieSessionInterface):
    """Session cookies that travel by https only, wherever the page itself came by https."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure or super().get_cookie_secure(app)


def prepare(app: Flask) -> None:
    """Protect every page of the application."""
    app.session_interface = _Sessions()
    app.config.update(
        SESSION_COOKIE_NAME="reglament",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=12 * 3600,  # seconds: a working day
        WTF_CSRF_FIELD_NAME="_csrf",
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a form may stay open over lunch
        WTF_CSRF_SSL_STRICT=True,
        RATELIMIT_HEADERS_ENABLED=True,
    )
    csrf.init_app(app)
    limiter.init_app(app)
    app.after_request(_seal)


BEHIND_LINKS = "/l/"
"""What the address of a page behind a personal link begins with: the rest is a key, told to nobody."""
SECRET_HEADERS = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}


def path_to_tell() -> str:
    """Return the path of the request as a log may hold it."""
    return f"{BEHIND_LINKS}…" if request.path.startswith(BEHIND_LINKS) else request.path


def _seal(response: Response) -> Response:
    if request.path.startswith(BEHIND_LINKS):
        response.headers.update(SECRET_HEADERS)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static":  # every page shows who is signed in
        response.headers["Cache-Control"] = "no-store"
    return response
