"""The outbox as people see it: what waits, what was refused, and the proof that a letter went out."""

from __future__ import annotations

import email
import email.policy
import io
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.post import Post
from app.wiring import Services
from engine.clock import MovedClock
from outside.letters import OutgoingLetter, written
from storage import outbox
from storage.instants import to_text
from storage.reading.rows import every
from storage.steps import insert_rows
from storage.tables import document, event, participant
from tests.outside.drawn import sheets

Browsers = Callable[..., Any]
SENT = {"on": "2026-01-12", "words": "Заказным письмом, квитанция № 4711"}


@pytest.fixture
def letter(services: Services, case: int) -> Callable[..., int]:
    """Put a letter of the case into the outbox; returns its id."""
    count = iter(range(1, 1000))

    def put(to: str = "г. Кентау, ул. Абая, 1", **more: Any) -> int:
        number = next(count)
        now = to_text(services.clock.now())
        row = {
            "case_id": case,
            "kind": "notice",
            "addressee": to,
            "subject": f"Уведомление {number} <b>",
            "body": "Текст письма <script>alert(1)</script>",
            "message_id": f"<{number}@reglament>",
            "due_on": None,
            "created_at": now,
            "next_try_at": now,
            "attempts": 0,
            "status": "waiting",
            "problem": None,
            **more,
        }
        with services.database.writing() as connection:
            insert_rows(connection, "letter", [row])
        return number

    return put


@pytest.fixture
def events(services: Services) -> Callable[[], list[tuple[str, str, dict[str, Any]]]]:
    def read() -> list[tuple[str, str, dict[str, Any]]]:
        query = select(event).where(event.c.type.like("Letter%")).order_by(event.c.seq)
        with services.database.reading() as connection:
            return [(row["type"], row["actor"], json.loads(row["data"])) for row in every(connection, query)]

    return read


@pytest.mark.parametrize(("login", "status"), [("head", 200), ("clerk", 200), ("admin", 200), ("officer", 403)])
def test_the_outbox_is_open_to_those_who_see_to_the_post(login: str, status: int, browser: Browsers) -> None:
    page = browser(login).get("/letters")

    assert page.status == status
    assert ("/letters" in browser(login).get("/inbox").html) is (status == 200)


@pytest.mark.parametrize("path", ["/letters", "/letters/1"])
def test_strangers_are_led_to_the_sign_in(path: str, browser: Browsers, letter: Callable[..., int]) -> None:
    letter()

    assert browser().get(path).path == "/sign-in"


def test_a_party_sees_no_letter(browser: Browsers, letter: Callable[..., int], services: Services, case: int) -> None:
    key = letter()
    with services.database.writing() as connection:
        row = {"case_id": case, "group": "applicant", "login": "applicant", "since": "2026", "until": None}
        connection.execute(participant.insert(), row)

    assert browser("applicant").get(f"/letters/{key}").status == 404
    assert browser("applicant").get("/letters").status == 403


def test_a_letter_of_a_case_that_is_hidden_from_somebody_is_hidden_too(
    browser: Browsers, letter: Callable[..., int], services: Services, case: int
) -> None:
    key = letter(status="refused", next_try_at=None)
    with services.database.writing() as connection:
        row = {"case_id": case, "group": "no_access", "login": "head", "since": "2026", "until": None}
        connection.execute(participant.insert(), row)

    assert browser("head").get(f"/letters/{key}").status == 404
    assert "Уведомление" not in browser("head").get("/letters").text
    assert "Уведомление" in browser("admin").get("/letters").text


def test_each_view_holds_its_letters_and_nothing_typed_by_others_is_run(
    browser: Browsers, letter: Callable[..., int]
) -> None:
    letter("waiting@b.example")
    letter("printed", status="printed", next_try_at=None)
    letter("refused@b.example", status="refused", next_try_at=None, problem="550 <i>No</i> such user")
    letter("late@b.example", due_on="2026-01-11")
    letter("sent@b.example", status="sent", next_try_at=None, sent_at="2026-01-12T05:00:00.000000+00:00")
    clerk = browser("clerk")

    seen = {
        view: clerk.get(f"/letters?view={view}") for view in ("todo", "waiting", "overdue", "sent", "all", "nonsense")
    }

    def addressees(view: str) -> set[str]:
        return {name for name in ("waiting", "printed", "refused", "late", "sent") if f"<td>{name}" in seen[view].html}

    assert addressees("todo") == addressees("nonsense") == {"printed", "refused"}
    assert addressees("waiting") == {"waiting", "late"}
    assert addressees("overdue") == {"late"}
    assert addressees("sent") == {"sent"}
    assert len(addressees("all")) == 5
    assert "550 &lt;i&gt;No" in seen["todo"].html
    assert "<b>" not in seen["all"].html
    assert "<script>alert" not in clerk.get("/letters/1").html
    assert addressees("todo") == {"printed", "refused"}
    assert clerk.get("/letters?view=all&q=LATE").text.count("Уведомление") == 1


def test_a_refused_letter_is_counted_in_the_head_of_the_page(browser: Browsers, letter: Callable[..., int]) -> None:
    letter("refused@b.example", status="refused", next_try_at=None)

    assert 'Письма <span class="mark late">1</span>' in browser("head").get("/inbox").html
    assert "mark late" not in browser("officer").get("/cases").html.partition("</header>")[0]


def test_a_person_marks_a_printed_letter_as_sent_with_its_proof(
    browser: Browsers, letter: Callable[..., int], events: Callable[[], Any], services: Services
) -> None:
    key = letter()
    Post(services).send_due()
    clerk = browser("clerk")

    page = clerk.send(
        clerk.get(f"/letters/{key}"),
        f"/letters/{key}/sent",
        files={"file:file": (io.BytesIO(b"%PDF-1.7 receipt"), "Квитанция.pdf")},
        **SENT,
    )

    assert "Отмечено: письмо отправлено." in page.text
    assert "Заказным письмом, квитанция № 4711" in page.text
    assert "Айгерим Сулейменова" in page.text
    assert "Квитанция.pdf" in browser("head").get(f"/letters/{key}").text
    kinds = [(kind, actor) for kind, actor, _ in events()]
    assert kinds == [("LetterPrinted", "system"), ("LetterSent", "clerk")]
    assert f"/letters/{key}/sent" not in page.html


def test_what_is_wrong_in_the_proof_is_said_at_its_field_and_nothing_is_marked(
    browser: Browsers, letter: Callable[..., int], events: Callable[[], Any]
) -> None:
    key = letter()
    clerk = browser("clerk")
    page = clerk.get(f"/letters/{key}")

    def answer(**values: Any) -> Any:
        found = clerk.send(page, f"/letters/{key}/sent", **{**SENT, **values})
        assert found.status == 422
        return found.text

    assert "Этот день ещё не наступил." in answer(on="2026-01-13")
    assert "Это раньше, чем подготовлено." in answer(on="2026-01-11")
    assert "Укажите день." in answer(on="вчера")
    assert "Заполните это поле." in answer(words=" ")
    assert "Не длиннее 300 знаков." in answer(words="х" * 301)
    assert "Этого файла нет." in answer(file="00000000-0000-0000-0000-000000000000")
    assert "не принимаются" in answer(files={"file:file": (io.BytesIO(b"MZ"), "run.exe")})
    assert events() == []


def test_a_letter_is_marked_once_however_often_the_form_is_sent(
    browser: Browsers, letter: Callable[..., int], events: Callable[[], Any]
) -> None:
    key = letter()
    clerk = browser("clerk")
    page = clerk.get(f"/letters/{key}")

    clerk.send(page, f"/letters/{key}/sent", **SENT)
    again = clerk.send(page, f"/letters/{key}/sent", **{**SENT, "words": "Другое"})

    assert "Письмо уже отправлено, ничего не изменено." in again.text
    assert "Другое" not in again.text
    assert [kind for kind, _, _ in events()] == ["LetterSent"]


def test_a_refused_letter_goes_out_again_to_another_address(
    browser: Browsers, letter: Callable[..., int], services: Services, events: Callable[[], Any]
) -> None:
    key = letter("no@b.example", status="refused", next_try_at=None, attempts=3, problem="550 No such user")
    clerk = browser("clerk")
    page = clerk.get(f"/letters/{key}")

    empty = clerk.send(page, f"/letters/{key}/address", addressee=" ")
    sent = clerk.send(page, f"/letters/{key}/address", addressee="yes@b.example\r\nBcc: all@b.example")

    assert empty.status == 422
    assert "Письмо уйдёт по новому адресу." in sent.text
    with services.database.reading() as connection:
        (row,) = outbox.waiting(connection, "9")
    assert (row["addressee"], row["attempts"]) == ("yes@b.example Bcc: all@b.example", 0)
    assert [kind for kind, _, _ in events()] == ["LetterReaddressed"]
    again = clerk.send(page, f"/letters/{key}/address", addressee="third@b.example")
    assert "адрес не изменён" in again.text


@pytest.mark.parametrize("action", ["sent", "address"])
def test_only_the_post_may_change_a_letter_and_only_from_our_own_page(
    action: str, browser: Browsers, letter: Callable[..., int], events: Callable[[], Any]
) -> None:
    key = letter(status="printed", next_try_at=None)
    values = {**SENT, "addressee": "a@b.example"}

    assert browser("officer").post(f"/letters/{key}/{action}", **values).status == 403
    assert browser("assessor").post(f"/letters/{key}/{action}", **values).status == 403
    assert browser("clerk").client.post(f"/letters/{key}/{action}", data=values).status_code == 400
    assert events() == []


def test_the_page_of_a_waiting_letter_tells_its_attempts(
    browser: Browsers, letter: Callable[..., int], services: Services, clock: MovedClock
) -> None:
    key = letter(attempts=2, problem="451 Later", next_try_at=to_text(clock.now() + timedelta(minutes=4)))

    page = browser("clerk").get(f"/letters/{key}")

    assert "451 Later" in page.text
    assert "2, следующая 12.01.2026 10:04" in page.text


def test_a_letter_has_an_outgoing_number_and_goes_on_the_letterhead(
    browser: Browsers, letter: Callable[..., int]
) -> None:
    first, second = letter(), letter()
    clerk = browser("clerk")

    pages = [clerk.get(f"/letters/{key}") for key in (first, second)]
    answer = clerk.client.get(f"/letters/{second}.pdf")

    number = re.search(r"\S+/П-2", pages[1].text)
    assert number
    assert "/П-1" in pages[0].text
    text = "".join(sheet.text for sheet in sheets(answer.data))
    assert number.group() in text
    assert "Текст письма <script>alert(1)</script>" in text


def test_the_letterhead_is_for_those_alone_who_may_read_the_letter(
    browser: Browsers, letter: Callable[..., int]
) -> None:
    key = letter()

    assert browser("applicant").client.get(f"/letters/{key}.pdf").status_code == 404


def test_the_papers_that_a_letter_encloses_go_with_it_and_confidential_ones_never(
    browser: Browsers, letter: Callable[..., int], services: Services, case: int
) -> None:
    common = {"case_id": case, "kind": "act", "fields": '{"Вывод": "Соответствует"}', "signers": "[]", "element": "x"}
    stored = {**common, "must_sign": "[]", "at": to_text(services.clock.now()), "by": "head", "sha256": "0" * 64}
    with services.database.writing() as connection:
        for number, is_closed in (("R-2026-0001/1", False), ("R-2026-0001/2", True)):
            row = {**stored, "number": number, "title": f"Акт {number}", "confidential": is_closed}
            connection.execute(document.insert(), row)
    key = letter("a@b.example", encloses='["R-2026-0001/1", "R-2026-0001/2"]')

    page = browser("clerk").get(f"/letters/{key}")
    Post(services).send_due()
    (file,) = (services.config.data / "outbox").glob("*.eml")
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)

    assert "Акт R-2026-0001/1" in page.text
    assert "Акт R-2026-0001/2" not in page.text
    (enclosed,) = message.iter_attachments()
    assert (enclosed.get_filename(), enclosed.get_content()[:5]) == ("R-2026-0001-1.pdf", b"%PDF-")
    letterhead = "".join(sheet.text for sheet in sheets(services.press.letter(key)))
    assert "Акт R-2026-0001/1" in letterhead


def test_two_attempts_with_an_enclosure_are_the_same_byte_for_byte() -> None:
    one = OutgoingLetter(
        message_id="<1@reglament>",
        sender="a@b.example",
        to="c@d.example",
        subject="Акт",
        body="Направляем акт.",
        written_at=datetime(2026, 1, 12, tzinfo=UTC),
        enclosures=[("act.pdf", b"%PDF-1.7")],
    )

    assert written(one).as_bytes() == written(one).as_bytes()
