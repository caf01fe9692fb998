"""The chain of events holds, and no byte of it can be changed, removed or added without being seen."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import chain, schema
from storage.chain import Event
from storage.database import Database

AT = "2026-03-01T09:00:00.000000+00:00"
COLUMNS = ["seq", "case_id", "at", "actor", "type", "element", "data", "previous", "hash"]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path}/chain.db", synchronous="OFF")
    schema.create(opened)
    with opened.writing() as connection:
        for number in range(5):
            data = {"number": number, "text": "Решение"}
            happened = Event(type="TaskCompleted", actor="clerk", at=AT, case_id=1, element="write", data=data)
            chain.append(connection, [happened, Event(type="StepDone", actor="system", at=AT)])
    yield opened
    opened.close()


def first_break(database: Database) -> chain.Break | None:
    with database.reading() as connection:
        return chain.first_break(connection)


def change(database: Database, statement: str, *values: object) -> None:
    assert database.file is not None
    with sqlite3.connect(database.file) as raw:
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute(statement, values)
    raw.close()


def test_an_untouched_chain_holds(database: Database) -> None:
    assert first_break(database) is None


@pytest.mark.parametrize("column", [name for name in COLUMNS if name not in ("seq", "case_id")])
def test_a_changed_byte_in_any_text_column_breaks_the_chain_there(database: Database, column: str) -> None:
    change(database, f"UPDATE event SET {column} = coalesce({column}, '') || 'x' WHERE seq = 4")

    found = first_break(database)

    assert found is not None
    assert found.seq == 4


@pytest.mark.parametrize(
    ("statement", "seq"),
    [
        ("UPDATE event SET case_id = 2 WHERE seq = 3", 3),
        ("UPDATE event SET case_id = NULL WHERE seq = 3", 3),
        ("UPDATE event SET seq = 70 WHERE seq = 7", 7),
        ("DELETE FROM event WHERE seq = 6", 6),
        ("DELETE FROM event WHERE seq = 1", 1),
        ("DELETE FROM event WHERE seq = 10", 10),  # the tail: only the head row knows
        ("DELETE FROM event", 1),
        ("UPDATE chain_head SET seq = 9", 11),
        ("DELETE FROM chain_head", 11),
        ("UPDATE event SET data = x'FFFE' WHERE seq = 4", 4),  # no text any more
        ("UPDATE event SET data = CAST(x'D0FF41' AS TEXT) WHERE seq = 4", 4),  # text that is no UTF-8
        ("UPDATE event SET type = CAST(x'FF' AS TEXT) WHERE seq = 1", 1),
        ("UPDATE event SET hash = x'00' WHERE seq = 10", 10),
        ("UPDATE event SET case_id = 'one' WHERE seq = 2", 2),
        ("UPDATE chain_head SET hash = CAST(x'FF' AS TEXT)", 11),
        ("INSERT INTO chain_head (id, seq, hash) VALUES (2, 9, 'x')", 11),
        ("DROP TABLE chain_head", 11),
        ("DROP TABLE event", 1),
    ],
)
def test_a_row_changed_moved_or_removed_is_found(database: Database, statement: str, seq: int) -> None:
    change(database, statement)

    found = first_break(database)

    assert found is not None
    assert found.seq == seq


def test_two_rows_that_change_places_are_found(database: Database) -> None:
    change(database, "UPDATE event SET seq = 100 WHERE seq = 2")
    change(database, "UPDATE event SET seq = 2 WHERE seq = 3")
    change(database, "UPDATE event SET seq = 3 WHERE seq = 100")

    assert first_break(database) is not None


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_any_single_changed_character_is_found(database: Database, data: st.DataObject) -> None:
    assert database.file is not None
    seq = data.draw(st.integers(min_value=1, max_value=10))
    column = data.draw(st.sampled_from(["at", "actor", "type", "data", "previous", "hash"]))
    with sqlite3.connect(database.file) as raw:
        (text,) = raw.execute(f"SELECT {column} FROM event WHERE seq = ?", (seq,)).fetchone()
    raw.close()
    place = data.draw(st.integers(min_value=0, max_value=len(text) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda new: new != text[place]))
    change(database, f"UPDATE event SET {column} = ? WHERE seq = ?", text[:place] + other + text[place + 1 :], seq)

    found = first_break(database)
    change(database, f"UPDATE event SET {column} = ? WHERE seq = ?", text, seq)

    assert found is not None
    assert found.seq == seq
    assert first_break(database) is None
