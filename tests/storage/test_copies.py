"""A copy brings back what was there, and nothing that was there is lost by bringing one back."""

from __future__ import annotations

import resource
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import copies, people, schema
from storage.database import Damaged, Database, Locked, Newer, StorageError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path}/live.db")
    schema.upgrade(opened)
    write(opened, "до")
    yield opened
    opened.close()


def write(database: Database, value: str) -> None:
    with database.writing() as connection:
        people.save_setting(connection, "organisation", value)


def read(database: Database) -> str | None:
    with database.reading() as connection:
        return people.read_setting(connection, "organisation")


def test_a_copy_brings_back_what_was_there_and_keeps_each_that_it_replaces(database: Database, tmp_path: Path) -> None:
    copies.backup(database, tmp_path / "copy.db")
    kept = []
    for value in ("после", "позже"):
        write(database, value)
        kept.append(copies.restore(database, tmp_path / "copy.db"))
        assert read(database) == "до"

    found = [read(Database(f"sqlite:///{path}")) for path in kept]
    assert found == ["после", "позже"]


def test_a_copy_is_not_brought_back_under_a_program_that_works(database: Database, tmp_path: Path) -> None:
    copies.backup(database, tmp_path / "copy.db")
    other = sqlite3.connect(tmp_path / "live.db")
    other.execute("SELECT count(*) FROM event").fetchone()
    write(database, "после")

    with pytest.raises(Locked):
        copies.restore(database, tmp_path / "copy.db")

    other.close()
    assert read(database) == "после"
    assert sorted(path.name for path in tmp_path.glob("*before-restore*")) == []


def test_a_copy_takes_the_place_of_a_damaged_database_which_stays_beside_it(tmp_path: Path) -> None:
    source = Database(f"sqlite:///{tmp_path}/source.db")
    schema.upgrade(source)
    write(source, "цело")
    copies.backup(source, tmp_path / "copy.db")
    source.close()
    (tmp_path / "live.db").write_bytes(b"damaged beyond repair" * 500)
    live = Database(f"sqlite:///{tmp_path}/live.db")

    kept = copies.restore(live, tmp_path / "copy.db")

    assert read(live) == "цело"
    assert kept is not None
    assert kept.read_bytes().startswith(b"damaged beyond repair")
    live.close()


@pytest.mark.parametrize("content", [b"", b"not a database at all"])
def test_a_file_that_is_no_copy_is_refused_and_the_database_stays(
    database: Database, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "not.db").write_bytes(content)

    with pytest.raises(Damaged):
        copies.restore(database, tmp_path / "not.db")

    assert read(database) == "до"


def test_a_copy_made_by_a_later_program_is_refused(database: Database, tmp_path: Path) -> None:
    copies.backup(database, tmp_path / "copy.db")
    with sqlite3.connect(tmp_path / "copy.db") as copy:
        copy.execute("UPDATE alembic_version SET version_num = '9999'")
    copy.close()

    with pytest.raises(Newer):
        copies.restore(database, tmp_path / "copy.db")

    assert read(database) == "до"


def test_the_database_itself_a_missing_file_and_a_taken_name_are_refused(database: Database, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="сама база"):
        copies.restore(database, tmp_path / "live.db")
    with pytest.raises(StorageError, match="такого файла нет"):
        copies.restore(database, tmp_path / "absent.db")
    with pytest.raises(StorageError, match="уже есть"):
        copies.backup(database, tmp_path / "live.db")
    with pytest.raises(StorageError, match="папку"):
        copies.backup(database, tmp_path / "no" / "folder.db")

    assert read(database) == "до"


def test_there_is_nothing_to_copy_before_there_is_a_database(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="ещё нет"):
        copies.backup(Database(f"sqlite:///{tmp_path}/none.db"), tmp_path / "copy.db")

    assert list(tmp_path.iterdir()) == []


def test_a_copy_for_which_there_is_no_room_leaves_nothing_behind(database: Database, tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from storage import copies; from storage.database import *\n"
        "try: copies.backup(Database(sys.argv[1]), Path(sys.argv[2]))\n"
        "except StorageError as error: print(error)\n"
    )

    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    done = subprocess.run(
        [sys.executable, "-c", script, database.url, str(tmp_path / "copy.db")],
        cwd=ROOT, preexec_fn=small, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert "место на диске" in done.stdout
    assert list(tmp_path.glob("*copy*")) == []
