"""`reglament db upgrade|check|backup|restore`: the database as a whole."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import click

from app.commands.serve import data_option
from app.config import load
from storage import schema
from storage.database import Database, StorageError


@click.group("db")
def group() -> None:
    """База данных: обновить, проверить, сохранить, вернуть."""


@group.command("upgrade")
@data_option
def upgrade(data: str | None) -> None:
    """Привести базу к новейшему виду."""
    schema.upgrade(Database(load(data).database_url))
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
    database = Database(load(data).database_url)
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
    _guarded(lambda: schema.backup(Database(load(data).database_url), target))
    click.echo(f"Копия сохранена: {target}")


@group.command("restore")
@click.argument("source", type=click.Path(path_type=Path))
@data_option
def restore(source: Path, data: str | None) -> None:
    """Вернуть базу из копии SOURCE; прежняя остаётся рядом. Сервер должен быть остановлен."""
    _guarded(lambda: schema.restore(Database(load(data).database_url), source))
    click.echo("База возвращена из копии; прежняя лежит рядом с окончанием .before-restore.")


def _guarded(act: Callable[[], None]) -> None:
    try:
        act()
    except StorageError as error:
        click.echo(f"Не выполнено: {error}.", err=True)
        sys.exit(1)
