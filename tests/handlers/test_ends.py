"""What ends with a certificate: the works that were open or planned for it, and the certificate itself on its day."""

from __future__ import annotations

from typing import Any

import pytest

from engine.steps import Case
from handlers.ends import expire, works_closed
from handlers.held import recertifiable
from tests.handlers.certification_case import Data, a_case, code_of

NUMBER = "СМ.2023.0004"
ROW: Data = {
    "_key": NUMBER,
    "Держатель": "ТОО «Кентау-Бетон»",
    "БИН": "180540012345",
    "Область": "Бетон",
    "Стандарты": ["ISO 9001"],
    "Выдан": "2023-01-31",
    "Действует до": "2026-01-31",
    "Статус": "VALID",
}
START: Data = {
    "certificate": NUMBER,
    "valid_until": "2026-01-31",
    "holder": "ТОО «Кентау-Бетон»",
    "email": "quality@kentau-beton.example",
}


def journals(*, status: str = "VALID", open_cases: tuple[tuple[str, str], ...] = (), **more: Any) -> dict[str, Any]:
    """Return the journals of one certificate, with a planned and an open control, two works and two questions."""
    return {
        "journals/certificates": [ROW | {"Статус": status, **more}],
        "journals/surveillances": [
            {"_key": f"{NUMBER}/2", "Сертификат": NUMBER, "Статус": "PLANNED"},
            {"_key": f"{NUMBER}/1", "Сертификат": NUMBER, "Статус": "OPEN", "Дело": "ИК-1"},
            {"_key": f"{NUMBER}/0", "Сертификат": NUMBER, "Статус": "CONFIRMED", "Дело": "ИК-0"},
            {"_key": "СМ.2023.0005/1", "Сертификат": "СМ.2023.0005", "Статус": "OPEN", "Дело": "ИК-9"},
        ],
        "journals/triggers": [{"_key": "ВК-1", "Сертификат": NUMBER}],
        "journals/works": [{"_key": "РС-1", "Сертификат": NUMBER}, {"_key": "С-1", "Сертификат": NUMBER}],
        "journals/status_questions": [{"_key": "СС-1", "Сертификат": NUMBER}],
        "open_cases": [{"number": number, "process": process} for number, process in open_cases],
    }


OPEN = (
    ("ИК-1", "surveillance"),
    ("ИК-9", "surveillance"),
    ("ВК-1", "unplanned_control"),
    ("РС-1", "recertification"),
    ("С-1", "certification"),
    ("СС-1", "certificate_status"),
)


def a_day(day: str, **more: Any) -> Case:
    return a_case({"expiry_start": START}, now=f"{day}T00:00", registers=journals(open_cases=OPEN, **more))


def test_a_withdrawal_closes_what_is_open_for_the_certificate_and_for_no_other() -> None:
    closed = works_closed(a_day("2025-06-02"), NUMBER, "Сертификат отменён.").closes

    assert [each.number for each in closed] == ["ВК-1", "ИК-1", "РС-1", "СС-1"]
    assert {each.reason for each in closed} == {"Сертификат отменён."}


def test_a_withdrawal_takes_the_planned_controls_out_of_the_journal_and_keeps_those_that_were_held() -> None:
    rows = works_closed(a_day("2025-06-02"), NUMBER, "Сертификат отменён.").records

    assert {row.key: row.fields["Статус"] for row in rows} == {
        f"{NUMBER}/2": "CANCELLED_WITH_CERTIFICATE",
        f"{NUMBER}/1": "CANCELLED_WITH_CERTIFICATE",
    }


def test_what_has_ended_already_is_not_closed() -> None:
    case = a_case(now="2025-06-02T10:00", registers=journals(open_cases=(("ИК-9", "surveillance"),)))

    assert works_closed(case, NUMBER, "Сертификат отменён.").closes == []


@pytest.mark.parametrize(
    ("day", "status", "expires"),
    [
        ("2026-01-31", "VALID", False),  # the last day still counts
        ("2026-02-01", "VALID", True),
        ("2026-02-01", "SUSPENDED", True),
        ("2026-02-01", "WITHDRAWN", False),
        ("2026-02-01", "EXPIRED", False),
    ],
)
def test_only_what_is_still_in_force_after_its_last_day_expires(day: str, status: str, expires: bool) -> None:
    outcome = expire(a_day(day, status=status))

    assert (bool(outcome.records), bool(outcome.letters)) == (expires, expires)


def test_a_renewed_certificate_does_not_expire_on_its_former_last_day() -> None:
    case = a_day("2026-02-01", **{"Действует до": "2029-01-31"})

    assert expire(case).records == ()


def test_the_end_of_the_term_is_entered_and_told_and_leaves_only_the_recertification_open() -> None:
    outcome = expire(a_day("2026-02-01"))

    row = outcome.records[0]
    assert (row.journal, row.key) == ("certificates", NUMBER)
    assert (row.fields["Статус"], row.fields["Прекращён"]) == ("EXPIRED", "2026-02-01")
    assert [letter.to for letter in outcome.letters] == [START["email"]]
    assert "31.07.2026" in outcome.letters[0].body
    assert [each.number for each in outcome.closes] == ["ВК-1", "ИК-1", "СС-1"]


@pytest.mark.parametrize(
    ("day", "code"), [("2026-02-01", None), ("2026-07-31", None), ("2026-08-01", "NEW_PROCESS_ONLY")]
)
def test_restoration_may_begin_within_six_months_and_not_later(day: str, code: str | None) -> None:
    case = a_case(now=f"{day}T10:00", registers=journals(status="EXPIRED"))

    assert code_of(recertifiable, case, {"certificate": NUMBER, "origin": "register"}) == code


def test_a_certificate_has_one_recertification_at_a_time() -> None:
    case = a_day("2025-12-01")

    assert code_of(recertifiable, case, {"certificate": NUMBER, "origin": "register"}) == "ALREADY_OPEN"
