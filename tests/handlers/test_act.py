"""Act and closing meeting."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.act import check, closing, draw, record_closing, register
from tests.handlers.certification_case import a_case, code_of
from tests.handlers.test_findings import finding, graded

ACT = {"results": "Проверено", "strengths": "Люди", "weaknesses": "Закупки", "conclusion": "CONFORMING_SUBJECT_TO_CA"}
CLIENT = {"signed_by": "Б. Оспанов, директор", "signed_on": "2026-03-02"}
SIGNED = {"name": "Б. Оспанов", "position": "директор", "signed": True}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"conclusion": "CONFORMING"}, "CONCLUSION_NOT_ALLOWED"),
        ({"conclusion": "NOT_CONFORMING"}, "CONCLUSION_NOT_ALLOWED"),
        ({"observers": [{"name": "Наблюдатель", "signed": False}]}, "SIGNATURE_MISSING"),
    ],
)
def test_the_conclusion_is_the_one_that_the_findings_give(changes: dict[str, Any], code: str | None) -> None:
    assert code_of(check, a_case(graded(finding("1"))), ACT | changes) == code


def test_the_act_is_drawn_up_with_its_number_for_everybody_who_signs_it() -> None:
    data = graded(finding("1"), finding("2", "notification")) | {"act": ACT, "act_signers": ["expert1"]}

    (document,) = draw(a_case(data)).documents

    assert document.fields["Номер"] == "С-2026-0001-А"
    assert document.fields["Раздел 5. Уведомления"] == "2"
    assert len(document.fields["Экземпляры"]) == 2
    assert document.signers[0] == "Асель Тулегенова, руководитель группы"
    assert document.signers[-1].endswith(", заявитель")
    assert document.must_sign == ("role:team_leader", "expert1", "role:applicant")
    assert document.signed_by_actor


def test_the_signed_act_has_a_row_in_the_journal_of_works() -> None:
    outcome = register(a_case(graded(finding("1")) | {"act": ACT, "act_client": CLIENT}))

    assert outcome.data["act_register"] == {"number": "С-2026-0001-А", "date": "2026-03-02"}
    assert outcome.records[0].fields["Акт"] == "С-2026-0001-А"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"held_on": "2026-03-01"}, "ACT_NOT_SIGNED"),
        ({"held_on": "2026-03-03"}, "DATE_IN_FUTURE"),
        ({"participants": [SIGNED | {"signed": False}]}, "SIGNATURE_MISSING"),
        ({"preliminary_conclusion": "CONFORMING"}, "CONCLUSION_CHANGED"),
    ],
)
def test_the_closing_meeting_follows_the_act_and_says_the_same(changes: dict[str, Any], code: str | None) -> None:
    case = a_case({"act": ACT, "act_register": {"date": "2026-03-02"}})
    values = {"held_on": "2026-03-02", "participants": [SIGNED], "preliminary_conclusion": "CONFORMING_SUBJECT_TO_CA"}

    assert code_of(closing, case, values | changes) == code


def test_findings_are_told_from_significant_to_notification() -> None:
    rows = [finding("1", "notification"), finding("2", "negligible"), finding("3", "significant"), finding("4")]
    meeting = {
        "held_on": "2026-03-02",
        "strengths": "Люди",
        "weaknesses": "Закупки",
        "preliminary_conclusion": "NOT_CONFORMING",
        "participants": [SIGNED],
    }

    outcome = record_closing(a_case(graded(*rows) | {"closing_meeting": meeting}))

    assert [row["Номер"] for row in outcome.documents[0].fields["Выводы по значимости"]] == ["3", "4", "2", "1"]
    assert outcome.data["stage2"] == {"last_day": "2026-03-02"}
