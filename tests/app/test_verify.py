"""`reglament verify`: says whether the chain of events holds, or names the first link that does not."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.app.conftest import Say


def change(path: Path, statement: str) -> None:
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA foreign_keys=OFF")
        database.execute(statement)
    database.close()


@pytest.fixture
def installed(say: Say, tmp_path: Path) -> Path:
    for login in ("aigerim", "daniyar"):
        say("user", "add", login, "--name", "Кто-то", "--role", "clerk", "--password", "длинная фраза")
    return tmp_path / "var" / "reglament.db"


def test_where_there_is_no_database_yet_nothing_is_broken_and_none_is_made(say: Say, tmp_path: Path) -> None:
    done = say("verify")

    assert (done.exit_code, done.stdout) == (0, "Базы ещё нет: событий 0.\n")
    assert list(tmp_path.iterdir()) == []


def test_a_database_without_events_is_whole(say: Say) -> None:
    say("db", "upgrade")

    done = say("verify")

    assert (done.exit_code, done.stdout) == (0, "Цепочка цела: событий 0.\n")


def test_an_untouched_chain_is_whole_and_counted(say: Say, installed: Path) -> None:
    done = say("verify")

    assert (done.exit_code, done.stdout) == (0, "Цепочка цела: событий 4.\n")


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE event SET data = replace(data, 'aigerim', 'daniyar') WHERE seq = 2", "событии 2: его содержание"),
        ("UPDATE event SET data = x'00FF' WHERE seq = 3", "событии 3: его содержание"),
        ("DELETE FROM event WHERE seq = 2", "событии 2: перед ним нет события"),
        ("DELETE FROM event WHERE seq = 4", "событии 4: конец цепочки отрезан"),
        ("DROP TABLE event", "событии 1: "),
    ],
)
def test_the_first_broken_link_is_named(say: Say, installed: Path, statement: str, told: str) -> None:
    change(installed, statement)

    done = say("verify")

    assert done.exit_code == 1
    assert told in done.stdout
