"""The database keeps what it answered, names its failures, and its migrations make the tables of the program."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import select

from storage import people, schema, sets
from storage.database import Database, Full, Locked, StorageError
from storage.tables import setting


def test_the_sum_of_the_migrations_is_the_tables_of_the_program(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/migrated.db")
    assert schema.differences(database) == ["empty"]

    schema.upgrade(database)

    assert schema.differences(database) == []
    schema.upgrade(database)
    database.close()


def test_a_committed_row_survives_a_process_that_is_killed_right_after(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/kill.db")
    schema.create(database)
    script = (
        "import os, sys; sys.path.insert(0, sys.argv[2])\n"
        "from storage.database import Database; from storage import people\n"
        "database = Database(sys.argv[1])\n"
        "with database.writing() as c: people.save_setting(c, 'kept', 'yes')\n"
        "connection = database.engine.connect(); connection.begin()\n"
        "os.kill(os.getpid(), 9)\n"
    )
    root = str(Path(__file__).resolve().parents[2])
    done = subprocess.run([sys.executable, "-c", script, database.url, root], check=False)

    assert done.returncode == -9
    with database.reading() as connection:
        assert people.read_setting(connection, "kept") == "yes"
    database.close()


def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/roll.db")
    schema.create(database)

    def fail() -> None:
        with database.writing() as connection:
            people.save_setting(connection, "half", "done")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    with database.reading() as connection:
        assert people.read_setting(connection, "half") is None
    database.close()


def test_a_writer_that_waits_too_long_is_told_that_the_database_is_locked(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/lock.db", busy_milliseconds=50)
    schema.create(database)
    with sqlite3.connect(tmp_path / "lock.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Locked), database.writing():
            pass
        other.execute("ROLLBACK")
    other.close()

    with database.writing() as connection:
        people.save_setting(connection, "then", "fine")
    database.close()


def test_a_full_disk_is_named_and_nothing_is_half_written(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/full.db", pool_size=1)
    schema.create(database)
    with database.writing() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(Full), database.writing() as connection:
        sets.publish(connection, {"a.bpmn": b"x" * 1_000_000}, at="2026", by="system", note="")

    with database.reading() as connection:
        assert sets.current(connection) is None
    database.close()


def test_writers_in_many_threads_all_get_their_turn(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/turns.db", synchronous="OFF")
    schema.create(database)

    def write(name: str) -> None:
        for number in range(20):
            with database.writing() as connection:
                people.save_setting(connection, f"{name}{number}", "x")

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with database.reading() as connection:
        assert len(connection.execute(select(setting)).all()) == 80
    database.close()


def test_a_copy_brings_back_what_was_there(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/live.db")
    schema.upgrade(database)
    with database.writing() as connection:
        people.save_setting(connection, "organisation", "до")
    schema.backup(database, tmp_path / "copy.db")
    with database.writing() as connection:
        people.save_setting(connection, "organisation", "после")

    schema.restore(database, tmp_path / "copy.db")

    with database.reading() as connection:
        assert people.read_setting(connection, "organisation") == "до"
    assert (tmp_path / "live.before-restore").is_file()
    database.close()


def test_a_file_that_is_no_copy_is_refused_and_the_database_stays(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/live.db")
    schema.upgrade(database)
    (tmp_path / "not.db").write_bytes(b"not a database at all")

    with pytest.raises(StorageError):
        schema.restore(database, tmp_path / "not.db")

    assert schema.differences(database) == []
    database.close()


def test_a_set_of_diagrams_is_stored_once_and_named_by_its_contents(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/sets.db", synchronous="OFF")
    schema.create(database)
    with database.writing() as connection:
        first = sets.publish(connection, {"a": b"1", "b": b"2"}, at="2026", by="quality", note="")
        again = sets.publish(connection, {"b": b"2", "a": b"1"}, at="2027", by="quality", note="")
        other = sets.publish(connection, {"a": b"1", "b": b"3"}, at="2028", by="quality", note="")

    assert first == again != other
    with database.reading() as connection:
        assert sets.current(connection) == other
        assert sets.files_of(connection, first) == {"a": b"1", "b": b"2"}
        assert sets.files_of(connection, "0" * 64) == {}
    database.close()
