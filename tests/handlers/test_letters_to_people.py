"""Nobody is written to about a case that is closed to them."""

from __future__ import annotations

from handlers.item import to_people
from tests.handlers.item_case import an_item


def test_a_letter_to_several_people_leaves_out_whom_the_case_is_closed_to() -> None:
    case = an_item(groups={"no_access": ["head"]})

    letters = to_people(case, ["head", "officer"], "vote_opened", "Голосование", "Проголосуйте.")

    assert [letter.to.partition("@")[0] for letter in letters] == ["officer"]
