"""A refused organisation confirms by its link that it has the decision, and the month to appeal begins."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.play import player
from app.play.scenario import read
from engine.steps import Person
from storage.reading import cases
from tests.journeys.telling import Telling
from tests.journeys.test_party_by_link import GUEST, answer, move, staged


@pytest.mark.parametrize("with_scripts", [True, False])
def test_a_refused_organisation_confirms_the_receipt_by_its_link_and_the_record_says_so(
    telling: Telling, processes: Path, with_scripts: bool
) -> None:
    scenario = read(processes / "scenarios" / "reissue-late.yaml")
    stage = staged(telling)
    player._start(stage, scenario)
    context = telling.chromium.new_context(
        base_url=telling.address,
        java_script_enabled=with_scripts,
        locale="ru-RU",
        viewport={"width": 390, "height": 800},
    )
    page = context.new_page()

    for step in scenario.steps:
        if step.task == "confirm_receipt":
            move(stage, step)
            answer(page, telling, stage, step, "officer")
            break
        player._take(stage, step)

    with telling.services.database.reading() as connection:
        data = cases.data(connection, stage.case_id)
        history = cases.history(connection, stage.case_id, 50)
    done = next(row for row in history if (row["type"], row["element"]) == ("TaskCompleted", "confirm_receipt"))
    assert data["receipt_proof"]["text"] == f"организация сама, по личной ссылке ({GUEST[0]})"
    assert data["refusal_status"]["appeal_until"]
    told_by(telling.people()["officer"], telling, stage.case_id, done["data"])
    context.close()


def told_by(officer: Person, telling: Telling, case_id: int, noted: dict[str, str]) -> None:
    """What staff see of it: in the history of the case, and the event behind it."""
    assert noted["via"] == "link"
    page = telling.page(officer.login)
    page.goto(f"/cases/{case_id}")
    assert "По личной ссылке: «Подтвердить получение»" in page.content()
