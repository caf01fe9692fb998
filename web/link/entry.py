"""Who came by a personal link. The address is the key: looked up anew for each request, and no cookie is needed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import g, request
from werkzeug.exceptions import NotFound

from engine import errors
from engine.confidentiality import Clearance, clearance
from engine.library import DiagramSet
from engine.links import Links
from engine.steps import Person
from storage.reading import cases, inbox, papers
from web.services import services


@dataclass(frozen=True)
class Entry:
    """A person who came by a link, and what the link opens: one role in one case."""

    token: str
    person: Person
    link: dict[str, Any]
    """The row of the link with `number`, `subject`, `process`, `profile`, `set_hash` and `status` of its case."""

    @property
    def case_id(self) -> int:
        """The only case that the link knows."""
        return int(self.link["case_id"])

    @cached_property
    def diagrams(self) -> DiagramSet:
        """The set with which the case began."""
        return services().library.set(self.link["set_hash"])

    @cached_property
    def reads_case(self) -> bool:
        """Whether the role may read what the case is about; whom a complaint is about may not."""
        return bool(self.diagrams.roles.get(self.link["role"], {}).get("reads_case", True))

    @cached_property
    def clearance(self) -> Clearance:
        """What the person may read: what parties may, and their own."""
        return clearance(
            self.diagrams,
            login=self.person.login,
            roles=frozenset(),
            groups={},
            handed_in=frozenset(),
            is_party=True,
        )

    @cached_property
    def tasks(self) -> list[dict[str, Any]]:
        """The open tasks of the link's role, soonest deadline first."""
        with services().database.reading() as connection:
            rows = inbox.tasks_of_case(connection, self.case_id)
        return [row for row in rows if self._is_mine(row)]

    def task(self, task_id: str) -> dict[str, Any] | None:
        """Return an open task of the link, with its case's columns; None if it is no task of theirs."""
        with services().database.reading() as connection:
            row = inbox.task(connection, task_id)
        return row if row is not None and self._is_mine(row) else None

    def _is_mine(self, row: dict[str, Any]) -> bool:
        wanted = (self.case_id, self.link["role"], "case")
        return (row["case_id"], row["role"], row["scope"]) == wanted and not row["reserved_for"]

    @cached_property
    def submissions(self) -> list[dict[str, Any]]:
        """The forms that the person may read: what the case began with, and what was handed in by them or for them."""
        with services().database.reading() as connection:
            rows = cases.submissions(connection, self.case_id)
        return [row for row in rows if (row["task_id"] is None and self.reads_case) or self._is_own(row)]

    def _is_own(self, row: dict[str, Any]) -> bool:
        return bool(row["actor"] == self.person.login or row["on_behalf_of"] == self.link["role"])

    @cached_property
    def documents(self) -> list[dict[str, Any]]:
        """The documents that parties may read, newest first; none for a role that does not read the case."""
        if not self.reads_case:
            return []
        with services().database.reading() as connection:
            rows = cases.documents(connection, self.case_id)
        return [row for row in rows if self.clearance.opens_document(row)]

    @cached_property
    def letters(self) -> list[dict[str, Any]]:
        """The letters addressed to the person, newest first; not the one that carried the link."""
        with services().database.reading() as connection:
            rows = cases.letters(connection, self.case_id)
        return [row for row in rows if row["kind"] != "personal_link" and self._is_addressee(row["addressee"])]

    def _is_addressee(self, addressee: str) -> bool:
        words = {word.strip("<>,;()\"'").casefold() for word in addressee.split()}
        return self.link["email"].casefold() in words

    def upload(self, key: str) -> dict[str, Any]:
        """Return an upload that the person may have: their own, or named in a form they may read; raises NotFound."""
        with services().database.reading() as connection:
            row = papers.upload(connection, key)
        if row is None or row["case_id"] != self.case_id:
            raise NotFound
        if row["by"] != self.person.login and key not in self._named_uploads:
            raise NotFound
        return row

    @cached_property
    def _named_uploads(self) -> frozenset[str]:
        found: set[str] = set()
        for row in self.submissions:
            form = self.diagrams.forms.get(row["form"])
            found.update(form.references(row["values"], "attachment") if form else ())
        return frozenset(found)


def entry() -> Entry:
    """Return who came by the link of this request. Raises engine.errors.NotFound or LinkClosed."""
    if "entry" not in g:
        token = str((request.view_args or {}).get("token", ""))
        if not 20 <= len(token) <= 100:
            raise errors.NotFound(what="ссылка")
        links = Links(database=services().database, library=services().library, clock=services().clock)
        person, row = links.enter(token)
        g.entry = Entry(token=token, person=person, link=row)
    found: Entry = g.entry
    return found
