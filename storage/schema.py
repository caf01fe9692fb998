"""The shape of the database over time: bring it up to date, compare it with the tables, copy it, bring it back."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from storage.database import Database, StorageError
from storage.tables import metadata

MIGRATIONS = Path(__file__).parent / "migrations"


def create(database: Database) -> None:
    """Make all tables at once in a database that will be thrown away; the migrations' sum is tested to be the same."""
    with database.writing() as connection:
        metadata.create_all(connection)


def upgrade(database: Database) -> None:
    """Bring the database to the newest revision; does nothing when it is there."""
    with database.engine.connect() as connection:
        if MigrationContext.configure(connection).get_current_revision() == newest():
            return
    with database.writing() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def newest() -> str | None:
    """Return the newest revision of the program."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def differences(database: Database) -> list[str]:
    """Say how the database differs from the tables of the program; empty when it does not."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "target_metadata": metadata})
        if not inspect(connection).get_table_names():
            return ["empty"]
        if context.get_current_revision() != newest():
            return [f"revision {context.get_current_revision()}, newest {newest()}"]
        return [str(difference) for difference in compare_metadata(context, metadata)]


def backup(database: Database, target: Path) -> None:
    """Copy a running SQLite database into a new file, consistent as of one moment; raises StorageError otherwise."""
    source = database.file
    if source is None:
        raise StorageError("only an SQLite file can be copied this way; use pg_dump for PostgreSQL")
    if target.exists():
        raise StorageError(f"{target} exists already")
    with sqlite3.connect(source) as reading, sqlite3.connect(target) as writing:
        reading.backup(writing)
    writing.close()
    reading.close()


def restore(database: Database, source: Path) -> None:
    """Put a copy in the place of the database; what was there is kept beside it as `<name>.before-restore`."""
    target = database.file
    if target is None:
        raise StorageError("only an SQLite file can be brought back this way; use pg_restore for PostgreSQL")
    if not source.is_file():
        raise StorageError(f"{source} does not exist")
    _demand_sound(source)
    database.close()
    if target.exists():
        with sqlite3.connect(target) as old:
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        old.close()
        target.replace(target.with_suffix(".before-restore"))
        for ending in ("-wal", "-shm"):
            target.with_name(target.name + ending).unlink(missing_ok=True)
    with sqlite3.connect(source) as reading, sqlite3.connect(target) as writing:
        reading.backup(writing)
    writing.close()
    reading.close()


def _demand_sound(source: Path) -> None:
    connection = sqlite3.connect(f"file:{source}?mode=ro", uri=True)
    try:
        if connection.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise StorageError(f"{source} is damaged")
        connection.execute("SELECT count(*) FROM event")
    except sqlite3.DatabaseError as error:
        raise StorageError(f"{source} is no copy of a Reglament database: {error}") from error
    finally:
        connection.close()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
