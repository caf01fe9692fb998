"""The embedded worker: does what time, the press, the outbox and the exchange bring, for ever and at least once.

Four threads, so that a mail server that is slow to answer holds up no deadline: one moves cases, one prints documents,
one does what goes outside, one waits for the child that works out what the scenarios prove.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from app.exchange import Exchange
from app.post import Post
from app.printer import Printer
from app.proving import Prover
from app.reminders import Reminders
from app.wiring import Services
from engine.ticking import tick
from storage.database import StorageError

log = logging.getLogger(__name__)
PAUSE_SECONDS = 1.0


class Worker:
    """Does due work until it is stopped."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._post = Post(services)
        self._exchange = Exchange(services)
        self._printer = Printer(services)
        self._reminders = Reminders(services)
        self._stopping = threading.Event()
        self._prover = Prover(services, self._stopping)
        self._threads = [
            threading.Thread(target=self._run, args=(work,), name=f"worker: {name}", daemon=True)
            for name, work in (
                ("cases", self.move_cases),
                ("press", self.print_documents),
                ("outside", self.reach_outside),
                ("proof", self.prove_sets),
            )
        ]

    def start(self) -> None:
        """Begin in threads of its own."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Finish what is at hand and end."""
        self._stopping.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(timeout=30)

    def move_cases(self) -> int:
        """Do what time brings to cases now; returns how much that was."""
        return tick(self._services.engine) + self._reminders.round()

    def print_documents(self) -> int:
        """Print the documents that have no PDF yet; returns how many were printed."""
        return self._printer.round()

    def reach_outside(self) -> int:
        """Do what is due outside now; returns how much that was."""
        return self._post.send_due() + self._exchange.round()

    def prove_sets(self) -> int:
        """Work out what the scenarios prove of the set in force, unless it is known; returns how many sets that was."""
        return self._prover.round()

    def _run(self, work: Callable[[], int]) -> None:
        """Work until stopped; a round that fails is logged and the next one tries again."""
        while not self._stopping.is_set():
            try:
                work()
            except StorageError as error:
                log.warning("The database could not be used, trying again: %s", error)
            except Exception:
                # The thread must outlive any single piece of work; the case at fault is an incident already.
                log.exception("A round of the worker failed.")
            self._stopping.wait(PAUSE_SECONDS)
