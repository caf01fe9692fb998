"""The embedded worker: one thread that does what time and the outbox bring, for ever and at least once."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta

from app.wiring import Services
from engine.ticking import tick
from outside.letters import LetterFolder, OutgoingLetter
from storage import outbox, people
from storage.database import StorageError
from storage.instants import from_text, to_text

log = logging.getLogger(__name__)
PAUSE_SECONDS = 1.0
FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=6)


class Worker:
    """Does due work until it is stopped."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self.run, name="worker", daemon=True)

    def start(self) -> None:
        """Begin in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what is at hand and end."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=30)

    def run(self) -> None:
        """Work until stopped; a round that fails is logged and the next one tries again."""
        while not self._stopping.is_set():
            try:
                self.round()
            except StorageError as error:
                log.warning("The database could not be used, trying again: %s", error)
            except Exception:
                # The thread must outlive any single piece of work; the case at fault is an incident already.
                log.exception("A round of the worker failed.")
            self._stopping.wait(PAUSE_SECONDS)

    def round(self) -> int:
        """Do everything that is due now; returns how much that was."""
        return tick(self._services.engine) + self.send_letters()

    def send_letters(self) -> int:
        """Hand over the letters that are due; those that fail wait longer each time."""
        services, now = self._services, self._services.clock.now()
        folder = LetterFolder(services.config.data / "outbox")
        with services.database.reading() as connection:
            rows = outbox.waiting(connection, to_text(now))
            sender = people.read_setting(connection, "organisation") or "Reglament"
        for row in rows:
            letter = OutgoingLetter(
                message_id=row["message_id"],
                sender=f'"{sender}" <outbox@reglament.example>',
                to=row["addressee"],
                subject=row["subject"],
                body=row["body"],
                written_at=from_text(row["created_at"]),
            )
            try:
                proof = folder.deliver(letter)
            except OSError as error:
                log.warning("Letter %s waits: %s", row["message_id"], error)
                later = now + min(FIRST_RETRY * 2 ** min(row["attempts"], 10), LONGEST_RETRY)
                with services.database.writing() as connection:
                    outbox.mark_failed(connection, row, to_text(later))
                continue
            with services.database.writing() as connection:
                outbox.mark_sent(connection, row, to_text(now), proof)
        return len(rows)
