"""The editor's blueprint, open to quality engineers alone."""

from __future__ import annotations

from flask import Blueprint, abort
from flask_login import current_user

from engine.library import DiagramSet
from web.map.pages import may_edit
from web.services import current_set

room = Blueprint("editor", __name__, url_prefix="/editor")


@room.before_request
def _demand_quality_engineer() -> None:
    if current_user.is_authenticated and not may_edit():
        abort(403)


def published() -> DiagramSet:
    """Return the set that is published; 404 while there is none."""
    return current_set() or abort(404)
