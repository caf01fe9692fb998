"""An application brought as a file: read safely, faults named by field and line, nothing lost."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from tests.web.conftest import Browser, Page
from web.application_file import Unreadable, read_file

Sign = Callable[..., Browser]
FORM = "/cases/new/review"
GOOD = "subject: Шум\nkind: proposal\nreceived_on: 2026-01-11\nsites:\n  - {city: Кентау, people: 3}\n"
JSON = (
    '{"subject": "Шум", "kind": "proposal",\n\t"received_on": "2026-01-11", "sites": [{"city": "Кентау", "people": 3}]}'
)


def bring(clerk: Browser, text: str, name: str = "a.yaml") -> Page:
    return clerk.send(clerk.get(FORM), FORM, _do="file", files={"file": (io.BytesIO(text.encode()), name)})


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        JSON,
        "process: review\ndata:\n  " + GOOD.replace("\n", "\n  ").rstrip() + "\n",
    ],
)
def test_a_good_file_fills_the_form_which_then_begins_the_case(browser: Sign, text: str) -> None:
    clerk = browser("clerk")
    page = bring(clerk, text)
    assert page.status == 200
    assert dict(page.form(FORM))["received_on"] == "11.01.2026"

    assert clerk.send(page, FORM).path == "/cases/1"


def test_each_fault_is_named_with_its_field_and_line_and_the_rest_is_filled_in(browser: Sign) -> None:
    page = bring(
        browser("clerk"), GOOD.replace("people: 3", "people: три").replace("proposal", "wish") + "colour: red\n"
    )

    assert page.status == 422
    assert "sites.0.people, строка файла 5" in page.text
    assert "kind, строка файла 2" in page.text
    assert "colour, строка файла 6" in page.text
    assert dict(page.form(FORM))["subject"] == "Шум"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("subject: [a\nkind: b\n", 2),
        ("a: 1\nb: 2\na: 3\n", 3),
        ("day: 2026-02-31\n", 1),
        ("a: &x [1]\nb: *x\n", 2),
        ("a: !!python/object/apply:os.system ['true']\n", 1),
        ('{"a": 1,\n "b": }}', 2),
    ],
)
def test_what_is_no_plain_file_is_refused_with_the_line(text: str, line: int) -> None:
    with pytest.raises(Unreadable) as refused:
        read_file(text.encode(), "a.yaml")

    assert refused.value.facts["line"] == line


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"", b"- 1\n- 2\n", b"text", b"[" * 3_000, b"x" * 3_000_000])
def test_what_holds_no_fields_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read_file(content, "a.yaml")
