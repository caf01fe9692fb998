"""The open pages: the procedure as published, and an item from anybody, with a receipt and nothing lost."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.wiring import Services
from engine.clock import MovedClock
from engine.library import read_folder
from engine.steps import SYSTEM
from storage import people
from storage import uploads as stored
from storage.instants import to_text
from storage.reading import cases
from storage.reading.access import Viewer
from storage.reading.cases import Filter
from tests.web.conftest import Browser, Page

Sign = Callable[..., Browser]
SHIPPED = Path(__file__).parent.parent.parent / "processes"
FORM = "/public/item"
ANSWERS = {"subject": "Шум на площадке", "reason": "Мешает работать", "sites": ["0"], "sites.0.city": "Кентау"}


@pytest.fixture
def written(browser: Sign, clock: MovedClock) -> Callable[..., Page]:
    """Open the form, take a minute to fill it in, send it."""

    def send(**values: Any) -> Page:
        guest = values.pop("guest", None) or browser()
        page = guest.get(FORM)
        clock.move(clock.now() + values.pop("after", timedelta(minutes=1)))
        return guest.send(page, FORM, **{**ANSWERS, **values})

    return send


def all_cases(services: Services) -> list[dict[str, Any]]:
    with services.database.reading() as connection:
        return cases.cases(connection, Viewer(login="x", sees_all=True), Filter(), offset=0, limit=50)


def test_anybody_sends_an_item_and_gets_its_number(written: Callable[..., Page], services: Services) -> None:
    page = written()

    assert page.path.startswith("/public/receipt/")
    assert "R-2026-0001" in page.text
    row = all_cases(services)[0]
    assert row["started_by"] == "public"
    with services.database.reading() as connection:
        said = cases.data(connection, row["id"])["request"]
    assert said["kind"] == "complaint"  # fixed by the profile
    assert said["received_on"] == "2026-01-12"  # the day of sending, not asked for


def test_what_is_not_asked_cannot_be_slipped_in(written: Callable[..., Page], services: Services) -> None:
    written(expert="officer", received_on="01.01.2020", kind="proposal")

    with services.database.reading() as connection:
        said = cases.data(connection, 1)["request"]
    assert (said["kind"], said["received_on"], "expert" in said) == ("complaint", "2026-01-12", False)


def test_a_wrong_form_comes_back_with_everything_in_it(
    browser: Sign, written: Callable[..., Page], services: Services
) -> None:
    guest = browser()
    page = guest.get(FORM)
    letter = {"letter:file": (io.BytesIO(b"%PDF-1.7 text"), "письмо.pdf")}

    page = guest.send(page, FORM, files=letter, subject="ab", reason="Причина", _do="complete")

    assert page.status == 422
    assert "Обращение ещё не отправлено" in page.text
    assert "Причина" in page.html
    assert "письмо.pdf" in page.html
    assert all_cases(services) == []


@pytest.mark.parametrize(
    ("after", "values", "words"),
    [
        (timedelta(seconds=1), {}, "слишком быстро"),
        (timedelta(hours=25), {}, "слишком давно"),
        (timedelta(minutes=1), {"website": "https://spam.example"}, "Не заполняйте"),
        (timedelta(minutes=1), {"_stamp": "made up"}, "слишком давно"),
    ],
)
def test_machines_are_told_what_people_can_put_right(
    written: Callable[..., Page], services: Services, after: timedelta, values: dict[str, str], words: str
) -> None:
    page = written(after=after, **values)

    assert page.status == 422
    assert words in page.text
    assert "Мешает работать" in page.html
    assert all_cases(services) == []


def test_a_form_that_stood_open_too_long_is_sent_again_without_typing_again(
    browser: Sign, written: Callable[..., Page], clock: MovedClock
) -> None:
    guest = browser()
    page = written(guest=guest, after=timedelta(hours=25))
    clock.move(clock.now() + timedelta(seconds=10))

    assert "R-2026-0001" in guest.send(page, FORM).text


def test_ten_items_an_hour_are_taken_from_one_address(written: Callable[..., Page]) -> None:
    answers = [written() for _ in range(11)]

    assert [page.status for page in answers] == [200] * 10 + [429]


def test_the_same_form_sent_twice_is_one_item(browser: Sign, clock: MovedClock, services: Services) -> None:
    guest = browser()
    page = guest.get(FORM)
    clock.move(clock.now() + timedelta(minutes=1))

    first, second = guest.send(page, FORM, **ANSWERS), guest.send(page, FORM, **ANSWERS)

    assert "R-2026-0001" in first.text
    assert "R-2026-0001" in second.text
    assert len(all_cases(services)) == 1


def test_a_receipt_cannot_be_made_up(browser: Sign) -> None:
    assert browser().get("/public/receipt/WyJSLTIwMjYtMDAwMSIsIngiXQ.x").status == 404


def test_the_open_form_tells_nothing_of_the_people_and_opens_no_other_page(browser: Sign) -> None:
    guest = browser()
    page = guest.get(FORM)

    assert "Данияр" not in page.html
    assert guest.get("/cases").path == "/sign-in"


def test_the_switch_closes_the_open_pages(browser: Sign, services: Services) -> None:
    assert browser().get("/public").path == "/public/procedure"
    assert "/public/item" in browser().get("/sign-in").html
    with services.database.writing() as connection:
        people.save_setting(connection, "public", "off")

    assert browser().get("/public").status == 404
    assert browser().get("/public/procedure").status == 404
    assert browser().get(FORM).status == 404
    assert "/public/item" not in browser().get("/sign-in").html


def test_files_of_forms_that_were_never_sent_do_not_stay(services: Services, clock: MovedClock) -> None:
    with services.database.writing() as connection:
        for name, by in (("a.pdf", "public"), ("b.pdf", "clerk")):
            stored.keep(
                connection, filename=name, media_type="application/pdf", content=name.encode(), by=by,
                at=to_text(clock.now()),
            )  # fmt: skip
        later = to_text(clock.now() + timedelta(days=3))
        assert stored.forget_unfinished(connection, "public", before=later) == 1
        assert stored.forget_unfinished(connection, "public", before=later) == 0


def test_the_procedure_is_told_as_it_is_published(browser: Sign, services: Services) -> None:
    page = browser().get("/public/procedure")

    assert "Проверить обращение" in page.text
    assert "5 дней, рабочие дни" in page.text
    with services.database.reading() as connection:
        from storage.reading import papers

        published = papers.current_set(connection)
    assert published in page.text


def test_the_shipped_procedure_is_open_with_its_terms_and_criteria(browser: Sign, services: Services) -> None:
    services.engine.publish(read_folder(SHIPPED), SYSTEM, "tests")

    text = browser().get("/public/procedure").text

    for words in ("Как рассматриваются обращения", "Издание порядка", "явно необоснованной", "календарные дни"):
        assert words in text
    assert "Факты опровергнуты записями и документами" in text


def test_an_item_by_the_shipped_form_is_electronic(browser: Sign, services: Services, clock: MovedClock) -> None:
    services.engine.publish(read_folder(SHIPPED), SYSTEM, "tests")
    guest = browser()
    page = guest.get(FORM)
    assert "Учётная запись" not in page.text
    clock.move(clock.now() + timedelta(minutes=1))

    page = guest.send(
        page, FORM, sender_type="CITIZEN", subject="Сроки ответа", summary="Ответа нет второй месяц.",
        email="a.seitova@example.uz",
    )  # fmt: skip

    assert page.path.startswith("/public/receipt/"), page.text
    with services.database.reading() as connection:
        said = cases.data(connection, 1)["submission"]
    assert (said["kind"], said["channel"]) == ("ELECTRONIC", "EMAIL")
