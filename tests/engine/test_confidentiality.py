"""What is open to whom, and what is left of a form when the confidential is taken out of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.confidentiality import Clearance, confidential_uploads, veiled

ROW = {"confidential": True, "kind": "annex", "by": "a", "must_sign": []}


@pytest.mark.parametrize(
    ("who", "row", "opens"),
    [
        (Clearance(login="b", is_cleared=False), {**ROW, "confidential": False}, True),
        (Clearance(login="b", is_cleared=False), ROW, False),
        (Clearance(login="a", is_cleared=False), ROW, False),  # "a" happened to do the task before
        (Clearance(login="b", is_cleared=True), ROW, True),
        (Clearance(login="b", is_cleared=False), {**ROW, "must_sign": ["b"]}, True),
        (Clearance(login="b", is_cleared=False), {**ROW, "must_sign": '["bb"]'}, False),
        (Clearance(login="b", is_cleared=False, is_party=True, party_kinds=frozenset({"protocol"})), ROW, False),
    ],
)
def test_a_paper_is_open_to_its_signer_and_the_cleared(who: Clearance, row: dict[str, Any], opens: bool) -> None:
    assert who.opens_document(row) is opens


SECRET = {
    "properties": {
        "open": {"type": "string"},
        "closed": {"type": "string", "x-confidential": True},
        "rows": {
            "type": "array",
            "items": {
                "properties": {
                    "file": {"type": "string", "format": "attachment", "x-confidential": {"hide": True}},
                    "hide": {"type": "boolean"},
                }
            },
        },
    }
}
TEXTS = st.text(min_size=1, max_size=5)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "open": TEXTS,
            "closed": TEXTS,
            "rows": st.lists(st.fixed_dictionaries({"file": TEXTS}, optional={"hide": st.booleans()})),
        },
    )
)
def test_what_is_veiled_holds_no_confidential_answer_and_loses_nothing_else(values: dict[str, Any]) -> None:
    found = veiled(SECRET, values)

    rows = values.get("rows", [])
    assert "closed" not in found
    assert found.get("open") == values.get("open")
    assert [row.get("file") for row in found.get("rows", [])] == [
        None if row.get("hide") is True else row["file"] for row in rows
    ]
    assert confidential_uploads(SECRET, values) == {row["file"] for row in rows if row.get("hide") is True}
