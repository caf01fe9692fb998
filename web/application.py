"""Puts the application together: settings, protection, language, the rooms."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from flask import Flask, g, url_for
from flask_login import current_user
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from web import errors, language, navigation, security, values, visitor
from web.services import Services

ROOMS = (
    "web.sign_in",
    "web.inbox",
    "web.replacing",
    "web.tasks",
    "web.new_case",
    "web.cases",
    "web.papers",
    "web.letters",
    "web.journals",
    "web.register",
    "web.exchange",
    "web.signatures",
    "web.uploads",
    "web.link",
    "web.invitations",
    "web.public",
    "web.people",
    "web.incidents",
    "web.search",
    "web.map",
    "web.requirements",
    "web.evidence",
    "web.editor",
)
"""Each names its blueprint `room`."""

FORM_BYTES = 4 * 1024 * 1024
"""Most text in one posted form, files aside."""
FORM_PARTS = 20_000
"""Most fields in one posted form: a table of 500 rows has thousands."""


class _RowNumber(IntegerConverter):
    """A number in an address; one that no database could hold is no address at all."""

    def __init__(self, map: Map) -> None:  # noqa: A002  the name that werkzeug gives
        super().__init__(map, max=2**63 - 1)


def create_app(services: Services, settings: dict[str, Any] | None = None) -> Flask:
    """Return the application over the given services; `settings` overrides Flask's own configuration in tests."""
    app = Flask("web", root_path=str(Path(__file__).parent))
    app.secret_key = services.config.secret_key
    app.config.update(
        MAX_CONTENT_LENGTH=3 * services.config.upload_bytes,
        MAX_FORM_MEMORY_SIZE=FORM_BYTES,
        MAX_FORM_PARTS=FORM_PARTS,
        SEND_FILE_MAX_AGE_DEFAULT=3600,
    )
    app.config.update(settings or {})
    app.extensions["reglament"] = services
    app.url_map.converters["int"] = _RowNumber
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    if services.config.is_behind_https:  # the proxy that speaks https says who asked, and how
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    security.prepare(app)
    visitor.manager.init_app(app)
    language.prepare(app)
    errors.prepare(app)
    navigation.prepare(app)
    values.prepare(app)
    app.before_request(visitor.demand_sign_in)
    app.before_request(_remember_zone)
    app.jinja_env.globals.update(asset=_asset, sheets=_sheets, scripts=_scripts)
    for name in ROOMS:
        app.register_blueprint(import_module(name).room)
    return app


def _remember_zone() -> None:
    g.zone = navigation.zone() if current_user else None


@lru_cache
def _static(*names: str) -> tuple[tuple[str, str], ...]:
    """Return those of the files that are there, each with a mark of its content: a new version is a new address."""
    folder = Path(__file__).parent / "static"
    there = (name for name in names if (folder / name).is_file())
    return tuple((name, hashlib.sha256((folder / name).read_bytes()).hexdigest()[:10]) for name in there)


def _asset(name: str) -> str:
    """Return the address of a static file, with the mark of its content where it is there."""
    return url_for("static", filename=name, v=dict(_static(name)).get(name))


def _sheets() -> list[str]:
    return [url_for("static", filename=name, v=mark) for name, mark in _static("dist/app.css", "reglament.css")]


def _scripts() -> list[str]:
    return [url_for("static", filename=name, v=mark) for name, mark in _static("dist/app.js", "reglament.js")]
