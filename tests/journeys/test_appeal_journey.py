"""A whole appeal in a browser, from the letter that came in to the decision that everybody got."""

from __future__ import annotations

from pathlib import Path

from app.play.scenario import read
from tests.journeys.telling import Telling


def test_an_appeal_is_heard_and_answered_through_the_inboxes_of_body_and_commission(
    telling: Telling, processes: Path
) -> None:
    story = read(processes / "scenarios" / "appeal-expired-procedure.yaml")

    telling.tell(story)

    assert len(telling.actors) >= 6
    page = telling.page("assessor")
    page.goto(f"/cases/{telling.case_id}")
    assert "завершено" in page.locator("main").inner_text()
    assert telling.script_errors == []
