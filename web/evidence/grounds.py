"""On what a rule stands: the readings that it asks for, the terms that it counts, the places of its source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from engine.library import DiagramSet
from web.language import language, said
from web.map.terms import term_in_words
from web.navigation import confidence
from web.services import services

PARTS = {"item": "п.", "items": "пп.", "note": "прим.", "cover": "титул", "Appendix": "Прил.", "and": "и"}
"""Parts of a document in Russian."""


def place_words(source: str) -> str:
    """Return the places of a source as the reader names parts of a document; programmers write them in English."""
    if language() != "ru":
        return source
    return re.sub(r"\b[A-Za-z]+\b", lambda found: PARTS.get(found[0], found[0]), source)


def readings_of(diagrams: DiagramSet, case: Mapping[str, Any], names: Iterable[str]) -> list[dict[str, Any]]:
    """Return the readings that a rule asks for, with what holds in this case."""
    table = diagrams.profile.get("profiles", {}).get(case["profile"], {}).get("readings", {})
    terms = services().library.terms(case["set_hash"], case["profile"], case["readings"])
    return [
        {
            "name": name,
            "title": said(str(table[name].get("title", name))),
            "value": terms.reading(name),
            "is_own": terms.reading(name) != table[name].get("value"),
            "alternatives": table[name].get("alternatives", []),
            "source": said(str(table[name].get("source", ""))),
            "confidence": confidence(str(table[name].get("confidence", ""))),
            "note": said(str(table[name].get("note", ""))),
        }
        for name in names
        if name in table
    ]


def terms_of(
    diagrams: DiagramSet, case: Mapping[str, Any], names: Iterable[str], deadlines: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return the terms that a rule counts, with the deadlines of the case that were counted by them."""
    profile = diagrams.profile.get("profiles", {}).get(case["profile"], {})
    table = profile.get("terms", {})
    return [
        {
            **term_in_words(table[name], profile),
            "name": name,
            "deadlines": [row for row in deadlines if row["term"] == name],
        }
        for name in names
        if name in table
    ]
