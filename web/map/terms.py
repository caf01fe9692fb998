"""Terms of the profile in words: from when a deadline counts, how long, in which days, and on whose word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from web.language import said
from web.navigation import confidence, duration

FOLLOWED = {"day_type": "daytype.default", "roll": "roll"}
"""What a term may leave to a reading by the word "as_read", and to which."""


def term_in_words(term: Mapping[str, Any], profile: Mapping[str, Any]) -> dict[str, str]:
    """Return what a reader must know of a `[profiles.<P>.terms.<id>]` table, in the reader's language."""
    term = _as_read(term, profile.get("readings", {}))
    rolls = term.get("roll") == "next_working_day"
    return {
        "title": said(str(term.get("title", ""))),
        "length": length_in_words(str(term.get("duration", "")), str(term.get("day_type", "calendar"))),
        "start": _start(str(term.get("start", ""))),
        "roll": _("если последний день нерабочий, срок переходит на рабочий") if rolls else "",
        "kind": _("внутренний срок органа") if term.get("kind") == "body_policy" else _("срок порядка"),
        "source": said(str(term.get("source", ""))),
        "confidence": confidence(str(term.get("confidence", ""))),
        "note": said(str(term.get("note", ""))),
    }


def _as_read(term: Mapping[str, Any], readings: Mapping[str, Any]) -> dict[str, Any]:
    """Return a term with what it leaves to readings filled in as the profile has them."""
    found = {**term, **{key: readings[name]["value"] for key, name in FOLLOWED.items() if term.get(key) == "as_read"}}
    for name, starts in term.get("starts", {}).items():
        found["start"] = starts.get(str(readings[name]["value"]), found.get("start", ""))
    return found


def length_in_words(length: str, day_type: str) -> str:
    """Return an ISO 8601 duration in words, with the kind of its days."""
    if "T" in length:
        return duration(length)
    return f"{duration(length)}, {_('рабочие дни') if day_type == 'working' else _('календарные дни')}"


def _start(start: str) -> str:
    if start == "task":
        return _("с появления задачи")
    if start == "case":
        return _("с начала дела")
    return _("от даты %(path)s", path=start) if start else ""
