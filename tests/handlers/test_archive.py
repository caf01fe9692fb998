"""The end of a case: originals back, every paper in its place, evidence of the principles."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.archive import check, file_case, prepare
from tests.handlers.certification_case import a_case, code_of

REVIEWED = {"application_decision": {"outcome": "sign"}}
RETURNED = {"document": "Учредительные документы", "returned_on": "2026-03-02", "received_by": "С. Ахметова"}
FILES = [{"document": title, "reference": "Дело"} for title in ("Заявка с приложениями", "Решение по заявке")]


def closing(**more: Any) -> dict[str, Any]:
    """Return case data of a refused application with its lists."""
    data = REVIEWED | more
    return data | dict(prepare(a_case(data)).data)


def test_only_papers_that_exist_are_listed() -> None:
    lists = closing()["closing_list"]

    assert [row["document"] for row in lists["files"]] == ["Заявка с приложениями", "Решение по заявке"]
    assert lists["originals"] == [{"document": "Учредительные документы"}]


def test_a_termination_that_was_not_signed_is_no_paper() -> None:
    titles = [row["document"] for row in closing(termination={"outcome": "in_time"})["closing_list"]["files"]]

    assert "Решение о прекращении работ" not in titles


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"returns": [RETURNED], "files": FILES}, None),
        ({"files": FILES}, "ORIGINAL_NOT_RETURNED"),
        ({"returns": [RETURNED], "files": FILES[:1]}, "FILE_INCOMPLETE"),
    ],
)
def test_a_case_is_closed_with_every_original_returned_and_every_paper_filed(
    values: dict[str, Any], code: str | None
) -> None:
    assert code_of(check, a_case(closing()), values) == code


def test_the_index_of_evidence_has_a_line_for_each_of_the_nine_principles() -> None:
    values = {"returns": [RETURNED], "files": FILES, "copies": "Электронное хранилище"}

    index, evidence = file_case(a_case(closing(originals_return=values), actor="clerk")).documents

    assert index.fields["Возвращённые оригиналы"][0]["Получил"] == "С. Ахметова"
    assert len(evidence.fields) == 4 + 9  # the heading of every paper, then the principles


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"intake": {"status": "REFUSED"}}, "REFUSED"),
        ({"intake": {"status": "ACCEPTED"}, "ca_status": {"result": "TERMINATED"}}, "TERMINATED"),
        ({"intake": {"status": "ACCEPTED"}, "decision_register": {"status": "FINAL"}}, "FINAL"),
    ],
)
def test_the_closed_case_keeps_its_status_in_the_journal(data: dict[str, Any], status: str) -> None:
    values = {"returns": [RETURNED], "files": FILES, "copies": "Электронное хранилище"}

    record = file_case(a_case(closing(originals_return=values, **data), actor="clerk")).records[0]

    assert record.fields["Статус"] == status
