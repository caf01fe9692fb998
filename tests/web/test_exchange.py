"""The exchange with the state system: a package for each thing to be uploaded, and nothing forgotten."""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.exchange import Exchange
from app.wiring import Services
from engine.clock import MovedClock
from engine.errors import NotPrinted
from engine.library import read_folder
from engine.steps import SYSTEM, Person
from storage.blobs import sha256_of
from storage.instants import to_text
from storage.reading import register
from storage.reading.rows import Row, every
from storage.steps import insert_rows, insert_submission, save_records, save_values, to_json
from storage.tables import event, exchange_package, participant

PROCESSES = Path(__file__).parent / "processes"
WANTED = """
[exchange]
alert = "PT24H"
[exchange.kinds]
contract = { object = "Договор", receipt = "check.number" }
[exchange.journals.certificates]
object = "Запись реестра"
status = "Статус"
also = ["Держатель"]
without = ["REPLACED"]
entry = "Реестр ИС"
"""
Browsers = Callable[..., Any]
CONFIRMED = {"on": "2026-01-12", "words": "ИС-2026-77"}


@pytest.fixture
def round_of(services: Services) -> Callable[[], int]:
    """A round of the worker; the installation uploads contracts and the states of certificates."""
    files = read_folder(PROCESSES)
    profile = files["profile.toml"] + WANTED.encode()
    services.engine.publish({**files, "profile.toml": profile}, SYSTEM, "exchange")
    return Exchange(services).round


@pytest.fixture
def issue(services: Services, case: int) -> Callable[..., None]:
    def write(kind: str = "contract", number: int = 1, must_sign: str = "[]", signers: str = "[]") -> None:
        fields = to_json({"Предмет": "Аудит <b>"})
        row = {
            "case_id": case,
            "kind": kind,
            "number": f"R-1/{number}",
            "title": "Договор",
            "fields": fields,
            "signers": signers,
            "must_sign": must_sign,
            "confidential": False,
            "element": "check",
            "at": to_text(services.clock.now()),
            "by": "officer",
            "sha256": sha256_of(fields),
        }
        with services.database.writing() as connection:
            insert_rows(connection, "document", [row])

    return write


@pytest.fixture
def enter(services: Services, case: int) -> Callable[..., None]:
    def write(status: str = "VALID", **fields: str) -> None:
        row = {
            "journal": "certificates",
            "key": "СМ.1",
            "case_id": case,
            "fields": to_json({"Держатель": "ТОО «Байтерек»", "Статус": status} | fields),
            "at": to_text(services.clock.now()),
        }
        with services.database.writing() as connection:
            save_records(connection, [row])

    return write


def packages(services: Services) -> list[Row]:
    with services.database.reading() as connection:
        return every(connection, select(exchange_package).order_by(exchange_package.c.made_at, exchange_package.c.id))


def events(services: Services) -> list[tuple[str, str]]:
    query = select(event).where(event.c.type.like("Exchange%")).order_by(event.c.seq)
    with services.database.reading() as connection:
        return [(row["type"], row["actor"]) for row in every(connection, query)]


def drop(tmp_path: Path, name: str, content: Any, *, is_young: bool = False) -> Path:
    """Leave a receipt as an adapter does, a while ago."""
    place = tmp_path / "exchange" / "in"
    place.mkdir(parents=True, exist_ok=True)
    path = place / name
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    if not is_young:
        os.utime(path, (0, 0))
    return path


def test_a_document_of_a_named_kind_becomes_a_package_with_its_hashes(
    round_of: Callable[[], int], issue: Callable[..., None], services: Services, tmp_path: Path
) -> None:
    issue()
    issue("protocol", 2)

    round_of()

    (row,) = packages(services)
    folder = tmp_path / "exchange" / "out" / row["id"]
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(files) == {"document.pdf", "metadata.json", "SHA256SUMS"}
    assert files["document.pdf"].startswith(b"%PDF-")
    told = json.loads(files["metadata.json"])
    assert (told["object"], told["document"]["number"]) == ("Договор", "R-1/1")
    sums = dict(reversed(line.split("  ")) for line in files["SHA256SUMS"].decode().splitlines())
    assert sums == {name: hashlib.sha256(files[name]).hexdigest() for name in ("document.pdf", "metadata.json")}
    assert (row["state"], row["sha256"], row["due_at"]) == ("waiting", sums["metadata.json"], None)
    assert events(services) == [("ExchangePackaged", "system")]


def test_a_document_is_uploaded_when_everybody_has_signed_it(
    round_of: Callable[[], int], issue: Callable[..., None], services: Services, clock: MovedClock, tmp_path: Path
) -> None:
    issue(must_sign='["head"]', signers='["Гульнара Касымова, руководитель"]')
    round_of()
    (row,) = packages(services)
    assert (row["state"], row["problem"]) == ("preparing", "нет подписи: Гульнара Касымова, руководитель")
    assert row["attempts"] == 0

    head = Person(login="head", name="Гульнара Касымова", roles=frozenset({"head"}))
    services.desk.sign(row["document_id"], head)
    assert round_of() == 0
    clock.move(clock.now() + timedelta(minutes=1))
    round_of()

    (row,) = packages(services)
    assert (row["state"], row["problem"]) == ("waiting", None)
    files = {path.name for path in (tmp_path / "exchange" / "out" / row["id"]).iterdir()}
    assert files == {"document.pdf", "signatures.pdf", "metadata.json", "SHA256SUMS"}


def test_rounds_that_find_nothing_new_make_no_second_package(
    round_of: Callable[[], int], issue: Callable[..., None], enter: Callable[..., None], services: Services
) -> None:
    issue()
    enter()

    assert round_of() > 0
    again = [round_of(), Exchange(services).round()]

    assert again == [0, 0]
    assert len(packages(services)) == 2
    with services.database.writing() as connection:  # as after a crash that forgot what was seen
        connection.exec_driver_sql("DELETE FROM setting WHERE key LIKE 'exchange.%'")
    round_of()
    assert len(packages(services)) == 2
    assert len(events(services)) == 2


def test_a_package_that_cannot_be_written_is_tried_later_and_holds_up_no_other(
    round_of: Callable[[], int],
    issue: Callable[..., None],
    enter: Callable[..., None],
    services: Services,
    clock: MovedClock,
    monkeypatch: Any,
) -> None:
    issue()
    enter()

    def fail(self: Any, document_id: int) -> bytes:
        raise NotPrinted(number="R-1/1", why="broken", file="document.typ", line=1)

    with monkeypatch.context() as broken:
        broken.setattr(type(services.press), "printed", fail)
        round_of()
        assert {row["object"]: row["state"] for row in packages(services)} == {
            "Договор": "preparing",
            "Запись реестра": "waiting",
        }
        assert round_of() == 0
    clock.move(clock.now() + timedelta(minutes=1))
    round_of()

    assert {row["state"] for row in packages(services)} == {"waiting"}


def test_a_status_that_changes_is_uploaded_and_a_row_that_only_grows_is_not(
    round_of: Callable[[], int], enter: Callable[..., None], services: Services, clock: MovedClock
) -> None:
    enter()
    enter(Кабинет="2026-01-12")
    clock.move(clock.now() + timedelta(hours=1))
    round_of()
    enter("SUSPENDED")
    round_of()

    assert [row["title"] for row in packages(services)] == ["СМ.1: VALID", "СМ.1: SUSPENDED"]


def test_a_holder_that_changes_is_uploaded_and_a_row_that_only_keeps_the_past_is_not(
    round_of: Callable[[], int], enter: Callable[..., None], services: Services, clock: MovedClock
) -> None:
    enter()
    round_of()
    clock.move(clock.now() + timedelta(hours=1))
    enter(Держатель="ТОО «Байтерек Плюс»")
    round_of()
    enter("REPLACED")
    round_of()

    assert [row["title"] for row in packages(services)] == ["СМ.1: VALID", "СМ.1: VALID"]


def test_an_adapter_confirms_by_a_file_and_the_same_file_again_changes_nothing(
    round_of: Callable[[], int], enter: Callable[..., None], services: Services, tmp_path: Path
) -> None:
    enter("WITHDRAWN")
    round_of()
    (row,) = packages(services)
    receipt = {"receipt": "ИС-77", "date": "2026-01-12"}

    drop(tmp_path, f"{row['id']}.json", receipt)
    round_of()
    drop(tmp_path, f"{row['id']}.json", receipt)
    round_of()

    (row,) = packages(services)
    assert (row["state"], row["receipt"], row["entered_on"]) == ("confirmed", "ИС-77", "2026-01-12")
    assert events(services) == [("ExchangePackaged", "system"), ("ExchangeConfirmed", "exchange")]
    assert [path.name for path in (tmp_path / "exchange" / "in" / "read").iterdir()] == [f"{row['id']}.json"]
    with services.database.reading() as connection:
        (state,) = register.history(connection, "certificates", "СМ.1")
    # the day of the entry began before the decision, and no entry is older than what it enters
    assert (state["entered_at"], state["entry"]) == (state["at"], "ИС-77")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("{id}.json", "{"),
        ("{id}.json", "[]"),
        ("{id}.json", {"receipt": "ИС-77"}),
        ("{id}.json", {"receipt": " ", "date": "2026-01-12"}),
        ("{id}.json", {"receipt": "ИС-77", "date": "2026-01-13"}),  # tomorrow
        ("{id}.json", '{"receipt": "ИС-77", "date": "2026-01-12", "x": "' + "x" * 200_000 + '"}'),
        ("{id}.json", "[" * 50_000),
        ("v99-260112.json", {"receipt": "ИС-77", "date": "2026-01-12"}),
        ("{id}.exe", {"receipt": "ИС-77", "date": "2026-01-12"}),
        ("ИС.json", {"receipt": "ИС-77", "date": "2026-01-12"}),
    ],
)
def test_a_receipt_that_cannot_be_used_is_put_aside_and_nothing_is_confirmed(
    name: str, content: Any, round_of: Callable[[], int], enter: Callable[..., None], services: Services, tmp_path: Path
) -> None:
    enter()
    round_of()
    (row,) = packages(services)

    path = drop(tmp_path, name.replace("{id}", row["id"]), content)
    round_of()

    (after,) = packages(services)
    assert after["state"] == "waiting"
    assert (after["problem"] is not None) == (path.name == f"{row['id']}.json")
    assert (path.parent / "rejected" / path.name).exists()


def test_a_receipt_that_is_still_being_written_is_waited_for(
    round_of: Callable[[], int], enter: Callable[..., None], services: Services, tmp_path: Path
) -> None:
    enter()
    round_of()
    (row,) = packages(services)

    path = drop(tmp_path, f"{row['id']}.json", '{"receipt": "ИС', is_young=True)
    round_of()

    assert path.exists()
    assert packages(services)[0]["problem"] is None


def handed_in(services: Services, case: int, number: str) -> None:
    values = {"number": number}
    row = {
        "case_id": case,
        "task_id": None,
        "element": "check",
        "form": "check.json",
        "actor": "officer",
        "on_behalf_of": None,
        "at": to_text(services.clock.now()),
        "set_hash": "0",
        "values": to_json(values),
        "key": None,
        "result": None,
    }
    with services.database.writing() as connection:
        insert_submission(connection, row)
        save_values(connection, case, {"check": values})


@pytest.mark.parametrize("form_comes_first", [True, False])
def test_a_number_that_a_form_of_the_procedure_asks_for_confirms_the_package(
    form_comes_first: bool, round_of: Callable[[], int], issue: Callable[..., None], services: Services, case: int
) -> None:
    acts = [lambda: handed_in(services, case, "ИС-5"), issue]
    for act in acts if form_comes_first else reversed(acts):
        act()
        round_of()

    (row,) = packages(services)
    assert (row["state"], row["receipt"], row["confirmed_by"]) == ("confirmed", "ИС-5", "system")
    assert row["sha256"]  # the package itself is there all the same

    issue(number=2)
    round_of()
    assert packages(services)[1]["state"] == "waiting"  # an old number says nothing about a new document


def test_an_entry_that_the_procedure_notes_in_the_journal_confirms_the_state(
    round_of: Callable[[], int], enter: Callable[..., None], services: Services
) -> None:
    enter()
    round_of()
    enter(**{"Реестр ИС": "ИС-9"})
    round_of()

    (row,) = packages(services)
    assert (row["state"], row["receipt"]) == ("confirmed", "ИС-9")


def test_a_status_without_confirmation_is_an_alert_after_a_day_and_once(
    round_of: Callable[[], int],
    enter: Callable[..., None],
    services: Services,
    clock: MovedClock,
    browser: Browsers,
) -> None:
    enter("SUSPENDED")
    round_of()
    clock.move(clock.now() + timedelta(hours=24))
    round_of()
    assert "mark late" not in browser("head").get("/inbox").html.partition("</header>")[0]

    clock.move(clock.now() + timedelta(seconds=1))
    assert round_of() == 1
    assert round_of() == 0

    assert events(services)[-1] == ("ExchangeOverdue", "system")
    for login in ("head", "clerk"):
        assert 'Обмен с ИС <span class="mark late">1</span>' in browser(login).get("/inbox").html
    page = browser("head").get("/exchange")
    assert "Изменений статуса без подтверждения больше суток: 1." in page.text
    assert "СМ.1: приостановлен" in browser("head").get("/exchange?view=overdue").text

    head = browser("head")
    path = f"/exchange/{packages(services)[0]['id']}"
    head.send(head.get(path), path, **{**CONFIRMED, "on": "2026-01-13"})
    assert "mark late" not in head.get("/inbox").html.partition("</header>")[0]


def test_a_person_confirms_with_number_day_and_file_and_only_once(
    round_of: Callable[[], int], enter: Callable[..., None], services: Services, browser: Browsers
) -> None:
    enter()
    round_of()
    path = f"/exchange/{packages(services)[0]['id']}"
    clerk = browser("clerk")
    page = clerk.get(path)

    wrong = clerk.send(page, path, on="2026-01-13", words="")
    done = clerk.send(page, path, files={"file:file": (io.BytesIO(b"%PDF-1.7"), "Квитанция.pdf")}, **CONFIRMED)
    again = clerk.send(page, path, **{**CONFIRMED, "words": "ИС-другая"})

    assert wrong.status == 422
    assert "Этот день ещё не наступил." in wrong.text
    assert "Заполните это поле." in wrong.text
    for said in ("ИС-2026-77", "Айгерим Сулейменова", "Квитанция.pdf"):
        assert said in done.text
    assert "Пакет уже подтверждён, ничего не изменено." in again.text
    assert events(services) == [("ExchangePackaged", "system"), ("ExchangeConfirmed", "clerk")]
    assert "Внесено в ИС: СМ.1: VALID, запись ИС-2026-77" in clerk.get("/cases/1").text


@pytest.mark.parametrize(
    ("login", "reads", "confirms"),
    [("head", 200, 422), ("clerk", 200, 422), ("admin", 200, 422), ("assessor", 200, 403), ("officer", 403, 403)],
)
def test_the_exchange_is_open_to_those_who_see_to_it(
    login: str,
    reads: int,
    confirms: int,
    round_of: Callable[[], int],
    enter: Callable[..., None],
    services: Services,
    browser: Browsers,
) -> None:
    enter()
    round_of()
    path = f"/exchange/{packages(services)[0]['id']}"

    assert browser(login).get("/exchange").status == reads
    assert browser(login).get(path).status == reads
    assert browser(login).post(path, on="", words="").status == confirms
    assert browser("clerk").client.post(path, data=CONFIRMED).status_code == 400
    assert browser().get(path).path == "/sign-in"
    assert [row["state"] for row in packages(services)] == ["waiting"]


def test_a_package_of_a_hidden_case_is_hidden_too(
    round_of: Callable[[], int], issue: Callable[..., None], services: Services, browser: Browsers, case: int
) -> None:
    issue()
    round_of()
    with services.database.writing() as connection:
        row = {"case_id": case, "group": "no_access", "login": "head", "since": "2026", "until": None}
        connection.execute(participant.insert(), row)
    path = f"/exchange/{packages(services)[0]['id']}"

    assert browser("head").get(path).status == 404
    assert "R-1/1" not in browser("head").get("/exchange").text
    assert "R-1/1" in browser("admin").get("/exchange").text
    assert browser("admin").get("/exchange/../../etc").status == 404
