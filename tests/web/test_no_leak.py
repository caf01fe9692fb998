"""Two real stories told with a secret in every free text: no page, list, search, file or refusal says it to others.

Every address of the application is asked, with every row that there is, by everybody who may not see: the head whom the
complaint is about, staff without a part in it, members of no commission, parties of other cases, holders of links.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice, product
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask
from sqlalchemy import select

from app.play.scenario import Scenario
from app.wiring import Services
from engine.confidentiality import is_confidential
from engine.library import DiagramSet
from engine.links import Links
from engine.steps import Person
from storage import steps as stored
from storage.reading import access, papers
from storage.reading.rows import every
from storage.tables import (
    attachment,
    document,
    event,
    exchange_package,
    incident,
    letter,
    open_task,
    record,
    submission,
    user,
)
from tests.web.conftest import PASSWORD, Browser
from tests.web.stories import played
from web import create_app
from web.security import limiter

SECRET, SEALED = "Ъявноъ", "Ътайноъ"
"""Stands in every free text; stands in those that are confidential within the case."""
HEAD_STORY, APPEAL_STORY, OTHER_STORY = 1, 2, 3
STORIES = (("complaint-about-head", 24), ("appeal-tied-vote", 999), ("proposal-studied", 3))
KEPT = ("complaint_case", "certification_case", "email", "name")
"""Texts by which programs find something, or that are codes."""
FORM = "formJsonSchemaFilename"
OUTSIDERS = ("auditor2", "applicant")


def marked(schema: Mapping[str, Any], values: Mapping[str, Any], mark: str = SECRET) -> dict[str, Any]:
    """Return the values of a form with a mark in every free text."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        prop = schema.get("properties", {}).get(name, {})
        own = SEALED if is_confidential(prop, values) else mark
        if isinstance(value, Mapping):
            found[name] = marked(prop, value, own)
        elif isinstance(value, list):
            items = prop.get("items", {})
            found[name] = [marked(items, one, own) if isinstance(one, Mapping) else one for one in value]
        else:
            found[name] = f"{value} {own}" if _is_free(name, prop, value) else value
    return found


def _is_free(name: str, prop: Mapping[str, Any], value: Any) -> bool:
    coded = {"oneOf", "enum", "format", "pattern"} & set(prop)
    room = int(prop.get("maxLength", 10_000)) - len(str(value))
    return isinstance(value, str) and prop.get("type") == "string" and not coded and room > 9 and name not in KEPT


def told(scenario: Scenario, diagrams: DiagramSet, count: int) -> Scenario:
    """Return the first steps of a story with marks in its free texts, and without its expectations."""
    nodes = {
        node.id: node for process in diagrams.processes.values() for node in process.nodes if FORM in node.properties
    }

    def form(task: str) -> Mapping[str, Any]:
        schema: Mapping[str, Any] = diagrams.forms[nodes[task].properties[FORM]].schema
        return schema

    start = diagrams.start_form(scenario.process)
    steps = [
        replace(step, expect=None, data=marked(form(step.task), step.data) if step.task else step.data)
        for step in scenario.steps[:count]
        if step.task or step.at
    ]
    begin = marked(start.schema if start else {}, scenario.start_data)
    return replace(scenario, start_data=begin, steps=tuple(steps))


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory, password_hash: str) -> Iterator[Services]:
    services = played(tmp_path_factory.mktemp("leak"), password_hash, STORIES, "Asia/Tashkent", told)
    with services.database.writing() as connection:
        broken = {"case_id": HEAD_STORY, "element": "check", "error": SECRET, "trace": SECRET, "at": "2026-03-02"}
        data = stored.to_json({"submission": {"subject": SECRET}})
        stored.insert_rows(connection, "incident", [{**broken, "input": data, "retry_at": None}])
    yield services
    services.close()


@pytest.fixture(scope="module")
def app(installation: Services) -> Iterator[Flask]:
    found: Flask = create_app(installation, {"TESTING": False, "RATELIMIT_ENABLED": False})
    yield found
    limiter.enabled = True  # one for all applications of the process


def rows_of(services: Services) -> dict[str, list[Any]]:
    """Return what can stand in each place of an address: every row that there is."""
    with services.database.reading() as connection:

        def ids(table: Any, column: str = "id") -> list[Any]:
            return [row[column] for row in every(connection, select(table.c[column]).distinct())]

        found = {
            "case_id": [HEAD_STORY, APPEAL_STORY],
            "document_id": ids(document),
            "submission_id": ids(submission),
            "letter_id": ids(letter),
            "incident_id": ids(incident),
            "package_id": ids(exchange_package),
            "task_id": [*ids(open_task), *[one for one in ids(submission, "task_id") if one][::3]],
            "key": ids(attachment),
            "journal": ids(record, "journal"),
        }
        return {**found, "set_hash": [papers.current_set(connection)], "link_id": [1]}


def addresses(app: Flask, services: Services) -> list[str]:
    """Return every address of the application that a browser can ask for, with every row in its places."""
    known = rows_of(services)
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in ("static", "sign_in.show"):
            continue
        if rule.rule.startswith("/l/") or rule.endpoint in ("tasks.reload", "map.diagram", "editor.diagram"):
            continue
        places = [_choices(rule.rule, name, known) for name in sorted(rule.arguments)]
        for values in islice(product(*places), 400):
            built = rule.build(dict(zip(sorted(rule.arguments), values, strict=True)))
            if built is not None:
                found.append(built[1])
    words = [SECRET, SEALED, "Фаргона", "А-2026-0001", "руководителя"]
    asked = [f"{page}?q={word}" for page in ("/search", "/cases", "/inbox", "/letters", "/people") for word in words]
    asked += [f"/journals/{name}?q={word}" for name in known["journal"] for word in words[:1]]
    return [*found, *asked, "/inbox?view=all", "/letters?view=all", "/incidents?resolved=1", "/exchange?view=all"]


def _choices(rule: str, name: str, known: Mapping[str, list[Any]]) -> list[Any]:
    if name == "name":
        return known["journal"] if rule.startswith("/journals") else ["reply.typ", "protocol_annex.typ", "document.typ"]
    if name == "kind":
        return ["xlsx"]
    given: dict[str, list[Any]] = {"process": ["appeal"], "file": ["submission.json"], "login": ["head"]}
    texts = ["А-2026-0001"] if name in ("number", "path") else []
    return known.get(name) or given.get(name) or texts or ["1"]


def words_of(content: bytes) -> str:
    """Return what an answer says: a page, or the sheets of a workbook; a PDF holds no letters that could be read."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
    return content.decode(errors="replace")


def marks_in(browser: Browser, address: str, marks: tuple[str, ...]) -> list[str]:
    """Return which of the marks an answer says that the address itself did not."""
    answer = browser.client.get(address, follow_redirects=True)
    assert answer.status_code < 500, address
    said = words_of(answer.get_data()).replace(address, "")
    return [mark for mark in marks if mark in said and mark not in unquote(address)]


def sees(services: Services, login: str, case_id: int, app: Flask) -> bool:
    from web.visitor import load, viewer

    with app.test_request_context("/"):
        from flask_login import login_user

        with services.database.reading() as connection:
            row = next(row for row in every(connection, select(user)) if row["login"] == login)
        visitor = load(f"{row['session_stamp']}:{login}")
        assert visitor is not None
        login_user(visitor)
        with services.database.reading() as connection:
            return access.is_visible(connection, viewer(), case_id)


@pytest.mark.parametrize("login", ["head", *OUTSIDERS])
def test_whoever_may_not_see_a_case_meets_none_of_its_words(app: Flask, installation: Services, login: str) -> None:
    assert not sees(installation, login, HEAD_STORY, app)
    visitor = Browser(app)
    visitor.sign_in(login, PASSWORD)
    may_see_appeal = sees(installation, login, APPEAL_STORY, app)

    marks = (SEALED if may_see_appeal else SECRET, "Фаргона")

    found = {one: marks_in(visitor, one, marks) for one in addresses(app, installation)}

    assert {address: said for address, said in found.items() if said} == {}


INSIDERS = ("admin", "lawyer")


@pytest.mark.parametrize("login", INSIDERS)
def test_within_a_case_the_confidential_is_closed_to_all_but_those_whom_the_profile_names(
    app: Flask, installation: Services, login: str
) -> None:
    visitor = Browser(app)
    visitor.sign_in(login, PASSWORD)

    found = {one: marks_in(visitor, one, (SEALED,)) for one in addresses(app, installation)}

    assert {address: said for address, said in found.items() if said} == {}


def test_those_whom_the_profile_names_do_read_it_and_each_look_is_an_event(app: Flask, installation: Services) -> None:
    visitor = Browser(app)
    visitor.sign_in("director", PASSWORD)
    before = looks(installation, "director")
    asked = [one for one in addresses(app, installation) if one.startswith(("/documents/", "/submissions/"))]
    open_to = [one for one in asked if marks_in(visitor, one, (SEALED,))]

    assert looks(installation, "director") - before >= len(open_to)
    assert any(one.startswith("/documents/") for one in open_to)
    assert any(one.startswith("/submissions/") for one in open_to)


def looks(services: Services, login: str) -> int:
    with services.database.reading() as connection:
        query = select(event).where(event.c.type == "ConfidentialRead", event.c.actor.like(login))
        return len(every(connection, query))


def test_a_file_of_what_is_closed_is_not_given_either(app: Flask, installation: Services) -> None:
    """A PDF holds no letters that could be searched, so its answer must be that there is none."""
    with installation.database.reading() as connection:
        rows = every(connection, select(document))
    hidden = [row["id"] for row in rows if row["case_id"] == HEAD_STORY]
    annexes = [row["id"] for row in rows if row["kind"] == "protocol_annex"]
    head = Browser(app)
    head.sign_in("head", PASSWORD)

    closed = (*hidden, *annexes)
    files = [f"/documents/{one}{end}" for one in closed for end in (".pdf", "/signatures.pdf", "/signed.pdf")]

    assert hidden
    assert annexes
    assert {head.client.get(one).status_code for one in files} == {404}


@pytest.mark.parametrize(("case_id", "other"), [(OTHER_STORY, "Самарканд"), (APPEAL_STORY, "Фаргона")])
def test_a_link_opens_one_case_and_nothing_sealed_in_it(
    app: Flask, installation: Services, case_id: int, other: str
) -> None:
    path = f"/l/{link(installation, case_id)}"
    known = rows_of(installation)
    pages = [path]
    for place, name in (
        ("documents", "document_id"),
        ("letters", "letter_id"),
        ("tasks", "task_id"),
        ("uploads", "key"),
    ):
        pages += [f"{path}/{place}/{one}" for one in known[name]]
    guest = Browser(app)

    found = {one: marks_in(guest, one, (SEALED, "Фаргона", other)) for one in pages}

    assert guest.get(path).status == 200
    assert {address: said for address, said in found.items() if said} == {}


def test_whoever_reads_a_confidential_paper_by_a_link_leaves_an_event(app: Flask, installation: Services) -> None:
    path = f"/l/{link(installation, APPEAL_STORY)}"
    with installation.database.reading() as connection:
        query = select(document.c.id).where(document.c.case_id == APPEAL_STORY, document.c.kind == "protocol")
        protocol = connection.execute(query).scalar_one()
    guest = Browser(app)
    before = looks(installation, "link:%")

    assert guest.get(f"{path}/documents/{protocol}").status == 200
    assert guest.client.get(f"{path}/documents/{protocol}.pdf").status_code == 200
    assert looks(installation, "link:%") == before + 2


def link(services: Services, case_id: int) -> str:
    """Let somebody into a case by a link and return its token."""
    made_by = Links(database=services.database, library=services.library, clock=services.clock)
    clerk = Person(login="clerk", name="Айгерим Сулейменова", roles=frozenset({"clerk"}))
    token = made_by.create(case_id, "applicant", "Гость", "guest@example.uz", clerk)
    assert token is not None
    return token
