"""What a case left at the elements that it passed: the answers in forms and the documents, for a map to lead to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import url_for
from flask_babel import gettext as _

from engine.diagram import Process
from storage.database import Connection
from storage.reading import cases
from web.confidential import clearance_in
from web.language import moment
from web.navigation import who
from web.visitor import viewer


def traces(connection: Connection, process: Process, case_id: int) -> dict[str, Sequence[Mapping[str, str]]]:
    """Return element -> what the reader may open of it, each with `text` and `url`, newest first."""
    found: dict[str, list[Mapping[str, str]]] = {}
    for row in cases.submissions(connection, case_id):
        # What a case began with is the party's own word, whoever typed it in.
        if viewer().may_read(author=row["actor"], is_confidential=row["task_id"] is not None):
            text = _("Ответ: %(who)s, %(when)s", who=who(row["actor"], row["actor_name"]), when=moment(row["at"]))
            link = {"text": text, "url": url_for("cases.submission", submission_id=row["id"])}
            found.setdefault(row["element"], []).append(link)
    clear = clearance_in(case_id)
    for row in cases.documents(connection, case_id):
        if clear.opens_document(row):
            link = {
                "text": f"{row['title']}, {row['number']}",
                "url": url_for("papers.document", document_id=row["id"]),
            }
            found.setdefault(row["element"], []).append(link)
    return {element: links for element, links in found.items() if element in process.node}
