"""A case goes on when those have signed who must."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from engine.steps import Case, Person, Refused, Terms
from handlers.signatures import complete, unsigned

ORDER = {"kind": "order", "number": "С-1/1", "title": "Приказ", "must_sign": ["director"]}
ACT = {"kind": "act", "number": "С-1/2", "title": "Акт", "must_sign": ["auditor1", "expert1"]}
PEOPLE = [{"login": "expert1", "name": "Канат Дюсенов"}, {"login": "auditor1", "name": "Асель Тулегенова"}]


def given(signed: Sequence[str]) -> dict[str, str]:
    return dict(zip(("number", "login", "role", "via"), signed, strict=False))


def case_with(documents: Sequence[Mapping[str, Any]], *signed: tuple[str, ...]) -> Case:
    rows: dict[str, Sequence[Mapping[str, Any]]] = {
        "documents": documents,
        "signatures": [{"role": "", "via": "", **one} for one in map(given, signed)],
        "person": PEOPLE,
    }
    actor = Person(login="officer", name="Данияр Ахметов")
    now = datetime(2026, 1, 12, tzinfo=UTC)
    terms = cast("Terms", None)
    return Case(
        number="С-1", process="p", data={}, now=now, actor=actor, terms=terms, registers=lambda name: rows[name]
    )


def test_a_case_without_documents_that_must_be_signed_goes_on() -> None:
    complete(case_with([{**ORDER, "must_sign": []}]), {})


def test_everybody_who_must_sign_is_waited_for_by_name() -> None:
    case = case_with([ORDER, ACT], ("С-1/1", "director"), ("С-1/2", "auditor1"))

    with pytest.raises(Refused) as caught:
        complete(case, {})

    assert caught.value.code == "UNSIGNED_DOCUMENT"
    assert "С-1/2 «Акт» — Канат Дюсенов" in str(caught.value)


def test_when_all_have_signed_the_case_goes_on() -> None:
    complete(case_with([ACT], ("С-1/2", "auditor1"), ("С-1/2", "expert1")), {})


def test_a_signature_under_another_document_does_not_count() -> None:
    assert unsigned(case_with([ORDER], ("С-1/9", "director"))) == [("С-1/1 «Приказ»", "director")]


def test_a_document_drawn_up_anew_takes_the_place_of_the_one_before() -> None:
    again = {**ORDER, "number": "С-1/5"}

    assert unsigned(case_with([ORDER, again], ("С-1/5", "director"))) == []
    assert unsigned(case_with([ORDER, again], ("С-1/1", "director"))) == [("С-1/5 «Приказ»", "director")]


def test_the_organisation_has_signed_when_somebody_signed_for_it_however_it_came() -> None:
    sheet = {"kind": "sheet", "number": "С-1/3", "title": "Лист", "must_sign": ["role:applicant"]}

    assert unsigned(case_with([sheet], ("С-1/3", "link:1", "applicant", "link"))) == []
    assert unsigned(case_with([sheet], ("С-1/3", "officer", "applicant", "on_behalf"))) == []
    with pytest.raises(Refused) as caught:
        complete(case_with([sheet], ("С-1/3", "officer")), {})
    assert "организация-заявитель" in str(caught.value)


def test_what_somebody_enters_for_another_is_not_their_own_signature() -> None:
    entered = ("С-1/1", "director", "head", "on_behalf")

    assert unsigned(case_with([ORDER], entered)) == [("С-1/1 «Приказ»", "director")]
