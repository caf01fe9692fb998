"""The one journal: an item's row is written whole each time, so nothing that is known may be missing from it."""

from __future__ import annotations

from handlers.item import journal_row
from handlers.registration import close
from tests.handlers.item_case import an_item, submission


def test_a_closed_appeal_still_says_in_the_journal_what_was_decided() -> None:
    data = {
        "submission": submission(contested_decision="Отказ № 18"),
        "verdict": {"result": "PARTLY_UPHELD"},
        "outcome": {"status": "FINAL"},
        "item_archive": {"folder": "Том 3"},
    }

    row = close(an_item(data)).records[0]

    assert row.fields["Решение"] == "апелляция удовлетворена частично"
    assert row.fields["Оспорено"] == "Отказ № 18"


def test_an_item_that_is_no_appeal_has_no_decision_in_the_journal() -> None:
    assert journal_row(an_item(), "ANSWERED").fields["Решение"] == ""
