"""Templates of documents as the quality engineer tries them: on a real document, before anything is published."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from app.wiring import Services
from storage import maps, people
from storage.reading import papers
from tests.web.conftest import Browser, Page

Sign = Callable[..., Browser]


@pytest.fixture
def quality(services: Services, browser: Sign, password_hash: str) -> Browser:
    with services.database.writing() as connection:
        people.enter_person(connection, {"login": "quality", "name": "quality"}, ["quality_engineer"])
        people.set_password(connection, "quality", password_hash)
    return browser("quality")


def begun(quality: Browser, kind: str, content: str) -> Page:
    """Begin a template, and put this into it."""
    quality.post("/editor/new-document", kind=kind)
    page = quality.get(f"/editor/documents/{kind}.typ")
    return quality.send(page, f"/editor/documents/{kind}.typ", content=content, act="save")


def test_a_template_is_kept_as_a_draft_and_listed(services: Services, quality: Browser, paper: int) -> None:
    page = begun(quality, "act", "// Наш акт\n= Акт")

    assert "Черновик «documents/act.typ» сохранён" in page.text
    with services.database.reading() as connection:
        assert maps.draft_contents(connection) == {"documents/act.typ": "// Наш акт\n= Акт".encode()}
    assert "Наш акт" in page.text


def test_a_real_document_is_looked_at_before_anything_is_published(quality: Browser, paper: int) -> None:
    begun(quality, "act", "= Акт")
    page = quality.get("/editor/documents/act.typ")

    seen = quality.send(page, "/editor/documents/act.typ", content="= Другой акт", act="preview")

    assert seen.html.count("data:image/png;base64,") == 1
    assert "= Другой акт" in seen.html


def test_the_sample_comes_as_a_pdf_too(quality: Browser, paper: int) -> None:
    begun(quality, "act", "= Акт")

    page = quality.get("/editor/documents/act.typ")
    answer = quality.send(page, "/editor/documents/act.typ", content="= Акт", act="pdf")

    assert answer.response.data.startswith(b"%PDF-")


def test_an_error_of_typst_is_shown_with_its_line(quality: Browser, paper: int) -> None:
    begun(quality, "act", "= Акт")
    page = quality.get("/editor/documents/act.typ")

    seen = quality.send(page, "/editor/documents/act.typ", content="= Акт\n\n#nothing-here", act="preview")

    assert seen.status == 422
    assert "файл act.typ, строка 3" in seen.text
    assert re.search(r"<pre class=\"code\">#nothing-here</pre>", seen.html)


def test_a_preview_changes_neither_the_document_nor_the_draft(services: Services, quality: Browser, paper: int) -> None:
    begun(quality, "act", "= Акт")
    page = quality.get("/editor/documents/act.typ")

    quality.send(page, "/editor/documents/act.typ", content="= Другой акт", act="preview")

    with services.database.reading() as connection:
        kept = papers.document_one(connection, paper)
        assert maps.draft_contents(connection)["documents/act.typ"] == "= Акт".encode()
    assert kept is not None
    assert kept["pdf_sha256"] is None


def test_templates_are_open_to_quality_engineers_alone(browser: Sign, paper: int) -> None:
    officer = browser("officer")

    assert officer.get("/editor/documents").status == 403
    assert officer.post("/editor/documents/act.typ", content="= Акт", act="save").status == 403


@pytest.mark.parametrize("name", ["..%2Fprofile.toml", "act.bpmn", ".typ", "a%00.typ"])
def test_only_templates_are_edited_here(quality: Browser, name: str) -> None:
    assert quality.get(f"/editor/documents/{name}").status == 404
