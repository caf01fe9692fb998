"""What comes back from the state information system: receipts of an adapter, and numbers that a procedure noted."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path
from time import time as seconds_now
from typing import Any

from app.wiring import Services
from outside.exchange import BadReceipt, ExchangeFolder, Receipt, package_of, read_receipt
from storage import exchange
from storage.database import Connection
from storage.instants import from_text, to_text

log = logging.getLogger(__name__)
BY_PROCEDURE, BY_ADAPTER = "system", "exchange"
YOUNG_SECONDS = 60  # a receipt that cannot be used may still be being written


class Receipts:
    """Reads the receipts that an adapter has left."""

    def __init__(self, services: Services, folder: ExchangeFolder) -> None:
        self._services = services
        self._folder = folder

    def take(self) -> int:
        """Enter the receipts that lie there; returns how many were entered or rejected."""
        done = 0
        for path in self._folder.arrived():
            try:
                done += self._take(path)
            except OSError as error:
                log.warning("Receipt %s cannot be read: %s", path.name, error)
        return done

    def _take(self, path: Path) -> bool:
        try:
            self._confirm(read_receipt(path))
        except BadReceipt as error:
            if seconds_now() - path.stat().st_mtime < YOUNG_SECONDS:
                return False
            log.warning("Receipt %s is not used: %s", path.name, error, extra={"action": "receipt_rejected"})
            self._note(path, str(error))
            self._folder.put_away(path, is_read=False)
            return True
        self._folder.put_away(path, is_read=True)
        return True

    def _confirm(self, receipt: Receipt) -> None:
        """Confirm a package; a receipt that was entered before is no error. Raises BadReceipt."""
        now = self._services.clock.now()
        with self._services.database.writing() as connection:
            row = exchange.open_one(connection, receipt.package)
            if row is None:
                if exchange.is_confirmed(connection, receipt.package, receipt.number):
                    return
                raise BadReceipt("no such package waits")
            moment = entry_moment(self._services, row, receipt.entered_on)
            if moment > now:
                raise BadReceipt("its date is still to come")
            exchange.confirm(
                connection,
                row,
                at=to_text(now),
                by=BY_ADAPTER,
                receipt=receipt.number,
                entered_at=to_text(moment),
                entered_on=receipt.entered_on.isoformat(),
            )

    def _note(self, path: Path, problem: str) -> None:
        try:
            package = package_of(path)
        except BadReceipt:
            return
        with self._services.database.writing() as connection:
            row = exchange.open_one(connection, package)
            if row is not None:
                exchange.note_problem(connection, row, problem)


def entry_moment(services: Services, package: Mapping[str, Any], entered_on: date) -> datetime:
    """Return the first moment of the day of an entry, in the zone of the package's case."""
    return datetime.combine(entered_on, time.min, _zone(services, package))


def confirm_by_procedure(
    services: Services, connection: Connection, package: Mapping[str, Any], entered_at: str, number: str
) -> bool:
    """Confirm a package by the number that somebody wrote into a form of the procedure."""
    return exchange.confirm(
        connection,
        package,
        at=to_text(services.clock.now()),
        by=BY_PROCEDURE,
        receipt=number,
        entered_at=entered_at,
        entered_on=from_text(entered_at).astimezone(_zone(services, package)).date().isoformat(),
    )


def _zone(services: Services, package: Mapping[str, Any]) -> Any:
    return services.library.terms(package["set_hash"], package["profile"], "{}").zone
