"""What is confidential, as the signed-in person meets it: closed, or open with an event for each look."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flask import g
from flask_babel import gettext
from flask_login import current_user

from engine.confidentiality import Clearance, clearance, confidential_uploads, veiled
from engine.library import DiagramSet
from storage.chain import Event, append
from storage.instants import to_text
from storage.reading import cases
from web.services import services
from web.visitor import viewer


def clearance_in(case_id: int) -> Clearance:
    """Return what the person may read in a case that they may see; found once a request."""
    known: dict[int, Clearance] = g.setdefault("clearances", {})
    if case_id not in known:
        login = current_user.login
        with services().database.reading() as connection:
            diagrams = services().library.set(cases.set_of(connection, case_id))
            rows = cases.participants(connection, case_id)
            handed_in = cases.forms_by(connection, case_id, login)
        groups: dict[str, list[str]] = {}
        for row in rows:
            if row["until"] is None:
                groups.setdefault(row["group"], []).append(row["login"])
        known[case_id] = clearance(
            diagrams,
            login=login,
            roles=current_user.roles,
            groups=groups,
            handed_in=handed_in,
            is_party=viewer().is_party,
        )
    return known[case_id]


def note_look(case_id: int, what: str, *, by: str = "", **data: Any) -> None:
    """Note that the person, or whoever came by a link (`by`), looks at something confidential; once a request."""
    seen: set[tuple[Any, ...]] = g.setdefault("looked_at", set())
    mark = (case_id, what, *data.values())
    if mark in seen:
        return
    seen.add(mark)
    at, actor = to_text(services().clock.now()), by or current_user.login
    look = Event(type="ConfidentialRead", actor=actor, at=at, case_id=case_id, data={"what": what, **data})
    with services().database.writing() as connection:
        append(connection, [look])


def opened(row: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers of a submission that the person may read."""
    values: dict[str, Any] = dict(row["values"])
    bare = veiled(schema, values)
    if bare == values or (current_user.is_authenticated and row["actor"] == current_user.login):
        return values
    if not clearance_in(row["case_id"]).opens_answers(row["actor"]):
        return bare
    note_look(row["case_id"], str(schema.get("title", row["form"])), submission=row["id"])
    return values


def opened_input(row: Mapping[str, Any]) -> str:
    """Return the case data with which an incident's step began, as JSON, as far as the person may read them."""
    whole: dict[str, Any] = json.loads(row["input"])
    bare = bare_data(services().library.set(row["set_hash"]), whole)
    if bare == whole:
        return str(row["input"])
    if clearance_in(row["case_id"]).is_cleared:
        note_look(row["case_id"], gettext("Сбой"), incident=row["id"])
        return str(row["input"])
    return json.dumps(bare, ensure_ascii=False)


def bare_data(diagrams: DiagramSet, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return case data without what forms asked for as confidential."""
    forms = diagrams.forms
    asked = {key: forms[f"{key}.json"].schema for key in data if f"{key}.json" in forms}
    return {key: _bare(asked[key], one) if key in asked else one for key, one in data.items()}


def _bare(schema: Mapping[str, Any], value: Any) -> Any:
    """Return what a form left in case data (for each member's answer: a list of them) without the confidential."""
    if isinstance(value, list):
        return [_bare(schema, one) for one in value]
    return veiled(schema, value) if isinstance(value, Mapping) else value


def closed_uploads(submissions: Sequence[Mapping[str, Any]], clear: Clearance) -> set[str]:
    """Return the ids of the uploads that are closed to the person, named in confidential answers of these forms."""
    return {key for key, author in _confidential(submissions).items() if not clear.opens_answers(author)}


def opens_upload(row: Mapping[str, Any]) -> bool:
    """Whether the person may have an upload of a case that they may see; a look at a confidential one is an event."""
    with services().database.reading() as connection:
        found = _confidential(cases.submissions(connection, row["case_id"]))
    if row["id"] not in found or row["by"] == current_user.login:
        return True
    if not clearance_in(row["case_id"]).opens_answers(found[row["id"]]):
        return False
    note_look(row["case_id"], row["filename"], upload=row["id"])
    return True


def _confidential(submissions: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return the confidential uploads of submissions, id -> who handed them in."""
    found: dict[str, str] = {}
    for row in submissions:
        form = services().library.set(row["set_hash"]).forms.get(row["form"])
        keys = confidential_uploads(form.schema, row["values"]) if form else set()
        found.update(dict.fromkeys(keys, row["actor"]))
    return found
