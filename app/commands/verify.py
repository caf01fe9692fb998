"""`reglament verify`: recomputes the event chain; exit 1 at the first broken link."""

from __future__ import annotations

import sys
from contextlib import closing

import click

from app.data_folder import data_folder, database_url
from app.options import data_option
from storage import chain
from storage.database import Database

NOTHING = "Базы ещё нет: событий 0."
REASONS = {
    "missing": "перед ним нет события или порядок нарушен",
    "previous": "он не продолжает предыдущее событие",
    "changed": "его содержание изменено",
    "cut": "конец цепочки отрезан",
}


@click.command("verify")
@data_option
def command(data: str | None) -> None:
    """Пересчитать цепочку событий; код 1 на первом нарушенном звене."""
    with closing(Database(database_url(data_folder(data)))) as database:
        if database.file is not None and not database.file.exists():
            click.echo(NOTHING)  # and none is made by looking
            return
        with database.reading() as connection:
            if not chain.exists(connection):
                click.echo(NOTHING)
                return
            broken = chain.first_break(connection)
            count = 0 if broken else chain.length(connection)
    if broken is not None:
        click.echo(f"Цепочка нарушена на событии {broken.seq}: {REASONS[broken.reason]}.")
        sys.exit(1)
    click.echo(f"Цепочка цела: событий {count}.")
