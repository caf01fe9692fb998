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
from storage.database import Damaged, Database, Full, Locked, Newer, ReadOnly, StorageError, Unreachable
from storage.tables import setting


def test_the_sum_of_the_migrations_is_the_tables_of_the_program(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/migrated.db")
    assert "пуста" in schema.differences(database)[0]

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


def test_a_database_of_a_later_program_is_left_alone(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/later.db")
    schema.upgrade(database)
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(Newer, match="9999"):
        schema.upgrade(database)
    with pytest.raises(Newer):
        schema.differences(database)
    database.close()


def test_tables_of_somebody_else_are_left_alone(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/theirs.db")
    with database.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE their_invoices (id INTEGER)")

    with pytest.raises(StorageError, match="their_invoices"):
        schema.upgrade(database)
    database.close()


def test_each_way_in_which_a_database_cannot_be_used_has_its_name(tmp_path: Path) -> None:
    good = Database(f"sqlite:///{tmp_path}/good.db")
    schema.create(good)
    good.close()
    (tmp_path / "bad.db").write_bytes(b"this was never a database" * 100)
    half = bytearray((tmp_path / "good.db").read_bytes())
    half[4096:] = b"x" * (len(half) - 4096)
    (tmp_path / "half.db").write_bytes(half)

    for url, named in (
        (f"sqlite:///{tmp_path}/bad.db", Damaged),
        (f"sqlite:///{tmp_path}/half.db", Damaged),
        (f"sqlite:///{tmp_path}/no/such/folder.db", Unreachable),
        (f"sqlite:///file:{tmp_path}/good.db?mode=ro&uri=true", ReadOnly),
    ):
        database = Database(url)
        with pytest.raises(named), database.writing() as connection:
            people.save_setting(connection, "key", "value")
        database.close()


def test_an_address_that_means_nothing_is_refused_without_repeating_its_password() -> None:
    for url in ("nonsense", "nosuch://someone:hunter2@host/base"):
        with pytest.raises(Unreachable) as caught:
            Database(url)
        assert "hunter2" not in str(caught.value)


def test_what_was_to_be_stored_is_not_in_the_text_of_a_failure(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/quiet.db")

    with pytest.raises(Exception, match="no such table") as caught, database.writing() as connection:
        people.save_setting(connection, "organisation", "Айгерим Сулейменова")

    assert "Айгерим" not in str(caught.value)
    database.close()
