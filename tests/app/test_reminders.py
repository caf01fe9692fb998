"""The morning's reminders: who is told of which deadline, once when it is near and once when it has passed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select

from app import sample
from app.config import PROCESSES, Config
from app.post import Post
from app.reminders import Reminders, near_until
from app.wiring import Services, build
from engine.clock import MovedClock
from engine.library import read_folder
from engine.steps import SYSTEM, Person
from storage import schema
from storage.chain import first_break
from storage.database import Database
from storage.reading import cases, inbox
from storage.reading.rows import every
from storage.steps import insert_rows
from storage.tables import letter, user_role
from tests.handlers.item_case import submission
from tests.rules.shipped import profile

ZONE = ZoneInfo("Asia/Tashkent")
CLERK = Person(login="clerk", name="Айгерим Сулейменова", roles=frozenset({"clerk"}))
Morning = Callable[[str], list[dict[str, Any]]]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock(at("2026-04-01T10:00"))  # a Wednesday


@pytest.fixture
def services(tmp_path: Path, clock: MovedClock) -> Iterator[Services]:
    database = Database(f"sqlite:///{tmp_path}/test.db", synchronous="OFF")
    schema.upgrade(database)
    built = build(Config(data=tmp_path, database_url=database.url), clock=clock, database=database)
    with database.writing() as connection:
        sample.load(connection, sample.read(PROCESSES))
    built.engine.publish(read_folder(PROCESSES), SYSTEM, "tests")
    yield built
    built.close()


@pytest.fixture
def item(services: Services) -> int:
    """A complaint that the chancery has to register until the end of Thursday."""
    return services.engine.start(
        "appeal", submission(received_on="2026-04-01", subject="Тайный предмет"), CLERK
    ).case_id


@pytest.fixture
def morning(services: Services, clock: MovedClock) -> Morning:
    """Let the worker come round at a moment, in a process that has just been started; returns the new letters."""

    def come(moment: str) -> list[dict[str, Any]]:
        clock.move(at(moment))
        with services.database.reading() as connection:
            before = len(every(connection, select(letter)))
        Reminders(services).round()
        with services.database.reading() as connection:
            return every(connection, select(letter).order_by(letter.c.id))[before:]

    return come


def to(letters: list[dict[str, Any]]) -> list[str]:
    return [row["addressee"].partition("@")[0] for row in letters if row["kind"] == "deadline_digest"]


@pytest.mark.usefixtures("item")
def test_a_deadline_is_told_once_when_it_is_near_and_once_when_it_has_passed(morning: Morning) -> None:
    assert to(morning("2026-04-01T10:05")) == ["kense", "head"]
    assert to(morning("2026-04-01T17:00")) == []  # the same day
    assert to(morning("2026-04-02T08:00")) == []  # told already
    assert to(morning("2026-04-03T07:59")) == []  # too early
    late = morning("2026-04-03T08:00")
    assert to(late) == ["kense", "head"]
    assert late[0]["subject"] == "Сроки на 03.04.2026: просрочено: 1"
    assert to(morning("2026-04-04T08:00")) == []


@pytest.mark.usefixtures("item")
def test_one_letter_lists_everything_and_says_nothing_of_what_a_case_is_about(
    morning: Morning, services: Services
) -> None:
    services.engine.start("appeal", submission(received_on="2026-04-01"), CLERK)

    clerk, head = morning("2026-04-01T10:05")

    assert "Ваши задачи:" in clerk["body"]
    assert clerk["body"].count("до 02.04.2026: дело") == 2
    assert "«Зарегистрировать обращение»" in clerk["body"]
    assert "Под вашим контролем:" in head["body"]
    assert "Тайный" not in str([clerk, head])
    assert clerk["subject"] == "Сроки на 01.04.2026: скоро истекают: 2"


def test_nobody_is_told_of_a_case_that_is_hidden_from_them_and_the_deputy_watches_instead(
    morning: Morning, services: Services, item: int
) -> None:
    hidden = {"case_id": item, "group": "no_access", "login": "head", "since": "2026", "until": None}
    with services.database.writing() as connection:
        insert_rows(connection, "participant", [hidden])

    assert to(morning("2026-04-01T10:05")) == ["kense", "deputy"]


def test_a_task_that_somebody_took_is_told_to_them_alone(morning: Morning, services: Services, item: int) -> None:
    with services.database.reading() as connection:
        task = inbox.tasks_of_case(connection, item)[0]["id"]
    with services.database.writing() as connection:
        connection.execute(insert(user_role), [{"login": "officer", "role": "clerk"}])
    services.engine.claim(task, CLERK)

    assert to(morning("2026-04-01T10:05")) == ["kense", "head"]


def test_a_done_task_is_told_no_more(morning: Morning, services: Services, item: int) -> None:
    with services.database.reading() as connection:
        task = inbox.tasks_of_case(connection, item)[0]["id"]
    values = {"incoming_number": "1", "incoming_on": "2026-04-01", "acquainted": "NOT_NEEDED"}
    services.engine.complete(task, values, CLERK)

    told = "".join(row["body"] for row in morning("2026-04-01T10:05") if row["kind"] == "deadline_digest")

    assert "Зарегистрировать обращение" not in told
    assert "Изучить обращение" in told


def test_the_case_keeps_who_was_told_and_the_post_carries_the_letter(
    morning: Morning, services: Services, item: int
) -> None:
    morning("2026-04-01T10:05")
    Post(services).send_due()

    with services.database.reading() as connection:
        told = [row for row in cases.history(connection, item, 50) if row["type"] == "DeadlineReminded"]
        states = {row["status"] for row in every(connection, select(letter))}
        assert first_break(connection) is None
    assert [row["data"] for row in told] == [{"due_on": "2026-04-02", "stage": "soon", "to": ["clerk", "head"]}]
    assert states == {"sent"}


@pytest.mark.parametrize(
    ("reading", "length", "last_day"),
    [
        ("alert.before", "P1D", "2026-04-11"),
        ("alert.before", "P3D", "2026-04-13"),
        ("alert.before", "P5D", "2026-04-15"),
    ],
)
def test_the_profile_says_how_long_before_its_end_a_deadline_is_near(reading: str, length: str, last_day: str) -> None:
    terms = profile("UZ_PTA", **{reading: length})

    assert near_until(at("2026-04-10T08:00"), terms) == at(last_day) + timedelta(days=1)


@pytest.mark.usefixtures("item")
def test_reminders_can_be_switched_off_in_the_profile(morning: Morning, services: Services) -> None:
    files = dict(read_folder(PROCESSES))
    files["profile.toml"] = files["profile.toml"].replace(b"[reminders]\nis_on = true", b"[reminders]\nis_on = false")
    services.engine.publish(files, SYSTEM, "quiet")

    assert to(morning("2026-04-01T10:05")) == []
