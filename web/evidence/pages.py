"""The page of the rules of one case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import Blueprint, render_template, request
from flask_login import current_user
from werkzeug.exceptions import NotFound

from engine.confidentiality import veiled
from engine.library import DiagramSet
from storage.reading import cases, people
from web.confidential import clearance_in
from web.evidence.applied import Applied, Input, applied
from web.evidence.grounds import place_words, readings_of, terms_of
from web.forms.render import Field
from web.language import language, said
from web.navigation import OVERSEERS
from web.refusals import refusal_words
from web.services import services
from web.surroundings import submission_fields
from web.values import Words
from web.visitor import viewer
from web.words import element_name

room = Blueprint("evidence", __name__)

MOST_EVENTS = 20_000
LONGEST_LOGIN = 64
VIEWS: dict[str, Callable[[Applied], bool]] = {
    "": lambda rule: True,
    "steps": lambda rule: not rule.is_guard,
    "guards": lambda rule: rule.is_guard,
    "refused": lambda rule: rule.is_refusal,
}
"""What of the rules of a case is shown."""
SHOWN_ALONE = {
    "audit_time": ("systems", "summary", "total", "minimum", "onsite", "integration_percent"),
    "grading": ("readings", "summary"),
}
"""Parts of results that have a table of their own."""
CLOSED = "•••"
SHORTEST_SECRET = 4  # characters; shorter answers, such as a yes, would close words of every result


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One input as the page shows it."""

    title: str
    forms: tuple[tuple[Mapping[str, Any], tuple[Field, ...]], ...] = ()
    """Submissions with the fields that were read."""
    step: int | None = None
    value: Any = None


@room.get("/cases/<int:case_id>/rules")
def rules(case_id: int) -> str:
    """Show the rules of a case to whoever answers for the procedures or judges them."""
    with services().database.reading() as connection:
        case = cases.one(connection, viewer(), case_id)
        if case is None or not current_user.roles & OVERSEERS:
            raise NotFound
        events = cases.history(connection, case_id, MOST_EVENTS)[::-1]
        submissions = cases.submissions(connection, case_id)[::-1]
        deadlines = cases.deadlines(connection, case_id)
        names = people.names(connection, _logins(row["data"] for row in events))
    diagrams = services().library.set(case["set_hash"])
    found = applied(diagrams, services().engine.handlers, events, submissions)
    view = request.args.get("view", "")
    view = view if view in VIEWS else ""
    words = Words(diagrams, names)
    closed = _closed(case_id, submissions)
    read = cache(lambda number: submission_fields(by_id[number]))
    by_id = {row["id"]: row for row in submissions}
    return render_template(
        "evidence/rules.html",
        case=case,
        diagrams=diagrams,
        rules=[rule for rule in found if VIEWS[view](rule)],
        counts={name: sum(map(fits, found)) for name, fits in VIEWS.items()},
        view=view,
        name_of=lambda rule: _name(rule, diagrams),
        refusal_words=refusal_words,
        inputs=lambda rule: [_shown(one, words, closed, diagrams, read) for one in rule.inputs],
        results=lambda rule: _results(_masked(_ordered(rule), closed), words),
        factors=lambda rule: _masked(_factors(rule, words), closed),
        compared=_compared,
        readings=lambda rule: readings_of(diagrams, case, rule.reach.readings),
        terms=lambda rule: terms_of(diagrams, case, rule.reach.terms, deadlines),
        requirement=lambda name: diagrams.requirement_text(name, language()),
        words=words,
        place_words=place_words,
    )


def _name(rule: Applied, diagrams: DiagramSet) -> str:
    """Return where a rule was met: the element, or the form with which the case began."""
    if rule.event["type"] == "CaseStarted":
        form = diagrams.start_form(str(rule.event["data"].get("process", "")))
        return said(str(form.schema.get("title", form.stem))) if form else ""
    return element_name(diagrams, rule.event["element"])


def _shown(
    one: Input, words: Words, closed: frozenset[str], diagrams: DiagramSet, read: Callable[[int], tuple[Field, ...]]
) -> Shown:
    form = diagrams.forms.get(f"{one.key}.json")
    title = said(str(form.schema.get("title", one.key))) if form else words.label(one.key)
    if one.step is not None:
        value = _masked(one.value, closed)
        return Shown(title=title, step=one.step, value=words.told(value, one.key))
    return Shown(title=title, forms=tuple((row, _named(read(row["id"]), one.names)) for row in one.submissions))


def _named(fields: Iterable[Field], names: Sequence[str]) -> tuple[Field, ...]:
    """Return the fields that were read and have something to read in them."""
    return tuple(one for one in fields if not one.is_empty and (not names or one.name.rpartition(".")[2] in names))


def _ordered(rule: Applied) -> dict[str, Any]:
    """Return what a rule wrote in the order in which it declares it: events keep names by alphabet."""
    order = {path: number for number, path in enumerate(rule.handler.writes)}

    def place(path: str) -> int:
        return order.get(path, len(order))

    return {
        key: {name: value[name] for name in sorted(value, key=lambda name: place(f"{key}.{name}"))}
        if isinstance(value, Mapping)
        else value
        for key, value in rule.wrote.items()
    }


def _results(wrote: Any, words: Words) -> dict[str, Any]:
    """Return what was written by label; a single group is opened, for its name is the step's.

    What is shown on its own (the factors of a time, readings side by side) is left out.
    """
    found: dict[str, Any] = {}
    for key, value in wrote.items():
        inner = value if isinstance(value, Mapping) and len(wrote) == 1 else {"": value}
        for name, one in inner.items():
            if name in SHOWN_ALONE.get(key, ()):
                continue
            path = f"{key}.{name}" if name else key
            found[words.label(path)] = words.told(one, path)
    return found


def _factors(rule: Applied, words: Words) -> list[dict[str, Any]]:
    """Return how the audit time came about, line by line with its reason; [] for any other rule."""
    time = rule.wrote.get("audit_time")
    if not isinstance(time, Mapping) or "systems" not in time:
        return []
    lines: list[dict[str, Any]] = [
        {
            "what": "table",
            "why": f"{words.told(row['table'], 'table')}, {row['band']}",
            "days": row["table_days"],
            "of": words.told(row["system"], "system"),
        }
        for row in time["systems"]
    ]
    answers = (row["values"] for one in rule.inputs for row in one.submissions)
    lines += [
        {"what": "adjustment", "why": each.get("reason", ""), "percent": each.get("percent")}
        for values in answers
        for each in values.get("adjustments", [])
    ]
    lines.append({"what": "integration", "why": "", "percent": time.get("integration_percent")})
    lines += [{"what": name, "why": "", "days": time.get(name)} for name in ("total", "minimum", "onsite")]
    return lines


def _compared(rule: Applied) -> list[Mapping[str, Any]]:
    """Return the readings that a rule reckoned side by side, the one that holds marked; [] where there is one."""
    for value in rule.wrote.values():
        rows = value.get("readings") if isinstance(value, Mapping) else None
        if isinstance(rows, list) and len(rows) > 1 and all(isinstance(row, Mapping) for row in rows):
            return [{**row, "holds": row.get("reading") == value.get("reading")} for row in rows]
    return []


def _closed(case_id: int, submissions: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """Return the confidential answers that the reader may not know, for a rule may have copied them."""
    clear = clearance_in(case_id)
    found: set[str] = set()
    for row in submissions:
        form = services().library.set(row["set_hash"]).forms.get(row["form"])
        if form is not None and not clear.opens_answers(row["actor"]):
            found |= set(_texts(row["values"])) - set(_texts(veiled(form.schema, row["values"])))
    return frozenset(text for text in found if len(text) >= SHORTEST_SECRET)


def _masked(value: Any, closed: frozenset[str]) -> Any:
    """Return a value in which closed answers cannot be read."""
    if not closed:
        return value
    if isinstance(value, Mapping):
        return {name: _masked(one, closed) for name, one in value.items()}
    if isinstance(value, list):
        return [_masked(one, closed) for one in value]
    if isinstance(value, str):
        for secret in closed:
            value = value.replace(secret, CLOSED)
    return value


def _logins(values: Iterable[Any]) -> set[str]:
    """Return the texts that may be logins."""
    return {text for text in _texts(list(values)) if len(text) <= LONGEST_LOGIN and " " not in text}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, str):
        yield value
