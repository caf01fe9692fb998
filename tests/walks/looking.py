"""What people see of the cases of a walk: every page there is, asked for as somebody from whom a case is hidden."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from flask import Flask
from sqlalchemy import Table, select
from werkzeug.routing import Rule
from werkzeug.test import Client

from app.config import Config
from app.wiring import build
from engine.duties import NO_ACCESS
from storage import tables
from tests.walks.walking import Walk
from web import create_app

NOT_ASKED = (
    "/static",
    "/sign-out",
    "/editor",
    "/processes",
    "/sets",
    "/forms",
    "/api/processes",
    "/requirements",
    "/l/",
)
"""What knows no case, and what a personal link opens."""
OF_A_CASE: dict[str, Sequence[Table]] = {
    "case_id": (),
    "document_id": (tables.document,),
    "letter_id": (tables.letter,),
    "submission_id": (tables.submission,),
    "incident_id": (tables.incident,),
    "task_id": (tables.open_task,),
    "package_id": (tables.exchange_package,),
    "key": (tables.attachment,),
}


@dataclass
class Looking:
    """The pages of a walk's installation."""

    walk: Walk
    folder: Path

    @cached_property
    def app(self) -> Flask:
        config = Config(data=self.folder, database_url="sqlite://", secret_key="a key for walks")
        parts = build(config, clock=self.walk.clock, database=self.walk.engine.database)
        return create_app(replace(parts, engine=self.walk.engine, library=self.walk.engine.library))

    def hidden(self) -> Iterator[tuple[str, int]]:
        """Yield (login, case) for everybody from whom a case is hidden now."""
        query = select(tables.participant.c.login, tables.participant.c.case_id)
        hidden = query.where(tables.participant.c.group == NO_ACCESS, tables.participant.c.until.is_(None)).distinct()
        with self.walk.engine.database.reading() as connection:
            yield from [(login, case_id) for login, case_id in connection.execute(hidden)]

    def traces(self, case_id: int) -> set[str]:
        """Return the words by which a case would be known on a page: its number, and what it says of the matter."""
        values = tables.case_value
        with self.walk.engine.database.reading() as connection:
            number = connection.execute(select(tables.case.c.number).where(tables.case.c.id == case_id)).scalar_one()
            said = connection.execute(
                select(values.c.value).where(values.c.case_id == case_id, values.c.key == "submission")
            ).scalar_one_or_none()
        told = json.loads(said) if said else {}
        return {str(number), *(str(told[name]) for name in ("summary", "subject") if len(told.get(name, "")) > 12)}

    def seen_by(self, login: str, case_id: int) -> dict[str, set[str]]:
        """Return address -> traces of the case that somebody finds there."""
        traces, client, found = self.traces(case_id), self.client(login), {}
        for address in self.addresses(case_id, sorted(traces)):
            answer = client.get(address, follow_redirects=True)
            assert answer.status_code < 500, self.walk.story_of(f"{answer.status_code} at {address} for {login}")
            words = _words(answer.get_data()).replace(address, "")
            here = {trace for trace in traces if trace in words and trace not in unquote(address)}
            if here:
                found[address] = here
        return found

    def client(self, login: str) -> Client:
        client: Client = self.app.test_client()
        with client.session_transaction() as session:  # type: ignore[attr-defined]
            session["_user_id"], session["_fresh"] = f"0:{login}", True
        return client

    def addresses(self, case_id: int, words: Sequence[str]) -> Iterator[str]:
        """Yield every address that can be asked for, with everything of the case that could stand in its places."""
        for rule in self.app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or rule.rule.startswith(NOT_ASKED):
                continue
            names = sorted(rule.arguments)
            for values in product(*(self.places(rule, name, case_id) for name in names)):
                built = rule.build(dict(zip(names, values, strict=True)))
                if built is not None:
                    yield built[1]
        for word in words:
            yield from (f"/{page}?q={word}" for page in ("search", "cases", "inbox", "letters", "journals/appeals"))

    def places(self, rule: Rule, name: str, case_id: int) -> Sequence[Any]:
        if name == "case_id":
            return [case_id]
        with self.walk.engine.database.reading() as connection:
            if name in OF_A_CASE:
                rows = [
                    connection.execute(select(table.c.id).where(table.c.case_id == case_id)).scalars().all()
                    for table in OF_A_CASE[name]
                ]
                return [one for some in rows for one in some]
            if name == "name" and rule.rule.startswith("/journals"):
                query = select(tables.record.c.journal).where(tables.record.c.case_id == case_id).distinct()
                return connection.execute(query).scalars().all()
            if name == "process":
                process = select(tables.case.c.process).where(tables.case.c.id == case_id)
                return [connection.execute(process).scalar_one()]
        return ["xlsx"] if name == "kind" else ["0"]


def _words(content: bytes) -> str:
    """Return what an answer says: a page, or the sheets of a table inside its archive."""
    if not content.startswith(b"PK"):
        return content.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
