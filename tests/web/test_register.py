"""The register of certificates: which status, since when, and how little strangers learn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from app.register import in_force, qr_of
from app.wiring import Services
from engine.clock import MovedClock
from storage.reading import register
from storage.reading.rows import first
from storage.steps import save_records, to_json
from storage.tables import participant, record, record_version

Browsers = Callable[..., Any]
Enter = Callable[..., None]
GRANTED = datetime(2026, 1, 12, 5, 0, tzinfo=UTC)
FIELDS = {
    "Дело": "R-2026-0001",
    "Держатель": "ТОО «Байтерек» <b>",
    "БИН": "950140000123",
    "Область": "Бетон",
    "Стандарты": ["ISO 9001:2015"],
    "Выдан": "2026-01-12",
    "Действует до": "2029-01-12",
    "Статус": "VALID",
}


@pytest.fixture
def enter(services: Services, case: int) -> Enter:
    """Write a state of a certificate into the register as a step does."""

    def write(number: str = "СМ.2026.0001", at: str = "2026-01-12T05:00", **fields: Any) -> None:
        row = {
            "journal": "certificates",
            "key": number,
            "case_id": case,
            "fields": to_json({**FIELDS, **fields}),
            "at": f"{at}:00.000000+00:00",
        }
        with services.database.writing() as connection:
            save_records(connection, [row])

    return write


def entered(services: Services, at: str) -> None:
    """Note the entry of the last state in the state system."""
    with services.database.writing() as connection:
        last = first(connection, record_version.select().order_by(record_version.c.id.desc()))
        assert last is not None
        change = record_version.update().where(record_version.c.id == last["id"])
        connection.execute(change.values(entered_at=f"{at}:00.000000+00:00", entry="ИС-9"))


def test_every_state_of_a_row_stays_and_the_journal_holds_the_last(enter: Enter, services: Services) -> None:
    enter()
    enter(at="2026-02-01T05:00", Статус="SUSPENDED")

    with services.database.reading() as connection:
        states = register.history(connection, "certificates", "СМ.2026.0001")
        last = first(connection, record.select())
    assert [state["fields"]["Статус"] for state in states] == ["VALID", "SUSPENDED"]
    assert last is not None
    assert '"SUSPENDED"' in last["fields"]


def test_a_withdrawal_is_in_force_from_its_entry_and_both_moments_can_be_asked(
    enter: Enter, services: Services, browser: Browsers, clock: MovedClock
) -> None:
    enter()
    enter(at="2026-02-10T05:00", Статус="WITHDRAWN")
    clock.move(datetime(2026, 2, 12, 5, 0, tzinfo=UTC))

    before = browser("head").get("/register/СМ.2026.0001")
    assert "решено: отменён; ждёт записи в ИС" in before.text
    assert "действует с 12.01.2026" in browser().get("/c/СМ.2026.0001").text

    clock.move(datetime(2026, 2, 20, 5, 0, tzinfo=UTC))
    entered(services, "2026-02-13T05:00")

    assert "отменён с 13.02.2026" in browser().get("/c/СМ.2026.0001").text
    head = browser("head")
    shown = {on: head.get(f"/register/СМ.2026.0001?on={on}").text for on in ("2026-01-11", "2026-02-12", "2026-02-13")}
    assert "11.01.2026: сертификата ещё не было" in shown["2026-01-11"]
    assert "12.02.2026: действует с 12.01.2026" in shown["2026-02-12"]
    assert "13.02.2026: отменён с 13.02.2026" in shown["2026-02-13"]
    assert "10.02.2026 10:00" in shown["2026-02-13"]
    assert "ИС-9" in shown["2026-02-13"]


def test_a_suspension_counts_from_the_decision_and_a_stranger_reads_both_moments(
    enter: Enter, services: Services, browser: Browsers, clock: MovedClock
) -> None:
    enter()
    moments = {"Решение от": "2026-02-10", "Внесено в ИС": "2026-02-13T09:05", "В силе с": "2026-02-10"}
    enter(at="2026-02-13T04:05", Статус="SUSPENDED", **moments)
    clock.move(datetime(2026, 2, 14, 5, 0, tzinfo=UTC))

    page = browser().get("/c/СМ.2026.0001").text

    assert "приостановлен с 10.02.2026" in page
    for said in ("Решение от", "10.02.2026", "Внесено в ИС", "13.02.2026"):
        assert said in page


@pytest.mark.parametrize(
    ("fields", "since"),
    [
        ({"Статус": "SUSPENDED", "В силе с": "2026-02-10"}, "2026-02-10T00:00"),
        ({"Статус": "WITHDRAWN", "В силе с": "2026-02-13T09:05"}, "2026-02-13T09:05"),
        ({"Статус": "VALID", "Возобновлён": "2026-02-13T10:30"}, "2026-02-13T10:30"),
    ],
)
def test_a_status_is_in_force_from_the_moment_that_its_row_names(fields: dict[str, str], since: str) -> None:
    states = [
        {"fields": FIELDS, "at": "2026-01-12T05:00:00.000000+00:00", "entered_at": None},
        {"fields": {**FIELDS, "Статус": "SUSPENDED"}, "at": "2026-02-01T05:00:00.000000+00:00", "entered_at": None},
        {"fields": {**FIELDS, **fields}, "at": "2026-02-14T05:00:00.000000+00:00", "entered_at": None},
    ]

    found = in_force(
        states[:1] + states[2:] if fields["Статус"] == "SUSPENDED" else states, datetime(2026, 3, 2, tzinfo=UTC)
    )

    assert found is not None
    assert (found["status"], found["since"].isoformat()[:16]) == (fields["Статус"], since)


@pytest.mark.parametrize(
    ("on", "status"),
    [
        (datetime(2026, 1, 12, 4, 59, tzinfo=UTC), None),
        (GRANTED, "VALID"),
        (datetime(2029, 1, 12, 23, 59, tzinfo=UTC), "VALID"),  # the last day counts
        (datetime(2029, 1, 13, tzinfo=UTC), "EXPIRED"),
    ],
)
def test_a_certificate_ends_with_its_last_day(on: datetime, status: str | None) -> None:
    states = [{"fields": FIELDS, "at": "2026-01-12T05:00:00.000000+00:00", "entered_at": None}]

    found = in_force(states, on)

    assert (found["status"] if found else None) == status


def test_a_stranger_reads_one_certificate_and_nothing_else_of_the_case(enter: Enter, browser: Browsers) -> None:
    enter()

    page = browser().get("/c/СМ.2026.0001")

    assert page.status == 200
    for said in ("СМ.2026.0001", "ТОО «Байтерек» <b>", "Бетон", "ISO 9001:2015", "12.01.2029", "действует"):
        assert said in page.text
    for hidden in ("950140000123", "R-2026-0001", "<b>", "/cases", "/register"):
        assert hidden not in page.html


@pytest.mark.parametrize("number", ["СМ.2026.9999", "' or 1=1 --", "<script>alert(1)</script>", "а/б/в", "x" * 3000])
def test_a_stranger_is_told_clearly_that_a_number_is_unknown(number: str, enter: Enter, browser: Browsers) -> None:
    enter()

    page = browser().get(f"/c/{number}")

    assert page.status == 404
    assert "Такого сертификата в реестре нет" in page.text
    assert "<script>alert" not in page.html


def test_a_stranger_may_ask_so_often_and_no_more(enter: Enter, browser: Browsers) -> None:
    enter()
    stranger = browser()

    answers = [stranger.get("/c/СМ.2026.0001").status for _ in range(31)]

    assert answers == [200] * 30 + [429]


@pytest.mark.parametrize("path", ["/register", "/register/СМ.2026.0001"])
def test_the_register_with_its_history_is_for_staff(path: str, enter: Enter, browser: Browsers) -> None:
    enter()

    assert browser().get(path).path == "/sign-in"
    assert browser("applicant").get(path).status == 404
    assert browser("auditor").get(path).status == 200


def test_the_register_is_searched_and_asked_by_the_status_in_force(
    enter: Enter, browser: Browsers, clock: MovedClock
) -> None:
    enter("СМ.2026.0001")
    enter("СМ.2026.0002", Держатель="АО «Сарыарка»", Статус="SUSPENDED")
    enter("СМ.2026.0003", **{"Действует до": "2026-01-31"})
    clock.move(datetime(2026, 2, 12, 5, 0, tzinfo=UTC))
    head = browser("head")

    def numbers(query: str) -> list[str]:
        return [
            number
            for number in ("0001", "0002", "0003")
            if f"СМ.2026.{number}</a>" in head.get(f"/register?{query}").html
        ]

    assert numbers("") == ["0001", "0002", "0003"]
    assert numbers("q=сарыарка") == ["0002"]
    assert numbers("q=950140000123 бетон") == ["0001", "0002", "0003"]
    assert numbers("status=SUSPENDED") == ["0002"]
    assert numbers("status=EXPIRED") == ["0003"]
    assert numbers("sort=holder&q=см.2026") == ["0001", "0002", "0003"]
    assert numbers("q=нет такого") == []
    assert "Ничего не найдено." in head.get("/register?q=нет").text


def test_a_case_that_is_hidden_from_the_reader_is_named_and_not_led_to(
    enter: Enter, browser: Browsers, services: Services, case: int
) -> None:
    enter()
    with services.database.writing() as connection:
        row = {"case_id": case, "group": "no_access", "login": "head", "since": "2026", "until": None}
        connection.execute(participant.insert(), row)

    assert f'href="/cases/{case}"' not in browser("head").get("/register/СМ.2026.0001").html
    assert f'href="/cases/{case}"' in browser("admin").get("/register/СМ.2026.0001").html


def test_certificates_alone_bear_a_code_that_leads_to_their_public_page() -> None:
    picture = qr_of("https://body.example")
    certificate = {"kind": "certificate", "fields": {"Номер": "СМ.2026.0001"}}

    assert (picture(certificate) or "").startswith("<svg")
    assert picture({**certificate, "kind": "contract"}) is None
    assert picture({**certificate, "fields": {}}) is None
    assert qr_of("")(certificate) is None


def test_the_code_of_a_certificate_holds_the_address_of_its_page(monkeypatch: Any) -> None:
    asked: list[str] = []
    monkeypatch.setattr("app.register.svg", lambda text: asked.append(text) or "")

    qr_of("https://body.example")({"kind": "certificate", "fields": '{"Номер": "СМ.2026.0001"}'})

    assert asked == ["https://body.example/c/%D0%A1%D0%9C.2026.0001"]
