"""The post: takes letters from the outbox to the mail server, or into the folder where people find them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, timedelta, tzinfo
from email.headerregistry import Address
from email.utils import parseaddr
from typing import Any

from app.wiring import Services
from engine.errors import NotFound, NotPrinted
from outside.addresses import emails
from outside.letters import LetterFolder, LetterRefused, OutgoingLetter
from outside.smtp import MailServer
from storage import links, outbox, people
from storage import steps as stored
from storage.instants import from_text, to_text

log = logging.getLogger(__name__)
FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=6)
SENDER = "outbox@reglament.example"
"""Stands in letters that lie in the folder; a mail server is never told it (app.config demands one's own)."""


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: a minute, then twice as long each time, six hours at most.

    >>> [str(pause_after(count)) for count in (1, 2, 3, 9, 60)]
    ['0:01:00', '0:02:00', '0:04:00', '4:16:00', '6:00:00']
    """
    doublings = min(attempts - 1, 10)
    return min(FIRST_RETRY * (1 << doublings), LONGEST_RETRY)


class Post:
    """Sends what is due."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._folder = LetterFolder(services.config.data / "outbox")
        self._server = MailServer.at(services.config.smtp_url) if services.config.smtp_url else None

    def send_due(self) -> int:
        """Try the letters that are due and return how many were; the first trouble with the server ends the round."""
        services = self._services
        with services.database.reading() as connection:
            rows = outbox.waiting(connection, to_text(services.clock.now()))
            organisation = people.read_setting(connection, "organisation") or "Reglament"
        for tried, row in enumerate(rows, 1):
            if not self._send(row, self._sender(organisation)):
                return tried
        return len(rows)

    def _send(self, row: Mapping[str, Any], sender: str) -> bool:
        """Try one letter; False if no other letter would fare better now."""
        database, now = self._services.database, self._services.clock.now()
        with database.writing() as connection:
            if not outbox.take(connection, row, to_text(now + pause_after(row["attempts"] + 1))):
                return True
            body, number = links.body_of(connection, row), outbox.number_of(connection, row)
        try:
            enclosures = self._enclosures(row)
        except NotPrinted as error:
            log.warning("Letter %s waits: %s", row["message_id"], error, extra={"action": "letter_failed"})
            with database.writing() as connection:
                outbox.mark_failed(connection, row, str(error))
            return True
        letter = OutgoingLetter(
            message_id=row["message_id"],
            sender=sender,
            to=row["addressee"],
            subject=row["subject"],
            body=f"{body}\n\n{self._signed(number, row)}\n",
            written_at=from_text(row["created_at"]),
            enclosures=enclosures,
        )
        is_mail = bool(emails(letter.to))
        through = self._server if self._server and is_mail else self._folder
        try:
            proof = through.deliver(letter)
        except LetterRefused as refused:
            with database.writing() as connection:
                outbox.mark_refused(connection, row, to_text(self._services.clock.now()), str(refused))
            return True
        except OSError as error:
            log.warning("Letter %s waits: %s", row["message_id"], error, extra={"action": "letter_failed"})
            with database.writing() as connection:
                outbox.mark_failed(connection, row, str(error) or type(error).__name__)
            return False
        mark = outbox.mark_sent if is_mail else outbox.mark_printed
        with database.writing() as connection:
            mark(connection, row, to_text(self._services.clock.now()), proof)
        return True

    def _enclosures(self, row: Mapping[str, Any]) -> list[tuple[str, bytes]]:
        """Return the papers that go with a letter, each as its PDF; raises NotPrinted."""
        with self._services.database.reading() as connection:
            papers = outbox.enclosed(connection, row)
        return [(f"{one['number'].replace('/', '-')}.pdf", self._services.press.printed(one["id"])) for one in papers]

    def _signed(self, number: str, row: Mapping[str, Any]) -> str:
        """Return what stands under every letter: who writes, its number and day; the same for every attempt."""
        library = self._services.library
        with self._services.database.reading() as connection:
            organisation = people.read_setting(connection, "organisation") or "Reglament"
            owner = stored.case_row(connection, row["case_id"]) if row["case_id"] else None
        zone: tzinfo = UTC
        if owner:
            with suppress(NotFound):  # a letter goes out whatever became of the diagrams
                zone = library.terms(owner["set_hash"], owner["profile"], "{}").zone
        return f"-- \n{organisation}\nПисьмо № {number} от {from_text(row['created_at']).astimezone(zone):%d.%m.%Y}"

    def _sender(self, organisation: str) -> str:
        name, address = parseaddr(self._services.config.mail_from or SENDER)
        return str(Address(display_name=name or organisation, addr_spec=address))
