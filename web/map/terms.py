"""Terms of the profile in words: from when a deadline counts, how long, in which days, and on whose word."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

_PERIOD = re.compile(r"(-)?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?")


def term_in_words(term: Mapping[str, Any]) -> dict[str, str]:
    """Return what a reader must know of a `[profiles.<P>.terms.<id>]` table, in the reader's language."""
    return {
        "title": _(str(term.get("title", ""))) if term.get("title") else "",
        "length": length_in_words(str(term.get("duration", "")), str(term.get("day_type", "calendar"))),
        "start": _start(str(term.get("start", ""))),
        "roll": _("если последний день нерабочий, срок продлевается до рабочего") if _rolls(term) else "",
        "kind": _("внутренний срок органа") if term.get("kind") == "body_policy" else _("срок порядка"),
        "source": str(term.get("source", "")),
        "confidence": _confidence(str(term.get("confidence", ""))),
        "note": str(term.get("note", "")),
    }


def length_in_words(duration: str, day_type: str) -> str:
    """Return an ISO 8601 duration in words; a text that is none comes back as it is.

    A negative one is a limit that lies before its date.
    """
    found = _PERIOD.fullmatch(duration)
    if found is None:
        return duration
    before, years, months, weeks, days, hours, minutes = found.groups()
    day = _("раб. дн.") if day_type == "working" else _("кал. дн.")
    units = (
        (years, _("г.")),
        (months, _("мес.")),
        (weeks, _("нед.")),
        (days, day),
        (hours, _("ч")),
        (minutes, _("мин")),
    )
    words = " ".join(f"{count} {unit}" for count, unit in units if count)
    return _("не позднее чем за %(length)s", length=words) if before else words


def _start(start: str) -> str:
    if start == "task":
        return _("с появления задачи")
    if start == "case":
        return _("с начала дела")
    return _("от даты %(path)s", path=start) if start else ""


def _rolls(term: Mapping[str, Any]) -> bool:
    return term.get("roll") == "next_working_day"


def _confidence(letter: str) -> str:
    words = {"H": _("прямо назван источником"), "M": _("выведен из источника"), "G": _("общее знание")}
    return words.get(letter, letter)
