"""Cases: the list, and the page that tells everything about one."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, render_template, request
from flask_login import current_user
from werkzeug.exceptions import NotFound

from engine.signers import places
from engine.stand_ins import nobody_may
from storage import messages, registers, signatures
from storage.database import Connection
from storage.reading import access, cases, inbox, people
from storage.reading.cases import Filter
from web.confidential import clearance_in, closed_uploads
from web.desk import groups_of
from web.flags import flags_of
from web.navigation import OVERSEERS, diagrams, group_name
from web.paging import Paging
from web.readings import own_readings
from web.services import services
from web.surroundings import submission_fields
from web.visitor import viewer
from web.words import OTHER_CASES, REFUSED, element_name, event_words, journal_name

room = Blueprint("cases", __name__)

PAGE = 50
SHORT_HISTORY = 60
LONG_HISTORY = 5_000
OPEN_TO_PARTIES = frozenset({"CaseStarted", "CaseEnded", "DocumentIssued"})
STATUSES = ("open", "ended", "incident")


@room.get("/cases")
def index() -> str:
    """Show the cases that the person may see."""
    status = request.args.get("status", "")
    wanted = Filter(
        process=request.args.get("process", ""),
        status=status if status in STATUSES else "",
        text=request.args.get("q", "").strip()[:100],
    )
    paging = Paging.asked(PAGE)
    with services().database.reading() as connection:
        rows = cases.cases(connection, viewer(), wanted, offset=paging.offset, limit=PAGE + 1)
    found = diagrams()
    return render_template(
        "cases/index.html",
        rows=paging.cut(rows),
        paging=paging,
        wanted=wanted,
        processes=found.starting if found else (),
    )


@room.get("/cases/<int:case_id>")
def show(case_id: int) -> str:
    """Show one case."""
    is_long = request.args.get("history") == "all"
    with services().database.reading() as connection:
        row = cases.one(connection, viewer(), case_id)
        if row is None:
            raise NotFound
        parts: dict[str, Any] = {
            "history": cases.history(connection, case_id, LONG_HISTORY if is_long else SHORT_HISTORY + 1),
            "participants": cases.participants(connection, case_id),
            "deadlines": cases.deadlines(connection, case_id),
            "submissions": cases.submissions(connection, case_id),
            "documents": _with_places(connection, cases.documents(connection, case_id), case_id),
            "letters": cases.letters(connection, case_id),
            "attachments": cases.attachments(connection, case_id),
            "records": cases.records(connection, case_id),
            "related": cases.related(connection, viewer(), row),
            "incidents": cases.incidents_of_case(connection, case_id),
            "tasks": inbox.tasks_of_case(connection, case_id),
            "awaiting": messages.awaiting(connection, case_id),
        }
        parts = _readable(_opened(connection, row, parts))
        groups, staff = groups_of(parts["participants"]), registers.people(connection)
        names = people.names(connection, _mentioned(parts))
        data = cases.data(connection, case_id)
    set_of_case = services().library.set(row["set_hash"])
    has_more = not is_long and len(parts["history"]) > SHORT_HISTORY
    titles = {document["number"]: document["title"] for document in parts["documents"]}
    history = [
        {
            **event,
            "words": event_words(
                _with_title(event, titles), set_of_case, names, lambda name: group_name(name, set_of_case)
            ),
            "is_bad": event["type"] in REFUSED,
        }
        for event in (parts["history"] if is_long else parts["history"][:SHORT_HISTORY])
    ]
    start = next((one for one in reversed(parts["submissions"]) if one["task_id"] is None), None)
    return render_template(
        "cases/case.html",
        case=row,
        diagrams=set_of_case,
        **{**parts, "history": history},
        groups=_by_group(parts["participants"]),
        names=names,
        has_more=has_more,
        is_long=is_long,
        about=submission_fields(start) if start else (),
        readings=own_readings(set_of_case, row),
        stranded={task["id"] for task in parts["tasks"] if nobody_may(task, staff, groups)},
        journal_name=journal_name,
        flags=flags_of(set_of_case, row["process"], data) if viewer().may_read() else [],
        sees_rules=bool(current_user.roles & OVERSEERS),
        element_name=lambda element: element_name(set_of_case, element),
    )


def _with_places(connection: Connection, documents: list[dict[str, Any]], case_id: int) -> list[dict[str, Any]]:
    """Add to each document the `places` for its signatures."""
    read = [{**row, **{name: json.loads(row[name]) for name in ("signers", "must_sign")}} for row in documents]
    people_known = signatures.signing_people(connection, read)
    holders = signatures.holders(connection, case_id, read)
    signed: dict[int, list[dict[str, Any]]] = {}
    for one in signatures.of_case(connection, case_id):
        signed.setdefault(one["document_id"], []).append(one)
    return [{**row, "places": places(row, signed.get(row["id"], []), people_known, holders)} for row in read]


def _opened(connection: Connection, case: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any]:
    """Return the parts without papers that are closed to the person, and without cases that are hidden from them."""
    clear = clearance_in(case["id"])
    closed = closed_uploads(parts["submissions"], clear)
    named = [row["data"].get("number", "") for row in parts["history"] if row["type"] in OTHER_CASES]
    known = cases.visible_numbers(connection, viewer(), named)
    return {
        **parts,
        "documents": [row for row in parts["documents"] if clear.opens_document(row)],
        "attachments": [row for row in parts["attachments"] if row["id"] not in closed],
        "history": [
            row for row in parts["history"] if row["type"] not in OTHER_CASES or row["data"].get("number") in known
        ],
    }


def _readable(parts: dict[str, Any]) -> dict[str, Any]:
    """Return what this person may read of a case; all of it for everybody who holds an office."""
    who = viewer()
    if not who.is_party:
        return parts
    return {
        **parts,
        "history": [row for row in parts["history"] if row["type"] in OPEN_TO_PARTIES or row["actor"] == who.login],
        "submissions": [row for row in parts["submissions"] if _may_read_submission(row)],
        "attachments": [row for row in parts["attachments"] if who.may_read(author=row["by"])],
        "deadlines": [],
        "letters": [],
        "records": [],
        "incidents": [],
    }


def _may_read_submission(row: dict[str, Any]) -> bool:
    # What a case began with is the party's own word, whoever typed it in.
    return viewer().may_read(author=row["actor"], is_confidential=row["task_id"] is not None)


def _with_title(event: dict[str, Any], titles: dict[str, str]) -> dict[str, Any]:
    if event["type"] not in ("DocumentIssued", "DocumentPrinted", "DocumentSigned"):
        return event
    return {**event, "data": {**event["data"], "title": titles.get(event["data"].get("number", ""), "")}}


def _mentioned(parts: dict[str, Any]) -> set[str]:
    found = {row["login"] for row in parts["participants"]}
    for row in parts["history"]:
        found |= {str(row["data"].get(key) or "") for key in ("login", "assignee", "former", "by")}
    found |= {str(row["reserved_for"] or "") for row in parts["tasks"]}
    return found


def _by_group(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["group"], []).append(row)
    return found


@room.get("/submissions/<int:submission_id>")
def submission(submission_id: int) -> str:
    """Show a form exactly as it was handed in."""
    with services().database.reading() as connection:
        row = cases.submission_one(connection, submission_id)
        if row is None or not access.is_visible(connection, viewer(), row["case_id"]) or not _may_read_submission(row):
            raise NotFound
        case = cases.one(connection, viewer(), row["case_id"])
        behalf = people.names(connection, [row["on_behalf_of"] or ""])
        scans = cases.attachments_of_task(connection, row["task_id"]) if row["on_behalf_of"] else []
    found = services().library.set(row["set_hash"])
    return render_template(
        "cases/submission.html",
        row=row,
        case=case,
        behalf=behalf,
        scans=scans,
        diagrams=found,
        fields=submission_fields(row),
        name=element_name(found, row["element"]),
        form_title=found.forms[row["form"]].schema.get("title", "") if row["form"] in found.forms else "",
        is_own=row["actor"] == current_user.login,
    )
