"""The exchange with the state information system: a round makes packages of what is new and takes what has come back.

Which kinds of documents and which journals are uploaded says `[exchange]` of the profile. What was looked at already is
kept as the last id seen, so that a round costs a few rows by primary key.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.packages import Packages, see, seen
from app.receipts import Receipts, confirm_by_procedure
from app.wiring import Services
from outside.exchange import ExchangeFolder
from storage import exchange
from storage.instants import to_text
from storage.reading import papers


class Exchange:
    """Does the exchange's part of the worker's round."""

    def __init__(self, services: Services) -> None:
        folder = ExchangeFolder(services.config.data / "exchange")
        self._services = services
        self._packages = Packages(services, folder)
        self._receipts = Receipts(services, folder)

    def round(self) -> int:
        """Do everything that is due now; returns how much that was."""
        wanted = self._wanted()
        made = self._packages.plan(wanted) + self._packages.prepare()
        return made + self._receipts.take() + self._confirm_by_forms(wanted) + self._alert()

    def _wanted(self) -> Mapping[str, Any]:
        with self._services.database.reading() as connection:
            current = papers.current_set(connection)
        found: Mapping[str, Any] = self._services.library.set(current).profile.get("exchange", {}) if current else {}
        return found

    def _confirm_by_forms(self, wanted: Mapping[str, Any]) -> int:
        """Confirm documents whose number of upload somebody has written into the form that asks for it."""
        paths = {kind: to["receipt"] for kind, to in wanted.get("kinds", {}).items() if "receipt" in to}
        forms = {path.partition(".")[0] for path in paths.values()}
        with self._services.database.reading() as connection:
            submissions = exchange.new_submissions(connection, seen(connection, "submission"))
        if not submissions:
            return 0
        done = 0
        with self._services.database.writing() as connection:
            cases = {row["case_id"] for row in submissions if row["form"].removesuffix(".json") in forms}
            for package in exchange.open_of_cases(connection, cases):
                number = exchange.value_of(connection, package["case_id"], paths.get(package["kind"], ""))
                if number and not exchange.is_used(connection, package, number):
                    at = to_text(self._services.clock.now())
                    done += confirm_by_procedure(self._services, connection, package, at, number)
            see(connection, "submission", submissions[-1]["id"])
        return done

    def _alert(self) -> int:
        """Raise the alert on what is not confirmed in time; returns on how many packages."""
        now = to_text(self._services.clock.now())
        with self._services.database.reading() as connection:
            if not exchange.has_overdue(connection, now):
                return 0
        with self._services.database.writing() as connection:
            return exchange.alert_overdue(connection, now)
