"""Prints what the steps left to print; a document that its template does not fit waits a while for a better one."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from app.wiring import Services

log = logging.getLogger(__name__)
PAUSE = timedelta(minutes=10)


class Printer:
    """Prints waiting documents, round by round."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._until: dict[int, datetime] = {}

    def round(self) -> int:
        """Print documents that have no PDF yet, some at a time; returns how many were printed."""
        now = self._services.clock.now()
        self._until = {one: until for one, until in self._until.items() if until > now}
        printed, failed = self._services.press.print_waiting(self._until)
        for document_id, error in failed.items():
            log.warning("Document %s waits: %s", document_id, error, extra={"action": "document_not_printed"})
            self._until[document_id] = now + PAUSE
        return printed
