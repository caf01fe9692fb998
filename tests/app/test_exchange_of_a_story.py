"""A whole certification with a worker beside it: what the forms ask for confirms what was uploaded."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from app.config import PROCESSES, Config
from app.exchange import Exchange
from app.play import player
from app.play.scenario import read
from app.post import Post
from app.wiring import build
from engine.library import read_folder
from storage.database import Database
from storage.reading.rows import every
from storage.tables import exchange_package, letter


def test_a_certification_leaves_no_package_unconfirmed_and_no_letter_unsent(tmp_path: Path) -> None:
    scenario = read(PROCESSES / "scenarios" / "certification-granted-three-sites.yaml")
    database = Database(f"sqlite:///{tmp_path}/story.db", synchronous="OFF")
    stage = player.Player(read_folder(PROCESSES), PROCESSES)._prepared(database, scenario)
    services = build(Config(data=tmp_path, database_url=database.url), clock=stage.clock, database=database)
    exchange, post = Exchange(services), Post(services)

    player._start(stage, scenario)
    for step in scenario.steps:
        player._take(stage, step)
        exchange.round()
        post.send_due()

    with database.reading() as connection:
        packages = every(connection, select(exchange_package).order_by(exchange_package.c.made_at))
        states = {row["status"] for row in every(connection, select(letter))}
    assert [(row["object"], row["receipt"]) for row in packages] == [
        ("Решение по заявке", "ИС-Р-118"),
        ("Расчёт трудоёмкости", "ИС-РП-41"),
        ("Договор", "ИС-Д-77"),
        ("Заключение этапа 1", "ИС-З-12"),
        ("План аудита", "ИС-П-9"),
        ("Отчёт по аудиту", "ИС-О-3"),
        ("Решение по сертификации", "ИС-РШ-21"),
        ("Сертификат", "РЕЕСТР-2026-511"),
        ("Запись реестра сертификатов", "РЕЕСТР-2026-511"),
    ]
    assert {row["state"] for row in packages} == {"confirmed"}
    assert {path.name for path in (tmp_path / "exchange" / "out").iterdir()} == {row["id"] for row in packages}
    assert states == {"sent"}
    services.close()
