"""Makes packages for the state information system: which ones, and what lies in them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from app.post import pause_after
from app.receipts import confirm_by_procedure
from app.wiring import Services
from engine.errors import NotFound, NotPrinted
from outside.exchange import ExchangeFolder
from rules.durations import Duration
from storage import exchange, people, signatures
from storage.database import Connection
from storage.instants import from_text, to_text
from storage.reading import papers

log = logging.getLogger(__name__)


SIGNATURES_LOOKED_FOR = timedelta(minutes=1)


class NotSigned(Exception):
    """A document waits for signatures; the message is the names of those who have not signed."""


class Packages:
    """Enters what is to be uploaded, and writes its folders."""

    def __init__(self, services: Services, folder: ExchangeFolder) -> None:
        self._services = services
        self._folder = folder

    def plan(self, wanted: Mapping[str, Any]) -> int:
        """Enter a package for each new document and state that `[exchange]` names; returns how many."""
        database = self._services.database
        with database.reading() as connection:
            documents = exchange.new_documents(connection, seen(connection, "document"))
            versions = exchange.new_versions(connection, seen(connection, "version"))
        if not documents and not versions:
            return 0
        kinds, journals = wanted.get("kinds", {}), wanted.get("journals", {})
        alert = _length(str(wanted.get("alert", "PT24H")))
        made = 0
        with database.writing() as connection:
            for row in documents:
                made += row["kind"] in kinds and self._plan_document(connection, row, kinds[row["kind"]])
                see(connection, "document", row["id"])
            for row in versions:
                made += row["journal"] in journals and self._plan_state(
                    connection, row, journals[row["journal"]], alert
                )
                see(connection, "version", row["id"])
        return made

    def _plan_document(self, connection: Connection, row: Mapping[str, Any], to: Mapping[str, str]) -> bool:
        package = self._new(f"d{row['id']}-{row['sha256'][:8]}", row, to["object"], f"{row['title']} {row['number']}")
        is_new = exchange.add(connection, {**package, "document_id": row["id"], "version_id": None})
        # The number of the upload may have been asked for in a form before the document was issued.
        number = exchange.value_of(connection, row["case_id"], to.get("receipt", ""))
        if is_new and number and not exchange.is_used(connection, package, number):
            self._confirm(connection, package["id"], row["at"], number)
        return is_new

    def _plan_state(
        self, connection: Connection, row: Mapping[str, Any], to: Mapping[str, Any], alert: timedelta
    ) -> bool:
        before = exchange.version_before(connection, row)
        old: Mapping[str, Any] = before["fields"] if before else {}
        status, entry = row["fields"].get(to["status"]), row["fields"].get(to.get("entry", ""))
        is_new = False
        told = (to["status"], *to.get("also", ()))
        is_news = before is None or any(row["fields"].get(name) != old.get(name) for name in told)
        if is_news and status not in to.get("without", ()):
            package = self._new(f"v{row['id']}-{row['at'][2:10].replace('-', '')}", row, to["object"], "")
            package |= {"title": f"{row['key']}: {status}", "due_at": to_text(from_text(row["at"]) + alert)}
            is_new = exchange.add(connection, {**package, "document_id": None, "version_id": row["id"]})
        if entry and entry != old.get(to["entry"]):
            for package in exchange.open_of_row(connection, row["journal"], row["key"], row["id"]):
                self._confirm(connection, package["id"], row["at"], str(entry))
        return is_new

    def _new(self, package: str, row: Mapping[str, Any], entry: str, title: str) -> dict[str, Any]:
        now = to_text(self._services.clock.now())
        return {
            "id": package,
            "case_id": row["case_id"],
            "object": entry,
            "title": title,
            "made_at": now,
            "next_try_at": now,
        }

    def _confirm(self, connection: Connection, package: str, entered_at: str, number: str) -> None:
        row = exchange.open_one(connection, package)
        if row is not None:
            confirm_by_procedure(self._services, connection, row, entered_at, number)

    def prepare(self) -> int:
        """Write the folders of packages that have none yet; returns how many were tried."""
        services = self._services
        with services.database.reading() as connection:
            rows = exchange.to_prepare(connection, to_text(services.clock.now()))
        for row in rows:
            try:
                files, metadata = self._contents(row)
                sha256 = self._folder.write(row["id"], files, metadata)
            except NotSigned as waiting:
                with services.database.writing() as connection:
                    later = services.clock.now() + SIGNATURES_LOOKED_FOR
                    exchange.put_off(connection, row, to_text(later), f"нет подписи: {waiting}")
                continue
            except (OSError, NotFound, NotPrinted) as error:
                log.warning("Package %s waits: %s", row["id"], error, extra={"action": "package_failed"})
                later = services.clock.now() + pause_after(row["attempts"] + 1)
                with services.database.writing() as connection:
                    exchange.mark_failed(connection, row, to_text(later), str(error))
                continue
            with services.database.writing() as connection:
                exchange.mark_packaged(connection, row, to_text(services.clock.now()), sha256)
        return len(rows)

    def _contents(self, row: Mapping[str, Any]) -> tuple[dict[str, bytes], dict[str, Any]]:
        head = {"object": row["object"], "title": row["title"], "case": row["number"], "made_at": row["made_at"]}
        services = self._services
        with services.database.reading() as connection:
            if row["document_id"] is None:
                version = exchange.version(connection, row["version_id"])
                return {}, {**head, "record": {name: version[name] for name in ("journal", "key", "at", "fields")}}
            document = papers.document_one(connection, row["document_id"])
        if document is None:
            raise NotFound(what=f"документ {row['document_id']}")
        names = ("kind", "number", "title", "at", "by", "sha256", "fields", "signers")
        return self._signed(document["id"]), {**head, "document": {name: document[name] for name in names}}

    def _signed(self, document_id: int) -> dict[str, bytes]:
        """Return the files of a document with all its signatures; raises NotSigned while one is missing."""
        services = self._services
        places = services.desk.places(document_id)
        if missing := [place.title for place in places if place.must and place.signature is None]:
            raise NotSigned(", ".join(missing))
        files = {"document.pdf": services.press.printed(document_id)}
        if not any(place.signature for place in places):
            return files
        with services.database.reading() as connection:
            sealed = papers.content(connection, signatures.latest_signed(connection, document_id) or "")
        return {"document.pdf": sealed or files["document.pdf"], "signatures.pdf": services.press.sheet(document_id)}


def seen(connection: Connection, what: str) -> int:
    """Return the last id that was looked at."""
    return int(people.read_setting(connection, f"exchange.{what}") or 0)


def see(connection: Connection, what: str, last: int) -> None:
    """Keep the last id that was looked at."""
    people.save_setting(connection, f"exchange.{what}", str(last))


def _length(duration: str) -> timedelta:
    read = Duration.parse(duration)
    return timedelta(days=read.days) + read.time
