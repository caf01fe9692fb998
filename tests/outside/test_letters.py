"""Letters go out once or say why not: by a real mail server on loopback, or into the folder."""

from __future__ import annotations

import email
import email.policy
import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.config import BadSetting, load
from app.post import Post
from app.wiring import Services
from engine.clock import MovedClock
from outside.addresses import emails
from outside.letters import LetterRefused, OutgoingLetter
from outside.smtp import BadAddress, MailServer, TemporaryTrouble
from storage import outbox
from storage.reading.rows import every
from storage.tables import event

Install = Callable[..., Services]
Queue = Callable[..., int]
Read = Callable[[Services, int], dict[str, Any]]


def events(services: Services) -> list[tuple[str, dict[str, Any]]]:
    with services.database.reading() as connection:
        return [(row["type"], json.loads(row["data"])) for row in every(connection, event.select())]


def test_a_letter_reaches_the_mail_server_and_its_answer_is_the_proof(
    install: Install, queue: Queue, letter: Read, mailbox: Any, mail_server: str
) -> None:
    services = install(smtp_url=mail_server)
    key = queue(services, to="ТОО «Байтерек», info@baiterek.example")

    assert Post(services).send_due() == 1

    row = letter(services, key)
    assert (row["status"], row["proof"], row["next_try_at"]) == ("sent", "127.0.0.1: 250 Queued as 4711", None)
    (message,) = mailbox.taken
    assert mailbox.recipients == [["info@baiterek.example"]]
    assert (message["Message-ID"], message["Subject"]) == (row["message_id"], "Решение по заявке")
    text, signed = message.get_content().replace("\r\n", "\n").split("\n\n-- \n")
    assert text == "Заявка принята.\n.\nСледующий шаг — договор.\n"
    assert re.fullmatch(r"\S.*\nПисьмо № \S*П-1 от \d\d\.\d\d\.\d{4}\n", signed)
    assert [kind for kind, _ in events(services)] == ["LetterSent"]
    assert Post(services).send_due() == 0


def test_a_server_that_dies_after_taking_the_letter_is_given_it_again_under_the_same_message_id(
    install: Install, queue: Queue, letter: Read, mailbox: Any, mail_server: str, clock: MovedClock
) -> None:
    services = install(smtp_url=mail_server)
    key = queue(services)
    mailbox.answers = ["break"]

    Post(services).send_due()
    assert (letter(services, key)["status"], letter(services, key)["attempts"]) == ("waiting", 1)
    assert Post(services).send_due() == 0
    clock.move(clock.now() + timedelta(minutes=1))
    Post(services).send_due()

    assert [message["Message-ID"] for message in mailbox.taken] == [letter(services, key)["message_id"]] * 2
    assert mailbox.taken[0].as_bytes() == mailbox.taken[1].as_bytes()
    assert (letter(services, key)["status"], letter(services, key)["attempts"]) == ("sent", 2)


def test_a_letter_that_is_not_taken_now_is_tried_again_ever_later(
    install: Install, queue: Queue, letter: Read, mailbox: Any, mail_server: str, clock: MovedClock
) -> None:
    services = install(smtp_url=mail_server)
    key = queue(services)
    mailbox.answers = ["451 Greylisted", "452 No room", "421 Later"]

    waits = []
    for _ in range(3):
        Post(services).send_due()
        row = letter(services, key)
        waits.append(row["next_try_at"])
        clock.move(max(clock.now(), clock.now().fromisoformat(row["next_try_at"])))

    # after 1, then 2, then 4 minutes
    assert [one[11:16] for one in waits] == ["05:01", "05:03", "05:07"]
    assert row["problem"] == "421 Later"
    Post(services).send_due()
    assert (letter(services, key)["status"], letter(services, key)["problem"]) == ("sent", None)


@pytest.mark.parametrize("at", ["recipient", "data"])
def test_a_letter_that_is_refused_for_good_waits_for_a_person(
    at: str, install: Install, queue: Queue, letter: Read, mailbox: Any, mail_server: str, clock: MovedClock
) -> None:
    services = install(smtp_url=mail_server)
    key = queue(services)
    mailbox.to_recipient = "550 No such user" if at == "recipient" else "250 OK"
    mailbox.answers = ["554 No such user"]

    Post(services).send_due()

    row = letter(services, key)
    assert (row["status"], row["next_try_at"], row["sent_at"]) == ("refused", None, None)
    assert "No such user" in row["problem"]
    ((kind, data),) = events(services)
    assert (kind, data["message_id"]) == ("LetterRefused", row["message_id"])
    clock.move(clock.now() + timedelta(days=30))
    assert Post(services).send_due() == 0

    with services.database.writing() as connection:
        assert outbox.readdress(connection, row, at=row["created_at"], by="clerk", addressee="new@baiterek.example")
    mailbox.to_recipient, mailbox.answers = "250 OK", []
    Post(services).send_due()
    assert mailbox.recipients == [["new@baiterek.example"]]
    assert mailbox.taken[0]["Message-ID"] == row["message_id"]


def test_one_refused_letter_holds_up_no_other(
    install: Install, queue: Queue, letter: Read, mailbox: Any, mail_server: str
) -> None:
    services = install(smtp_url=mail_server)
    first, second = queue(services), queue(services)
    mailbox.answers = ["550 No"]

    assert Post(services).send_due() == 2

    assert (letter(services, first)["status"], letter(services, second)["status"]) == ("refused", "sent")


def test_a_server_that_is_away_loses_no_letter(install: Install, queue: Queue, letter: Read, clock: MovedClock) -> None:
    services = install(smtp_url="smtp://127.0.0.1:1")
    first, second = queue(services), queue(services)

    assert Post(services).send_due() == 1  # the second would fare no better now

    assert [letter(services, key)["status"] for key in (first, second)] == ["waiting", "waiting"]
    for _ in range(40):
        clock.move(clock.now() + timedelta(hours=6))
        Post(services).send_due()
    assert letter(services, first)["next_try_at"] == "2026-01-22T11:00:00.000000+00:00"  # six hours after


def test_a_postal_address_goes_to_the_folder_and_waits_for_a_person(
    install: Install, queue: Queue, letter: Read, mailbox: Any, mail_server: str, tmp_path: Path
) -> None:
    services = install(smtp_url=mail_server)
    key = queue(services, to="г. Астана, ул. Сарыарка, 1\r\nBcc: all@everywhere")

    Post(services).send_due()

    row = letter(services, key)
    assert (row["status"], row["sent_at"], mailbox.taken) == ("printed", None, [])
    message = email.message_from_bytes((tmp_path / "outbox" / row["proof"]).read_bytes(), policy=email.policy.default)
    assert "Сарыарка" in str(message["To"])
    assert message["Bcc"] is None
    assert not message["To"].addresses


def test_without_a_mail_server_letters_are_files_in_the_outbox(
    install: Install, queue: Queue, letter: Read, tmp_path: Path
) -> None:
    services = install()
    key = queue(services)

    Post(services).send_due()

    assert letter(services, key)["status"] == "sent"
    assert [path.name for path in (tmp_path / "outbox").iterdir()] == [letter(services, key)["proof"]]


def test_a_worker_that_dies_with_a_letter_in_hand_leaves_it_to_the_next(
    install: Install, queue: Queue, letter: Read, mailbox: Any, mail_server: str, clock: MovedClock
) -> None:
    services = install(smtp_url=mail_server)
    key = queue(services)
    with services.database.writing() as connection:
        (row,) = outbox.waiting(connection, "9")
        outbox.take(connection, row, "2026-01-12T05:01:00.000000+00:00")

    assert Post(services).send_due() == 0
    clock.move(clock.now() + timedelta(minutes=1))
    Post(services).send_due()

    assert letter(services, key)["status"] == "sent"
    assert len(mailbox.taken) == 1


def test_a_server_that_cannot_prove_its_name_gets_no_letter(
    install: Install, queue: Queue, letter: Read, mailbox: Any, unknown_server: str
) -> None:
    services = install(smtp_url=unknown_server)
    key = queue(services)

    Post(services).send_due()

    assert "certificate" in letter(services, key)["problem"].lower()
    assert (letter(services, key)["status"], mailbox.taken) == ("waiting", [])


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # on loopback
@pytest.mark.parametrize(("who", "status"), [("post:secret@", "sent"), ("post:wrong@", "waiting"), ("", "waiting")])
def test_a_wrong_password_refuses_no_letter_for_good(
    who: str, status: str, install: Install, queue: Queue, letter: Read, locked_server: str
) -> None:
    services = install(smtp_url=locked_server.replace("//", f"//{who}"))
    key = queue(services)

    Post(services).send_due()

    assert letter(services, key)["status"] == status
    assert "secret" not in str(letter(services, key))


def test_two_workers_do_not_try_the_same_letter(install: Install, queue: Queue) -> None:
    services = install()
    queue(services)
    with services.database.reading() as connection:
        (row,) = outbox.waiting(connection, "9")

    with services.database.writing() as connection:
        first = outbox.take(connection, row, "2026-01-12T05:01:00.000000+00:00")
        second = outbox.take(connection, row, "2026-01-12T05:01:00.000000+00:00")

    assert (first, second) == (True, False)


def test_a_letter_that_a_person_has_sent_is_not_sent_again_by_the_worker(install: Install, queue: Queue) -> None:
    services = install()
    queue(services)
    with services.database.reading() as connection:
        (row,) = outbox.waiting(connection, "9")
    by_hand = {"at": row["created_at"], "by": "clerk", "sent_at": row["created_at"], "how": "Нарочным", "file": None}

    with services.database.writing() as connection:
        assert outbox.mark_sent_by(connection, row, **by_hand)
        assert not outbox.mark_sent_by(connection, row, **by_hand)
        outbox.mark_sent(connection, row, row["created_at"], "late proof")

    assert [kind for kind, _ in events(services)] == ["LetterSent"]
    assert Post(services).send_due() == 0


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a@b.example", ("a@b.example",)),
        ("head", ()),
        ("кв. 5 @ дом 3", ()),
        ("a@b", ()),
        ("a@b.example\r\nRCPT TO:<evil@x.example>", ("a@b.example", "evil@x.example")),
        ("иван@почта.қаз", ()),
        ("x" * 250 + "@b.example", ()),
        ("a@b.example,", ("a@b.example",)),
    ],
)
def test_only_what_is_certainly_an_address_is_taken(text: str, found: tuple[str, ...]) -> None:
    assert emails(text) == found


@pytest.mark.parametrize(
    "url", ["mail.example", "http://mail.example", "smtp://", "smtp://mail.example:many", "smtp://[x"]
)
def test_a_mail_server_that_cannot_be_read_is_named_at_the_start(url: str, monkeypatch: Any, tmp_path: Path) -> None:
    with pytest.raises(BadAddress):
        MailServer.at(url)
    monkeypatch.setenv("REGLAMENT_SMTP", url)
    monkeypatch.setenv("REGLAMENT_MAIL_FROM", "post@body.example")
    with pytest.raises(BadSetting):
        load(str(tmp_path))


def test_a_mail_server_without_a_sender_is_refused_at_the_start(monkeypatch: Any, tmp_path: Path) -> None:
    monkeypatch.setenv("REGLAMENT_SMTP", "smtp://127.0.0.1")
    monkeypatch.delenv("REGLAMENT_MAIL_FROM", raising=False)
    with pytest.raises(BadSetting):
        load(str(tmp_path))


def test_a_password_is_not_sent_to_a_far_server_in_the_clear(
    mail_server: str, monkeypatch: Any, clock: MovedClock
) -> None:
    server = MailServer.at(mail_server.replace("//", "//post:secret@"))
    monkeypatch.setattr("outside.smtp.LOOPBACK", frozenset())
    letter = OutgoingLetter(
        message_id="<1@x>", sender="post@body.example", to="a@b.example", subject="", body="", written_at=clock.now()
    )
    with pytest.raises(TemporaryTrouble, match="encryption"):
        server.deliver(letter)
    with pytest.raises(LetterRefused):
        MailServer.at(mail_server).deliver(
            OutgoingLetter(
                message_id="<1@x>", sender="p@b.example", to="head", subject="", body="", written_at=clock.now()
            )
        )
