"""A whole certification in a browser: every step by its own person, through their inbox."""

from __future__ import annotations

from pathlib import Path

from app.play.scenario import read
from tests.journeys.telling import Telling


def test_a_certificate_is_granted_through_the_inboxes_of_everybody_concerned(telling: Telling, processes: Path) -> None:
    story = read(processes / "scenarios" / "certification-major-closed-then-granted.yaml")

    telling.tell(story)

    assert len(telling.actors) >= 6
    page = telling.page("assessor")
    page.goto(f"/cases/{telling.case_id}")
    told = page.locator("main").inner_text()
    for words in (telling.number, "завершено", "Документы", "История"):
        assert words in told, words
    assert telling.script_errors == []
