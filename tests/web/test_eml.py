"""A letter (.eml) fills in the start form; hostile letters get a sentence, not a trace, and hold nothing up."""

from __future__ import annotations

import io
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.wiring import Services
from engine.library import read_folder
from engine.steps import SYSTEM
from storage.reading import cases
from tests.web.conftest import Browser, Page
from web.mail_file import Unreadable, read_mail

SHIPPED = Path(__file__).parent.parent.parent / "processes"
FORM = "/cases/new/appeal"
HEAD = b"From: A <a@b.kz>\r\nDate: Sun, 11 Jan 2026 22:30:00 +0000\r\nSubject: x\r\n"


def letter() -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Мадина Юсупова <m.yusupova@example.uz>"
    message["Reply-To"] = "office@example.uz"
    message["Date"] = "Sun, 11 Jan 2026 22:30:00 +0000"  # in Almaty it is Monday already
    message["Subject"] = "Жалоба на сроки ответа"
    message.set_content("Ответа нет второй месяц.\n\nПрошу разобраться.")
    message.add_alternative("<p>Ответа <b>нет</b></p>", subtype="html")
    message.add_attachment(b"%PDF-1.7 x", maintype="application", subtype="pdf", filename="письмо.pdf")
    return message


@pytest.fixture
def clerk(browser: Callable[..., Browser], services: Services) -> Browser:
    services.engine.publish(read_folder(SHIPPED), SYSTEM, "tests")
    return browser("clerk")


def brought(clerk: Browser, content: bytes, name: str = "жалоба.eml") -> Page:
    return clerk.send(clerk.get(FORM), FORM, files={"file": (io.BytesIO(content), name)}, _do="file")


def test_a_letter_fills_in_the_form_and_stays_with_the_case(clerk: Browser, services: Services) -> None:
    page = brought(clerk, letter().as_bytes())

    fields = dict(page.form(FORM))
    assert fields["applicants.0.name"] == "Мадина Юсупова"
    assert fields["email"] == "office@example.uz"
    assert fields["received_on"] == "12.01.2026"
    assert fields["subject"] == "Жалоба на сроки ответа"
    assert fields["summary"].replace("\r", "") == "Ответа нет второй месяц.\n\nПрошу разобраться."
    assert (fields["kind"], fields["channel"]) == ("ELECTRONIC", "EMAIL")

    clerk.send(page, FORM, sender_type="CITIZEN")
    with services.database.reading() as connection:
        kept = cases.attachments(connection, 1)
    assert {row["filename"] for row in kept} == {"жалоба.eml", "письмо.pdf"}


def test_what_a_letter_does_not_say_is_said_above_the_form(clerk: Browser) -> None:
    page = brought(clerk, b"Subject: nothing else\r\n\r\n")

    assert page.status == 200
    for words in ("нет адреса", "нет даты", "нет текста"):
        assert words in page.text


def test_a_letter_from_tomorrow_is_received_today(clerk: Browser) -> None:
    page = brought(clerk, HEAD.replace(b"11 Jan 2026", b"11 Jan 2036") + b"\r\ntext")

    assert dict(page.form(FORM))["received_on"] == "12.01.2026"
    assert "ещё не наступила" in page.text


def test_a_long_text_is_cut_and_says_so(clerk: Browser) -> None:
    page = brought(clerk, HEAD + b"\r\n" + b"word " * 2000)

    assert len(dict(page.form(FORM))["summary"]) <= 4000
    assert "сокращено" in page.text


def test_an_attachment_that_is_not_taken_stays_inside_the_letter(clerk: Browser) -> None:
    message = letter()
    message.add_attachment(b"MZ", maintype="application", subtype="octet-stream", filename="virus.exe")

    page = brought(clerk, message.as_bytes())

    assert "Отдельно не приложено: virus.exe" in page.text
    assert "письмо.pdf" in page.html


def test_a_letter_too_large_to_keep_is_refused_and_nothing_typed_is_lost(clerk: Browser) -> None:
    page = clerk.get(FORM)

    page = clerk.send(
        page, FORM, files={"file": (io.BytesIO(HEAD + b"\r\n" + b"x" * 100_001), "a.eml")}, _do="file", subject="Тема"
    )

    assert page.status == 422
    assert "больше" in page.text


def test_a_process_without_a_place_for_letters_takes_none(browser: Callable[..., Browser]) -> None:
    visitor = browser("clerk")
    page = visitor.get("/cases/new/review")

    assert ".eml" not in page.html
    files = {"file": (io.BytesIO(letter().as_bytes()), "a.eml")}
    assert visitor.send(page, "/cases/new/review", files=files, _do="file").status == 422


def test_html_alone_is_read_as_its_words() -> None:
    page = (
        b"<html><head><title>t</title><style>p{}</style></head><body><p>One &amp; two</p><script>alert(1)</script>"
        b"<!-- x --><div>three<br>four</div></body></html>"
    )

    found = read_mail(HEAD + b"Content-Type: text/html\r\n\r\n" + page)

    assert found.text.split("\n") == ["One & two", "", "three", "four"]


@pytest.mark.parametrize("charset", ["nonsense", "utf-7", "", "\xff", "utf-16", "idna"])
def test_a_bad_charset_still_gives_a_text(charset: str) -> None:
    head = HEAD + f"Content-Type: text/plain; charset={charset}\r\n\r\n".encode("latin-1")

    assert isinstance(read_mail(head + "Текст".encode()).text, str)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 1000,
        HEAD + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000)),
        HEAD + b"Content-Type: message/rfc822\n\n" * 3000,
        HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 100_000,
        b"Content-Type: text/plain; " + b"a*0*=x;" * 20_000 + b"\n\nx",
        b"From: " + b"(" * 200_000 + b"\n\nx",
    ],
    ids=["empty", "zeros", "nested groups", "nested letters", "a hundred thousand parts", "long header", "comments"],
)
def test_a_hostile_letter_is_refused_at_once(content: bytes) -> None:

    with pytest.raises(Unreadable):
        read_mail(content)


@pytest.mark.parametrize("page", [b"<a " * 300_000, b"<!--" * 300_000, b"<script><" * 100_000, b"&" * 800_000])
def test_a_page_that_never_ends_is_read_in_a_moment(page: bytes) -> None:

    read_mail(HEAD + b"Content-Type: text/html\r\n\r\n" + page)


HEADERS = st.sampled_from(["From", "Reply-To", "Date", "Subject", "Content-Type", "Content-Disposition", "X"])
VALUES = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(
        [
            b"multipart/mixed; boundary=b", b"message/rfc822", b"text/html; charset=\xff", b"=?utf-8?b?//8=?= <a@b.c>",
            b"attachment; filename*=utf-9''%FF", b"Mon, 99 Foo 0000 99:99:99 +9999", b"<@a,@b:c@d>", b'"', b"<<>>;[]:",
        ]
    ),
)  # fmt: skip


@given(st.lists(st.tuples(HEADERS, VALUES), max_size=8), st.binary(max_size=400))
def test_any_bytes_are_a_letter_or_a_refusal(headers: list[tuple[str, bytes]], body: bytes) -> None:
    content = b"".join(name.encode() + b": " + value + b"\n" for name, value in headers) + b"\n" + body

    try:
        found = read_mail(content)
    except Unreadable:
        return
    for text in (found.name, found.address, found.subject, found.text):
        text.encode()  # no half characters that a database would refuse
    assert "\x00" not in found.text


def test_a_letter_that_cannot_be_read_is_kept_with_the_item(clerk: Browser, services: Services) -> None:
    unread = HEAD + b"Content-Type: message/rfc822\n\n" * 3000

    page = brought(clerk, unread)

    assert page.status == 422
    assert "Внесите обращение вручную" in page.text
    assert "Само письмо приложено к обращению" in page.text
    fields = dict(page.form(FORM))
    assert (fields["kind"], fields["channel"], fields["received_on"]) == ("ELECTRONIC", "EMAIL", "12.01.2026")

    clerk.send(page, FORM, sender_type="UNKNOWN", subject="Письмо", summary="См. вложение")
    with services.database.reading() as connection:
        kept = cases.attachments(connection, 1)
    assert [row["filename"] for row in kept] == ["жалоба.eml"]


def test_what_is_no_letter_at_all_is_not_kept_and_says_what_to_do(clerk: Browser) -> None:
    page = brought(clerk, b"\x00" * 100)

    assert "Сохраните письмо отдельно" in page.text
