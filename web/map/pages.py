"""The pages of the map: published processes, one process, one case; and the JSON that the drawing is coloured from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, abort, jsonify, make_response, render_template, url_for
from flask_login import current_user

from engine.diagram import Process
from engine.library import DiagramSet
from storage import maps
from web.map.form_fields import fields_of, places_of
from web.map.labels import labels
from web.map.model import Element, describe, names_of, profile_of, trail
from web.map.order import called_by
from web.map.state import State, of_all_cases, of_case
from web.navigation import process_name
from web.services import current_set, services
from web.visitor import viewer

EDITOR = "quality_engineer"
"""The role that changes diagrams."""

room = Blueprint("map", __name__)


@room.get("/processes")
def index() -> str:
    """Show every published process with what it calls, and the history of publications."""
    return _set_page(_current())


@room.get("/sets/<set_hash>")
def published_set(set_hash: str) -> str:
    """Show the processes of a certain set, as cases that keep to it go."""
    return _set_page(services().library.set(set_hash))


def _set_page(diagrams: DiagramSet) -> str:
    with services().database.reading() as connection:
        published = maps.publications(connection)
        standing = maps.standing_by_process(connection, viewer())
    groups = [(name, called_by(diagrams, name)) for name in diagrams.starting]
    return render_template(
        "map/index.html",
        diagrams=diagrams,
        groups=groups,
        published=published,
        standing=standing,
        may_edit=may_edit(),
        is_latest=diagrams.hash == _current().hash,
    )


@room.get("/processes/<process>")
def current_process(process: str) -> str:
    """Show a process as new cases follow it."""
    return _process_page(_current(), process)


@room.get("/processes/<process>/<set_hash>")
def published_process(process: str, set_hash: str) -> str:
    """Show a process as it was published in a certain set."""
    return _process_page(services().library.set(set_hash), process)


@room.get("/processes/<process>/<set_hash>/diagram.bpmn")
def diagram(process: str, set_hash: str) -> Response:
    """Hand out the file of a diagram."""
    diagrams = services().library.set(set_hash)
    diagrams.process(process)
    response = make_response(diagrams.files[diagrams.path_of[process]])
    response.content_type = "application/xml; charset=utf-8"
    response.headers["Content-Disposition"] = f'inline; filename="{process}.bpmn"'
    return response


@room.get("/forms/<set_hash>/<file>")
def form(set_hash: str, file: str) -> str:
    """Show what a form asks, field by field."""
    diagrams = services().library.set(set_hash)
    found = diagrams.form(file)
    return render_template(
        "map/form.html",
        diagrams=diagrams,
        form=found,
        fields=list(fields_of(found.schema)),
        places=places_of(diagrams, file),
    )


@room.get("/cases/<int:case_id>/map")
def case(case_id: int) -> str:
    """Show a case on the diagram that it began with."""
    row = _seen_case(case_id)
    return _case_page(row, str(row["process"]))


@room.get("/cases/<int:case_id>/map/<process>")
def case_process(case_id: int, process: str) -> str:
    """Show a case on a diagram that its process calls."""
    return _case_page(_seen_case(case_id), process)


@room.get("/api/processes/<process>/<set_hash>/map")
def process_data(process: str, set_hash: str) -> Response:
    """Hand out what colours the map of a process."""
    diagrams = services().library.set(set_hash)
    found = diagrams.process(process)
    elements, state = _process_map(diagrams, found)
    urls = {name: _process_url(diagrams, name) for name in diagrams.processes}
    return _data(diagrams, found, elements, state, urls, page=urls[process])


@room.get("/api/cases/<int:case_id>/map/<process>")
def case_data(case_id: int, process: str) -> Response:
    """Hand out what colours the map of a case."""
    row = _seen_case(case_id)
    diagrams = services().library.set(row["set_hash"])
    found = diagrams.process(process)
    elements, state = _case_map(row, diagrams, found)
    urls = {name: url_for("map.case_process", case_id=case_id, process=name) for name in diagrams.processes}
    return _data(diagrams, found, elements, state, urls, page=urls[process], number=row["number"])


# Helpers ------------------------------------------------------------------------------------------------------------


def may_edit() -> bool:
    """Whether the visitor may change diagrams."""
    return EDITOR in current_user.roles


def _current() -> DiagramSet:
    return current_set() or abort(404)


def _seen_case(case_id: int) -> dict[str, Any]:
    with services().database.reading() as connection:
        row = maps.seen_case(connection, viewer(), case_id)
    return dict(row) if row else abort(404)


def _process_url(diagrams: DiagramSet, process: str) -> str:
    return url_for("map.published_process", process=process, set_hash=diagrams.hash)


def _process_map(diagrams: DiagramSet, process: Process) -> tuple[list[Element], State]:
    with services().database.reading() as connection:
        state = of_all_cases(connection, viewer(), diagrams, process)
    return describe(diagrams, process, profile_of(diagrams, process.id), services().engine.handlers), state


def _case_map(row: Mapping[str, Any], diagrams: DiagramSet, process: Process) -> tuple[list[Element], State]:
    with services().database.reading() as connection:
        state = of_case(connection, diagrams, process, row["id"])
    return describe(diagrams, process, row["profile"], services().engine.handlers), state


def _process_page(diagrams: DiagramSet, process: str) -> str:
    found = diagrams.process(process)
    elements, state = _process_map(diagrams, found)
    above = [(process_name(name, diagrams), _process_url(diagrams, name)) for name in trail(diagrams, process)[:-1]]
    return render_template(
        "map/process.html",
        diagrams=diagrams,
        process=found,
        elements=elements,
        state=state,
        above=above,
        is_current=diagrams.hash == _current().hash,
        data_url=url_for("map.process_data", process=process, set_hash=diagrams.hash),
        file_url=url_for("map.diagram", process=process, set_hash=diagrams.hash),
        may_edit=may_edit(),
        called_urls={name: _process_url(diagrams, name) for name in diagrams.processes},
    )


def _case_page(row: Mapping[str, Any], process: str) -> str:
    diagrams = services().library.set(row["set_hash"])
    found = diagrams.process(process)
    elements, state = _case_map(row, diagrams, found)
    urls = {name: url_for("map.case_process", case_id=row["id"], process=name) for name in diagrams.processes}
    above = [(process_name(name, diagrams), urls[name]) for name in trail(diagrams, process)[:-1]]
    return render_template(
        "map/case.html",
        case=row,
        diagrams=diagrams,
        process=found,
        elements=elements,
        state=state,
        above=above,
        data_url=url_for("map.case_data", case_id=row["id"], process=process),
        file_url=url_for("map.diagram", process=process, set_hash=diagrams.hash),
        called_urls=urls,
    )


def _data(
    diagrams: DiagramSet,
    process: Process,
    elements: list[Element],
    state: State,
    urls: Mapping[str, str],
    *,
    page: str,
    number: str | None = None,
) -> Response:
    shown = [_shown(diagrams, element, urls) for element in elements]
    return jsonify(
        {
            "process": process.id,
            "diagram": url_for("map.diagram", process=process.id, set_hash=diagrams.hash),
            "case": number,
            "page": page,
            "requirements_url": url_for("requirements.index"),
            "names": names_of(diagrams, process),
            "elements": shown,
            "open": state.open,
            "passed": state.passed,
            "flows_passed": sorted(state.flows_passed),
            "missed": sorted(state.missed),
            "broken": sorted(state.broken),
            "traces": state.traces,
            "labels": labels(),
        }
    )


def _shown(diagrams: DiagramSet, element: Element, urls: Mapping[str, str]) -> dict[str, Any]:
    form_file = element.form["file"] if element.form else ""
    return {
        **asdict(element),
        "called_url": urls.get(element.called, ""),
        "form_url": url_for("map.form", set_hash=diagrams.hash, file=form_file) if form_file else "",
    }
