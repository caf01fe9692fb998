"""`reglament serve`: the pages and the worker in one process. `reglament work`: a worker alone."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click
from waitress.server import create_server

from app import sample
from app.commands.check import line_of
from app.config import Config, load
from app.options import data_option, processes_option
from app.publishing import NotPublishable, publish_folder
from app.wiring import Services, upgraded
from app.worker import Worker
from storage import people
from web import create_app
from web.passwords import passwords_of

SAMPLE_PASSWORD = "obrazets-2026"  # noqa: S105  # of the sample organisation only, and printed at every start
THREADS = 8


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Адрес, на котором слушать.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Порт.")
@data_option
@processes_option
def serve(host: str, port: int, data: str | None, processes: Path) -> None:
    """Запустить страницы и обработчик сроков в одном процессе."""
    _log_to_stderr()
    services = _prepared(load(data, processes=processes))
    is_sample = _fill_if_empty(services)
    listen(services, host, port, lambda bound: _greet(services, host, bound, is_sample=is_sample))


def listen(services: Services, host: str, port: int, greet: Callable[[int], None]) -> None:
    """Serve the pages and do due work until the process is told to stop; `greet` is called with the port."""
    worker = Worker(services)
    try:
        server = create_server(create_app(services), host=host, port=port, threads=THREADS, ident="Reglament")
    except (OSError, ValueError) as error:  # waitress: ValueError for a host that means nothing
        why = error.strerror if isinstance(error, OSError) else error
        services.close()
        _stop(f"Адрес {host}:{port} занять не удалось: {why}. Укажите другой: --port 8001.")
    greet(getattr(server, "effective_port", port))
    worker.start()
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        server.run()
    finally:
        worker.stop()
        services.close()


@click.command("work")
@data_option
def work(data: str | None) -> None:
    """Запустить только обработчик сроков и писем."""
    _log_to_stderr()
    services = _prepared(load(data))
    worker = Worker(services)
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    worker.start()
    click.echo("Обработчик сроков и писем работает; Ctrl+C — остановить.")
    stopped.wait()
    worker.stop()
    services.close()


def _log_to_stderr() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)


def _prepared(config: Config) -> Services:
    try:
        services = upgraded(config)
        publish_folder(services)
    except NotPublishable as error:
        for problem in error.problems:
            click.echo(line_of(problem), err=True)
        _stop("Схемы не опубликованы: исправьте ошибки выше (reglament check processes).")
    return services


def _fill_if_empty(services: Services) -> bool:
    password_hash = ""
    with services.database.writing() as connection:
        if people.is_empty(connection):
            # One hash for all: a sample password is known to everybody anyway, and each hash costs a third of a second.
            password_hash = passwords_of(services.config.argon2).hash(SAMPLE_PASSWORD)
            sample.load(connection, sample.read(services.config.processes), password_hash=lambda login: password_hash)
        return people.read_setting(connection, "sample") == "true"


def _greet(services: Services, host: str, port: int, *, is_sample: bool) -> None:
    click.echo(f"Reglament: http://{f'[{host}]' if ':' in host else host}:{port}")
    if is_sample:
        click.echo(f"Это ОБРАЗЕЦ организации, люди и данные вымышлены. Пароль у всех: {SAMPLE_PASSWORD}")
        for person in sample.read(services.config.processes)["people"]:
            roles = ", ".join(person.get("roles", [])) or "—"
            click.echo(f"  {person['login']:<12} {person['name']:<28} {roles}")
    click.echo(f"Данные: {services.config.data}. Ctrl+C — остановить.")
    sys.stdout.flush()


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _stop(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(1)
