"""The organisation confirms a receipt: from which day it is believed, who said so, who is reminded."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.steps import Admission, Person
from handlers.receipt import received, record, remind
from tests.handlers.certification_case import Data, a_case, code_of

HANDED: Data = {"handed_over": {"what": "решение об отказе", "since": "2026-03-02"}}
VALUES = {"received_on": "2026-03-05", "way": "post", "received_by": "Б. Оспанов, директор"}
GUEST = Person(
    login="link:1",
    name="Б. Оспанов",
    admission=Admission(case_id=1, role="applicant", token_hash="0"),
)


@pytest.mark.parametrize(
    ("sent", "received_on", "code"),
    [
        ({}, "2026-03-01", "DATE_WRONG"),
        ({}, "2026-03-02", None),
        ({"delivery": {"sent_on": "2026-03-04"}}, "2026-03-03", "DATE_WRONG"),
        ({"delivery": {"sent_on": "2026-03-04"}}, "2026-03-04", None),
        ({"status_delivery": {"sent_on": "2026-03-04"}}, "2026-03-03", "DATE_WRONG"),
        ({"delivery": {"sent_on": "2026-02-01"}}, "2026-03-01", "DATE_WRONG"),  # of an earlier refusal
        ({}, "2026-03-06", "DATE_WRONG"),
    ],
)
def test_nothing_is_received_before_it_was_sent_or_in_the_future(
    sent: Data, received_on: str, code: str | None
) -> None:
    case = a_case({**HANDED, **sent}, now="2026-03-05T18:00")

    assert code_of(received, case, {**VALUES, "received_on": received_on}) == code


def test_the_record_tells_a_receipt_of_the_organisation_itself_from_one_that_staff_entered() -> None:
    case = a_case({**HANDED, "receipt": VALUES}, groups={"applicant": ["applicant"]})
    applicant = a_case(actor="applicant").actor

    by_link = record(replace(case, actor=GUEST))
    by_account = record(replace(case, actor=applicant))
    by_staff = record(case)

    assert by_link.data["receipt_proof"]["text"] == "организация сама, по личной ссылке (Б. Оспанов)"
    assert by_account.data["receipt_proof"]["text"] == f"организация сама, с учётной записи ({applicant.name})"
    assert by_staff.data["receipt_proof"]["text"] == "внёс(ла) за организацию Данияр Ахметов, скан приложен"
    (row,) = by_staff.records
    assert (row.journal, row.fields["Способ"], row.fields["Получено"]) == (
        "receipts",
        "Почтой с уведомлением",
        "2026-03-05",
    )


def test_the_organisation_is_asked_to_confirm_and_the_officers_to_bring_proof() -> None:
    letters = remind(a_case(HANDED)).letters

    assert [letter.kind for letter in letters] == ["receipt_reminder", "receipt_missing"]
    assert letters[1].to == "officer@sertico.example"
