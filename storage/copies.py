"""Copies of an SQLite database: made while the program works, brought back without losing what was there.

A copy is written beside its place first and moved there whole, so that a full disk leaves no half of one.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from storage.database import Damaged, Database, Locked, StorageError
from storage.schema import demand_known

WAL_FILES = ("-wal", "-shm")


def backup(database: Database, target: Path) -> None:
    """Copy a running database into a new file, consistent as of one moment; raises StorageError otherwise."""
    source = _file_of(database, "сохраните её средствами сервера (pg_dump)")
    if not source.exists():
        raise StorageError(f"{source}: базы ещё нет, сохранять нечего")
    if target.exists():
        raise StorageError(f"{target} уже есть; укажите имя нового файла")
    with _named_failures(target), _whole(target) as half:
        _copy(source, half)


def restore(database: Database, source: Path) -> Path | None:
    """Put a copy in the place of the database; returns where what was there is kept, None if nothing was.

    Raises Locked while another process has the database open, StorageError for a copy that is none.
    """
    target = _file_of(database, "верните её средствами сервера (pg_restore)")
    if not source.is_file():
        raise StorageError(f"{source}: такого файла нет; укажите копию, сделанную reglament db backup")
    if target.exists() and source.samefile(target):
        raise StorageError(f"{source} — это сама база; укажите её копию")
    _demand_sound(source)
    database.close()
    with _named_failures(target), _whole(target) as half:
        _copy(source, half)
        return _set_aside(target) if target.exists() else None


def _file_of(database: Database, cure: str) -> Path:
    if database.file is None:
        raise StorageError(f"База лежит не в файле SQLite; {cure}")
    return database.file


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as reading, closing(sqlite3.connect(target)) as writing:
        reading.backup(writing)


@contextmanager
def _whole(target: Path) -> Iterator[Path]:
    """Give a file beside the target that takes its place if all goes well, and is removed otherwise."""
    half = target.with_name(f".{target.name}.{os.getpid()}.half")
    try:
        yield half
        half.replace(target)
    finally:
        half.unlink(missing_ok=True)


def _set_aside(target: Path) -> Path:
    """Give the database a second name that nothing has yet; the first is replaced at once by the caller."""
    _demand_alone(target)
    number = 1
    while (kept := target.with_name(f"{target.stem}.before-restore-{number}{target.suffix}")).exists():
        number += 1
    for ending in WAL_FILES:  # of a damaged database: what could not be folded into it stays beside it
        beside = target.with_name(target.name + ending)
        if beside.exists():
            beside.rename(kept.with_name(kept.name + ending))
    kept.hardlink_to(target)
    return kept


def _demand_alone(target: Path) -> None:
    """Raise Locked while anybody has the database open: only a lone user can leave the write-ahead log."""
    try:
        with closing(sqlite3.connect(target, timeout=1)) as alone:
            alone.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise Locked(f"{target}: база открыта другим процессом") from error
        raise
    except sqlite3.DatabaseError:
        return  # damaged: that may be why a copy is brought back


def _demand_sound(source: Path) -> None:
    try:
        with closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            if connection.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
                raise Damaged(f"{source}: копия повреждена; возьмите другую")
            connection.execute("SELECT count(*) FROM event")
            revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise Damaged(f"{source}: это не копия базы Reglament ({error})") from error
    demand_known(revision[0] if revision else None, str(source))


@contextmanager
def _named_failures(target: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise StorageError(f"{target} не записан ({error}); проверьте папку, права и место на диске") from error
    except sqlite3.DatabaseError as error:
        raise Damaged(f"копирование в {target} не удалось: {error}") from error
    except OSError as error:
        raise StorageError(f"{target} не записан ({error.strerror}); проверьте папку, права и место") from error
