"""Readings of the source: chosen when a case begins, kept with it, shown on its page."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from sqlalchemy import select

from app import sample
from app.config import PROCESSES, Argon2Cost, Config
from app.play.scenario import read
from app.wiring import Services, upgraded
from engine.clock import MovedClock
from engine.library import read_folder
from engine.steps import SYSTEM
from storage.tables import case, event
from tests.web.conftest import PASSWORD, Browser, Page
from web import create_app

START = "/cases/new/certification"
TAXONOMY = "reading.nc.taxonomy"


@pytest.fixture
def shipped(tmp_path: Path, password_hash: str) -> Iterator[Services]:
    """The sample organisation with the shipped procedures."""
    config = Config(
        data=tmp_path,
        database_url=f"sqlite:///{tmp_path / 'test.db'}",
        secret_key="a key for tests",
        argon2=Argon2Cost(time=1, memory_kib=8, parallelism=1),
    )
    built = upgraded(config, clock=MovedClock(datetime(2026, 1, 12, 5, tzinfo=UTC)))
    built.engine.publish(read_folder(PROCESSES), SYSTEM, "tests")
    with built.database.writing() as connection:
        sample.load(connection, sample.read(PROCESSES), password_hash=lambda login: password_hash)
    yield built
    built.close()


@pytest.fixture
def officer(shipped: Services) -> Browser:
    browser = Browser(create_app(shipped))
    browser.sign_in("officer", PASSWORD)
    return browser


def _filled(browser: Browser) -> Page:
    """Return the start form, filled in from a file."""
    story = read(PROCESSES / "scenarios" / "certification-granted-three-sites.yaml")
    content = yaml.safe_dump(dict(story.start_data), allow_unicode=True).encode()
    page = browser.get(START)
    return browser.send(page, START, _do="file", files={"file": (io.BytesIO(content), "заявка.yaml")})


def test_a_case_begins_with_the_readings_of_the_profile_unless_others_are_chosen(
    shipped: Services, officer: Browser
) -> None:
    page = _filled(officer)
    assert "Прочтения" in page.text

    begun = officer.send(page, START, _do="complete")

    assert begun.status == 200
    with shipped.database.reading() as connection:
        assert connection.execute(select(case.c.readings)).scalar_one() == "{}"


def test_a_chosen_reading_is_kept_with_the_case_in_its_history_and_on_its_page(
    shipped: Services, officer: Browser
) -> None:
    officer.send(_filled(officer), START, _do="complete", **{TAXONOMY: '"three_level_literal"'})

    with shipped.database.reading() as connection:
        kept = connection.execute(select(case.c.readings)).scalar_one()
        begun = connection.execute(select(event.c.data).where(event.c.type == "CaseStarted")).scalar_one()
    assert json.loads(kept) == {"nc.taxonomy": "three_level_literal"}
    assert json.loads(begun)["readings"] == {"nc.taxonomy": "three_level_literal"}
    page = officer.get("/cases/1")
    assert "вместо обычного: две степени" in page.text


def test_a_reading_stays_chosen_while_the_form_is_being_corrected(officer: Browser) -> None:
    page = officer.send(_filled(officer), START, _do="complete", name="", **{TAXONOMY: '"three_level_literal"'})

    assert page.status == 422
    assert '<option value="&#34;three_level_literal&#34;" selected>' in page.html


def test_a_way_to_read_that_the_profile_does_not_know_begins_nothing(shipped: Services, officer: Browser) -> None:
    page = officer.send(_filled(officer), START, _do="complete", **{TAXONOMY: '"whatever I like"'})

    assert page.status == 400
    with shipped.database.reading() as connection:
        assert connection.execute(select(case.c.id)).all() == []
