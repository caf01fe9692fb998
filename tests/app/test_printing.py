"""Printing: each document once, by the template of its case's set, and never in the way of a case."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from app.config import PROCESSES, Config
from app.play.player import Player, perform
from app.play.scenario import read
from app.press import Press
from app.printer import Printer
from app.printing import templates_of
from app.wiring import Services, upgraded
from engine.clock import MovedClock
from engine.errors import NotFound, NotPrinted
from engine.library import read_folder
from engine.steps import SYSTEM
from storage import people
from storage.reading import papers
from storage.tables import case, document, event

NOW = datetime(2026, 1, 12, 5, 0, tzinfo=UTC)
AT = "2026-01-12T05:00:00.000000+00:00"
FIELDS = json.dumps({"Решение": "Выдать", "Основания": [{"Пункт": "8.4", "Вывод": "Выполнено"}]}, ensure_ascii=False)
SCENARIOS = ("certification-granted-three-sites", "certification-refused-then-appeal", "complaint-about-body")


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock(NOW)


@pytest.fixture
def services(tmp_path: Path, clock: MovedClock) -> Iterator[Services]:
    config = Config(data=tmp_path, database_url=f"sqlite:///{tmp_path / 'test.db'}", secret_key="a key for tests")
    built = upgraded(config, clock=clock)
    with built.database.writing() as connection:
        people.save_setting(connection, "organisation", "ТОО «Сарыарка-Сертико»")
    yield built
    built.close()


def publish(services: Services, **templates: bytes) -> str:
    """Publish the shipped set with some templates in place of its own; returns its hash."""
    changed = {f"documents/{name}.typ": content for name, content in templates.items()}
    return services.engine.publish({**read_folder(PROCESSES), **changed}, SYSTEM, "tests")


def issued(services: Services, set_hash: str, kind: str = "decision_grant", number: str = "С-1/1") -> int:
    """A case that keeps to the set, with one document."""
    with services.database.writing() as connection:
        owner = connection.execute(
            insert(case).values(
                number=number.partition("/")[0], process="certification", set_hash=set_hash, profile="KZ_PCS",
                status="open", version=1, started_at=AT, started_by="clerk", readings="{}", subject="",
            )
        ).inserted_primary_key  # fmt: skip
        row = connection.execute(
            insert(document).values(
                case_id=owner[0], kind=kind, number=number, title="Решение", fields=FIELDS, signers="[]",
                confidential=False, element="decide", at=AT, by="head",
                sha256=hashlib.sha256(FIELDS.encode()).hexdigest(),
            )
        ).inserted_primary_key  # fmt: skip
        return int(row[0])


def kept(services: Services, document_id: int) -> dict[str, Any]:
    with services.database.reading() as connection:
        found = papers.document_one(connection, document_id)
    assert found is not None
    return found


def test_the_worker_prints_what_waits_and_then_finds_nothing_more(services: Services) -> None:
    document_id = issued(services, publish(services))
    printer = Printer(services)

    assert printer.round() == 1
    assert printer.round() == 0

    row = kept(services, document_id)
    content = services.press.printed(document_id)
    assert row["pdf_sha256"] == hashlib.sha256(content).hexdigest()
    assert len(row["template_sha256"]) == 64


def test_whoever_asks_first_gets_the_pdf_at_once_and_everybody_else_the_same(services: Services) -> None:
    document_id = issued(services, publish(services))

    first = services.press.printed(document_id)
    Printer(services).round()

    assert first.startswith(b"%PDF-")
    assert services.press.printed(document_id) == first


def test_printing_is_an_event_of_the_case_with_both_hashes(services: Services) -> None:
    document_id = issued(services, publish(services))

    services.press.printed(document_id)

    row = kept(services, document_id)
    with services.database.reading() as connection:
        (data,) = connection.execute(select(event.c.data).where(event.c.type == "DocumentPrinted")).scalars()
    told = json.loads(data)
    assert (told["sha256"], told["template"]) == (row["pdf_sha256"], row["template_sha256"])


def test_a_case_is_printed_by_the_templates_of_the_set_that_it_began_with(services: Services) -> None:
    old = publish(services, decision_grant=b"= Old")
    first = issued(services, old)
    new = publish(services, decision_grant=b"= New")
    second = issued(services, new, number="C-2/1")

    old_pdf, new_pdf = services.press.printed(first), services.press.printed(second)

    assert old_pdf != new_pdf
    assert kept(services, first)["template_sha256"] != kept(services, second)["template_sha256"]


def test_a_document_stays_as_printed_when_its_template_changes_afterwards(services: Services) -> None:
    document_id = issued(services, publish(services))
    printed = services.press.printed(document_id)

    publish(services, decision_grant=b"= New")

    assert services.press.printed(document_id) == printed


def test_a_document_that_does_not_fit_its_template_waits_and_holds_up_no_other(
    services: Services, clock: MovedClock
) -> None:
    broken = issued(services, publish(services, decision_grant=b"\n#nothing"))
    whole = issued(services, publish(services), number="C-2/1")
    printer = Printer(services)

    assert printer.round() == 1
    assert kept(services, whole)["pdf_sha256"]
    assert kept(services, broken)["pdf_sha256"] is None
    with pytest.raises(NotPrinted) as caught:
        services.press.printed(broken)
    assert (caught.value.facts["file"], caught.value.facts["line"]) == ("decision_grant.typ", 2)
    clock.move(NOW + timedelta(minutes=11))
    assert printer.round() == 0


def test_a_set_without_templates_is_printed_with_those_of_the_program(services: Services) -> None:
    bare = {path: content for path, content in read_folder(PROCESSES).items() if not path.startswith("documents/")}
    document_id = issued(services, services.engine.publish(bare, SYSTEM, "tests"))

    assert services.press.printed(document_id).startswith(b"%PDF-")


def test_what_a_set_does_not_have_is_taken_from_the_program(services: Services) -> None:
    bare = {path: content for path, content in read_folder(PROCESSES).items() if not path.startswith("documents/")}
    one = {**bare, "documents/audit_act.typ": b"= Act"}
    document_id = issued(services, services.engine.publish(one, SYSTEM, "tests"))

    assert services.press.printed(document_id).startswith(b"%PDF-")
    assert services.press.sheet(document_id).startswith(b"%PDF-")


def test_there_is_no_pdf_of_a_document_that_is_not_there(services: Services) -> None:
    with pytest.raises(NotFound):
        services.press.printed(404)


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_document_that_a_played_procedure_names_is_printed(name: str) -> None:
    files = read_folder(PROCESSES)
    player = Player(files, PROCESSES)
    scenario = read(PROCESSES / "scenarios" / f"{name}.yaml")
    with player._stage(scenario) as stage:
        assert perform(stage, scenario) is None
        engine = stage.engine
        press = Press(engine.database, engine.library, stage.clock, templates_of(files))

        printed, failed = 0, {}
        while not failed:
            count, failed = press.print_waiting()
            if not count:
                break
            printed += count

    assert failed == {}
    assert printed > 3
