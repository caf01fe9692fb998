"""The book of rules: every rule of the published set, and each with its source, readings and last applications."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from flask_login import current_user
from werkzeug.exceptions import NotFound

from engine.diagram import Node, Process
from engine.library import DiagramSet
from engine.steps import Binding
from storage import maps
from storage.reading.applications import applications
from web.evidence.docstrings import told
from web.evidence.grounds import place_words, terms_of
from web.evidence.pages import room
from web.evidence.reach import Reach, reach
from web.language import language, said
from web.navigation import OVERSEERS, confidence, process_name
from web.refusals import refusal_words
from web.services import current_set, services
from web.values import Words, words
from web.visitor import viewer

LAST = 50
"""Applications that the page of a rule shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An element at which a rule is applied."""

    process: str
    process_name: str
    element: str
    name: str
    is_start: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A handler that the published diagrams name."""

    handler: Binding
    places: tuple[Place, ...]
    source: str

    @property
    def is_guard(self) -> bool:
        """Whether it looks at what a person sends in."""
        return self.handler.kind == "guard"

    @property
    def title(self) -> str:
        """The names of its elements, each once: what a reader of the diagrams knows it by."""
        return "; ".join(dict.fromkeys(place.name for place in self.places))

    def fits(self, text: str) -> bool:
        """Whether every word that is looked for is somewhere in it."""
        names = (self.handler.name, self.title, self.source, *self.handler.requirements)
        processes = (place.process_name for place in self.places)
        searched = " ".join((*names, *processes)).lower()
        return all(word in searched for word in text.lower().split())


@room.get("/rules")
def book() -> str:
    """Show every rule that the published diagrams apply, in the order in which cases meet them."""
    found = _known()
    text = request.args.get("q", "").strip()[:100]
    rules = [one for one in _rules(found) if one.is_guard or told(one.handler).is_rule]
    places = [(rule.handler.name, place.process, place.element) for rule in rules for place in rule.places]
    with services().database.reading() as connection:
        cases = maps.cases_by_name(connection, viewer(), places)
    shown = [rule for rule in rules if rule.fits(text)]
    return render_template("evidence/book.html", rules=shown, every=len(rules), cases=cases, text=text)


@room.get("/rules/<name>")
def rule(name: str) -> str:
    """Show one rule: its source, what it looks at, and how it ruled last."""
    found = _known()
    one = next((each for each in _rules(found) if each.handler.name == name), None)
    if one is None:
        raise NotFound
    reached = reach(one.handler.call)
    starts = [place.process for place in one.places if place.is_start]
    places = [(place.process, place.element) for place in one.places if not place.is_start]
    with services().database.reading() as connection:
        # Every ruling leads to the rules of its case, which are for those who answer for the procedures or judge them.
        is_overseen = bool(current_user.roles & OVERSEERS)
        rows = applications(connection, viewer(), places, starts, limit=LAST) if is_overseen else []
    rows = [row for row in rows if row["type"] != "TaskRefused" or row["data"].get("code") in one.handler.refuses]
    return render_template(
        "evidence/rule.html",
        rule=one,
        found=found,
        told=told(one.handler),
        reads=_named(words(), _read(found, one, reached)),
        writes=_named(words(), one.handler.writes),
        readings=list(_readings(found, reached.readings)),
        terms=[
            (title, terms_of(found, {"profile": profile}, reached.terms, ())) for profile, title in _profiles(found)
        ],
        words=words(),
        requirement=lambda each: found.requirement_text(each, language()),
        refusal_words=refusal_words,
        rows=rows,
        is_overseen=is_overseen,
        element=lambda row: next((place.name for place in one.places if place.element == row["element"]), one.title),
    )


def _known() -> DiagramSet:
    """The published set, for whoever holds an office: what the body goes by is open to all who work by it."""
    found = current_set()
    if found is None or not current_user.roles:
        raise NotFound
    return found


def _rules(found: DiagramSet) -> list[Rule]:
    handlers = services().engine.handlers
    places: dict[str, list[Place]] = {}
    for process in found.processes.values():
        for node in process.nodes:
            for name in (node.operator.name if node.operator else "", node.properties.get("guard", "")):
                if name in handlers:
                    places.setdefault(name, []).append(_place(found, process, node))
    return [
        Rule(handler=handlers[name], places=tuple(at), source=place_words(told(handlers[name]).source))
        for name, at in places.items()
    ]


def _place(found: DiagramSet, process: Process, node: Node) -> Place:
    return Place(
        process=process.id,
        process_name=process_name(process.id, found),
        element=node.id,
        name=said(node.name) or node.id,
        is_start=node.is_start,
    )


def _read(found: DiagramSet, one: Rule, reached: Reach) -> Iterator[str]:
    """Paths that a rule looks at, with the fields of the forms that a guard is handed."""
    yield from reached.paths
    for place in one.places if one.is_guard else ():
        node = found.processes[place.process].node[place.element]
        form = found.forms.get(node.properties.get("formJsonSchemaFilename", ""))
        if form is not None:
            yield from (f"{form.stem}.{name}" for name in reached.fields if name in form.schema.get("properties", {}))


def _named(known: Words, paths: Iterable[str]) -> dict[str, str]:
    """Return paths of case data with what they are called, each once."""
    return {path: ": ".join(dict.fromkeys((known.label(path.split(".")[0]), known.label(path)))) for path in paths}


def _profiles(found: DiagramSet) -> list[tuple[str, str]]:
    profiles: Mapping[str, Any] = found.profile.get("profiles", {})
    return [(name, said(str(one.get("title", name)))) for name, one in profiles.items()]


def _readings(found: DiagramSet, names: Sequence[str] | Mapping[str, None]) -> Iterator[dict[str, Any]]:
    """The readings that a rule asks for, once for each profile that has one."""
    for profile, title in _profiles(found):
        table = found.profile["profiles"][profile].get("readings", {})
        for name in names:
            if name in table:
                yield {
                    **table[name],
                    "name": name,
                    "profile": title,
                    "confidence": confidence(str(table[name].get("confidence", ""))),
                }
