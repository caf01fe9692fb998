"""`reglament db upgrade|check|backup|restore`: the database as a whole."""

from __future__ import annotations

import sys
import tempfile
from contextlib import closing
from pathlib import Path

import click

from app.data_folder import data_folder, database_url, made
from app.options import data_option
from storage import copies, schema
from storage.database import Database


@click.group("db")
def group() -> None:
    """База данных: обновить, проверить, сохранить, вернуть."""


@group.command("upgrade")
@data_option
def upgrade(data: str | None) -> None:
    """Привести базу к новейшему виду."""
    made(data_folder(data))
    with closing(_database(data)) as database:
        schema.upgrade(database)
    click.echo(f"База приведена к версии {schema.newest()}.")


@group.command("check")
@data_option
def check(data: str | None) -> None:
    """Сверить миграции с таблицами программы, а базу, если она есть, с ними; код 1 при расхождении."""
    with tempfile.TemporaryDirectory() as folder:
        empty = Database(f"sqlite:///{folder}/check.db")
        schema.upgrade(empty)
        found = [f"миграции: {line}" for line in schema.differences(empty)]
        empty.close()
    with closing(_database(data)) as database:
        if database.file is None or database.file.exists():
            found.extend(f"база: {line}" for line in schema.differences(database))
    for line in found:
        click.echo(line)
    if found:
        sys.exit(1)
    click.echo(f"Миграции и таблицы согласны, версия {schema.newest()}.")


@group.command("backup")
@click.argument("target", type=click.Path(path_type=Path))
@data_option
def backup(target: Path, data: str | None) -> None:
    """Сохранить копию базы в файл TARGET; сервер при этом может работать."""
    copies.backup(_database(data), target)
    click.echo(f"Копия сохранена: {target}")


@group.command("restore")
@click.argument("source", type=click.Path(path_type=Path))
@data_option
def restore(source: Path, data: str | None) -> None:
    """Вернуть базу из копии SOURCE; прежняя остаётся рядом. Сервер должен быть остановлен."""
    made(data_folder(data))
    kept = copies.restore(_database(data), source)
    click.echo(f"База возвращена из копии; прежняя лежит рядом: {kept}" if kept else "База возвращена из копии.")


def _database(data: str | None) -> Database:
    return Database(database_url(data_folder(data)))
