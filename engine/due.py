"""Deadlines of elements: from the term that a diagram names to the row that the inbox shows and explains."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from engine.diagram import Node
from engine.errors import EngineFault
from engine.live import LiveCase
from engine.steps import Due, value_at
from storage.instants import to_text

_LITERAL = re.compile(
    r"P(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?"
)


def due_of(live: LiveCase, term: str, now: datetime) -> Due:
    """Compute the deadline of a term for the case as it stands.

    A start that the case does not know yet counts as now: the clock of a person runs from when they were asked.
    """
    start = live.terms.start(term)
    moment = None if start in ("task", "case") else _moment(value_at(live.data, start))
    return live.terms.due(term, moment or now.astimezone(live.terms.zone))


def timer_due(live: LiveCase, node: Node, now: datetime) -> Due | datetime:
    """Return when a timer event fires: the due of its term, or the instant of its literal counted from now."""
    term = node.properties.get("deadline")
    if term:
        return due_of(live, term, now)
    local = now.astimezone(live.terms.zone)
    literal = node.event.time.strip().strip("'\"") if node.event else ""
    match = _LITERAL.fullmatch(literal)
    if match and literal not in ("P", "PT") and not literal.endswith("T"):
        return local + timedelta(**{unit: int(amount) for unit, amount in match.groupdict().items() if amount})
    instant = _moment(literal)
    if instant is None:
        raise EngineFault(f"The time {literal!r} of {node.id} is neither a duration nor a date.")
    if isinstance(instant, datetime):
        return instant
    return datetime.combine(instant, datetime.min.time(), local.tzinfo)


def deadline_row(live: LiveCase, element: str, task_id: str, due: Due) -> dict[str, Any]:
    """Return the row that explains a deadline for ever after."""
    return {
        "case_id": live.id,
        "task_id": task_id,
        "element": element,
        "term": due.term,
        "title": due.title,
        "start_on": due.start.isoformat(),
        "duration": due.duration,
        "day_type": due.day_type,
        "roll": due.roll,
        "calendar": due.calendar,
        "reading": due.reading,
        "source": due.source,
        "confidence": due.confidence,
        "due_on": due.day.isoformat(),
        "due_at": to_text(due.due),
        "status": "running",
        "closed_at": None,
    }


def _moment(value: Any) -> date | datetime | None:
    if isinstance(value, Mapping) or not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
    except ValueError:
        return None
