"""Journals: found, filtered, sorted, and taken away without a formula or a hidden case in them."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import pytest

from app.wiring import Services
from storage.steps import save_records, to_json
from storage.tables import participant

Browsers = Callable[..., Any]
COLUMNS = ("Держатель", "Город", "Дней", "Стандарты", "Выдан", "Статус")


@pytest.fixture
def journal(services: Services, case: int) -> None:
    """Sixty rows of one journal."""
    rows = []
    for number in range(1, 61):
        fields = {
            "Держатель": f"ТОО «Держатель {number}»",
            "Город": "Кентау" if number % 2 else "Шымкент",
            "Дней": number * 10,
            "Стандарты": ["ISO 9001", "ISO 14001"],
            "Выдан": f"2026-01-{number % 28 + 1:02d}",
            "Статус": "VALID",
        }
        at = f"2026-01-12T05:00:{number % 60:02d}.000000+00:00"
        rows.append(
            {"journal": "works", "key": f"З-{number:03d}", "case_id": case, "fields": to_json(fields), "at": at}
        )
    rows[6] |= {"fields": to_json({"Держатель": '=HYPERLINK("http://x")', "Город": "<i>Тараз</i>", "Дней": 5})}
    with services.database.writing() as connection:
        save_records(connection, rows)


def keys(page: Any) -> list[str]:
    return [part for part in page.text.split() if part.startswith("З-")]


def sheet(content: bytes) -> list[list[Any]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [[cell.value for cell in row] for row in book.active.iter_rows()]


def test_journals_are_listed_by_their_russian_names(journal: None, browser: Browsers) -> None:
    page = browser("head").get("/journals")

    assert "Журнал работ" in page.text
    assert "/journals/works" in page.html


def test_the_newest_rows_come_first_and_the_others_page_by_page(journal: None, browser: Browsers) -> None:
    head = browser("head")

    first, second = head.get("/journals/works"), head.get("/journals/works?page=2")

    assert (len(keys(first)), len(keys(second))) == (50, 10)
    assert keys(first)[0] == "З-059"
    assert "действует" in first.text
    assert not set(keys(first)) & set(keys(second))


def test_a_row_leads_to_its_case(journal: None, browser: Browsers, case: int) -> None:
    assert f'href="/cases/{case}"' in browser("head").get("/journals/works").html


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("sort=_key&down=0", "З-001"),
        ("sort=_key&down=1", "З-060"),
        ("sort=Дней&down=1", "З-060"),  # 600 is more than 90
        ("sort=Дней&down=0", "З-007"),
        ("sort=Выдан&down=0&f.Выдан=2026", "З-056"),  # the first of January, the newest such row
        ("sort=nonsense", "З-059"),
        ('sort=a") or 1=1 --', "З-059"),
    ],
)
def test_rows_are_sorted_by_any_column(query: str, first: str, journal: None, browser: Browsers) -> None:
    assert keys(browser("head").get(f"/journals/works?{query}"))[0] == first


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("q=«держатель 17»", 1),
        ("f.Город=шымкент", 30),
        ("f.Город=Кентау&f.Дней=610", 0),
        ("f.Выдан=02.01.2026", 3),  # 1, 29, 57
        ("f.Стандарты=14001", 50),
        ("f._key=З-04", 10),
        ("f.Город=%", 0),
        ("f.Нет такого=1", 50),
        ("q=' or 1=1 --", 0),
    ],
)
def test_rows_are_filtered_by_words_of_a_column_or_of_any(
    query: str, count: int, journal: None, browser: Browsers
) -> None:
    assert len(keys(browser("head").get(f"/journals/works?{query}"))) == count


def test_what_stands_in_a_journal_is_text_and_never_part_of_the_page(journal: None, browser: Browsers) -> None:
    page = browser("head").get("/journals/works?q=Тараз&f.Город=<i>")

    assert "&lt;i&gt;Тараз" in page.html
    assert "<i>" not in page.html


def test_a_workbook_holds_the_filtered_rows_and_no_formula(journal: None, browser: Browsers) -> None:
    answer = browser("head").client.get("/journals/works.xlsx?f.Дней=5&sort=_key&down=0")

    assert answer.status_code == 200
    rows = sheet(answer.data)
    assert rows[0] == ["Запись", "Дело", *COLUMNS, "Внесено"]
    assert rows[1][0] == "З-005"
    formula = next(row for row in rows if row[0] == "З-007")
    assert formula[2] == '=HYPERLINK("http://x")'
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert {cell.data_type for row in book.active.iter_rows() for cell in row} <= {"s", "n", "d"}
    assert len(rows) == 1 + 16  # 5, 50 and 50 to 590: 150, 250, 350, 450, 500 to 590, 5


def test_in_a_workbook_days_are_days_and_numbers_are_numbers_under_a_head_that_stays(
    journal: None, browser: Browsers
) -> None:
    answer = browser("head").client.get("/journals/works.xlsx?sort=_key&down=0&f._key=З-001")

    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    found = {head.value: cell for head, cell in zip(*sheet.iter_rows(max_row=2), strict=True)}
    assert (found["Дней"].value, found["Дней"].data_type) == (10, "n")
    assert (found["Выдан"].value.date(), found["Выдан"].number_format) == (date(2026, 1, 2), "dd.mm.yyyy")
    assert found["Внесено"].is_date
    assert found["Держатель"].value == "ТОО «Держатель 1»"
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("A2", "A1:I2", "$1:$1")


def test_both_files_hold_all_rows_and_not_one_page(journal: None, browser: Browsers) -> None:
    head = browser("head")

    assert len(sheet(head.client.get("/journals/works.xlsx?page=2").data)) == 61
    pdf = head.client.get("/journals/works.pdf")
    assert pdf.data.startswith(b"%PDF-")
    assert "%D0%96%D1%83%D1%80%D0%BD%D0%B0%D0%BB" in pdf.headers["Content-Disposition"]  # Журнал


@pytest.mark.parametrize("path", ["/journals", "/journals/works", "/journals/works.xlsx", "/journals/works.pdf"])
def test_nobody_without_an_office_reads_a_journal(path: str, journal: None, browser: Browsers) -> None:
    assert browser().get(path).path == "/sign-in"
    page = browser("applicant").get(path)
    assert page.status == 404 or "З-001" not in page.text


@pytest.mark.parametrize("path", ["/journals/works", "/journals/works.xlsx"])
def test_rows_of_hidden_cases_are_in_no_list_and_no_file(
    path: str, journal: None, browser: Browsers, services: Services, case: int
) -> None:
    with services.database.writing() as connection:
        row = {"case_id": case, "group": "no_access", "login": "head", "since": "2026", "until": None}
        connection.execute(participant.insert(), row)

    assert browser("head").get(path).status == 404
    assert browser("admin").get(path).status == 200


def test_an_unknown_journal_is_not_found(browser: Browsers) -> None:
    assert browser("head").get("/journals/nothing").status == 404
    assert browser("head").get("/journals/works.exe").status == 404
