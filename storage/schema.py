"""The shape of the database over time: bring it up to date, compare it with the tables."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from storage.database import Database, Newer, StorageError
from storage.tables import metadata

MIGRATIONS = Path(__file__).parent / "migrations"


def create(database: Database) -> None:
    """Make all tables at once in a database that will be thrown away; the migrations' sum is tested to be the same."""
    with database.writing() as connection:
        metadata.create_all(connection)


def upgrade(database: Database) -> None:
    """Bring the database to the newest revision; does nothing when it is there.

    Raises Newer when a later program has been at it, StorageError when its tables are somebody else's.
    """
    if _demand_ours(database) == newest():
        return
    with database.writing() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _demand_ours(database: Database) -> str | None:
    """Return the revision of the database, None if it is empty."""
    with database.reading() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
        tables = set(inspect(connection).get_table_names()) - {"alembic_version"}
    if found is None and tables:
        raise StorageError(f"{database.place}: в базе чужие таблицы ({', '.join(sorted(tables)[:3])}); укажите другую")
    demand_known(found, database.place)
    return found


def demand_known(revision: str | None, place: str) -> None:
    """Raise Newer for a revision that the program has not heard of; `place` is where it was found."""
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if revision is not None and revision not in known:
        raise Newer(f"{place}: версия {revision}, программа знает до {newest()}")


def newest() -> str | None:
    """Return the newest revision of the program."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def differences(database: Database) -> list[str]:
    """Say how the database differs from the tables of the program; empty when it does not."""
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "target_metadata": metadata})
        if not inspect(connection).get_table_names():
            return ["пуста; приведите её к новейшему виду: reglament db upgrade"]
        revision = context.get_current_revision()
        demand_known(revision, database.place)
        if revision != newest():
            return [f"версия {revision}, новейшая {newest()}; приведите к новейшему виду: reglament db upgrade"]
        return [str(difference) for difference in compare_metadata(context, metadata)]


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
