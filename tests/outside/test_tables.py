"""Tables on paper: every row is read back, nothing runs into the next column, the head stands on every sheet."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from outside.tables import PrintedTable, sheets
from tests.outside import drawn

NAME = (
    "«Қазақстан-Өзбекстан құрылыс материалдары өндірістік-коммерциялық бірлестігі „Ұлы дала“ — Oʻzbekiston qurilish "
    "mollari, Gʻijduvon tumani, Ғиждувон, ҳамкорлик ва тараққиёт» жауапкершілігі шектеулі серіктестігі"
)
WORD = "https://tizim.example.uz/reestr/sertifikatlar/2026/0001-Ұзынсөз-превысокомногорассмотрительствующий"
HEAD = ["Запись", "Держатель", "БИН", "Область", "Стандарты", "Выдан", "Дней", "Состояние", "Примечание"]


def table(columns: int, rows: int = 60) -> PrintedTable:
    """Rows of a register with names without end and a word without a break."""
    row = [
        "KZ.2026.{}",
        NAME,
        "180540012345",
        "Товарный бетон",
        "ISO 9001\nISO 14001",
        date(2026, 3, 2),
        2.5,
        "5d867b8f83dc6cbd" * 4,
        WORD,
    ]
    cells = [[value.format(number) if isinstance(value, str) else value for value in row] for number in range(rows)]
    return PrintedTable(
        title="Реестр сертификатов",
        organisation=NAME,
        language="ru",
        conditions=[f"Держатель: {NAME}"],
        note="Сформировано 12.01.2026 10:00",
        head=[*HEAD, *HEAD][:columns],
        rows=[[*one, *one][:columns] for one in cells],
        made_at=datetime(2026, 1, 12, tzinfo=UTC),
    )


@pytest.mark.parametrize("columns", [3, 9, 14])
def test_a_journal_of_long_names_stays_within_its_columns_and_sheets(columns: int) -> None:
    made = drawn.sheets(sheets(table(columns)))

    assert len(made) > 1
    assert [pair for sheet in made for pair in drawn.overlaps(sheet)] == []
    assert [text for sheet in made for text in drawn.outside(sheet)] == []
    assert all(sheet.width > sheet.height for sheet in made)
    assert all("Держатель" in sheet.repeated for sheet in made[1:])
    assert all(f"{place} / {len(made)}" in sheet.repeated for place, sheet in enumerate(made, 1))


def test_a_journal_says_days_and_numbers_as_people_write_them() -> None:
    text = "".join(sheet.text for sheet in drawn.sheets(sheets(table(9, rows=1))))

    assert "02.03.2026" in text
    assert "2,5" in text
    assert "".join(WORD.split("-")) in text.replace("-", "")


def test_a_journal_of_hundreds_of_rows_is_set_in_the_time_that_a_person_waits() -> None:
    assert sheets(table(9, rows=800)).startswith(b"%PDF-")
