"""A person signs a document: simply, by entering the password again, or with a key of their own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.press import Press
from engine.clock import Clock
from engine.errors import NotFound, RuleRefused
from engine.signers import KEY_REFUSED, MEANWHILE, NOT_A_SIGNER, SIGNED_ALREADY, Place, place_for, places
from engine.steps import Person
from outside.signing import Act, BadKey, Pkcs12Signer, Signer
from storage import signatures
from storage.database import Database
from storage.instants import to_text
from storage.reading import papers

Row = Mapping[str, Any]
TRIES = 3


class Desk:
    """Where documents are signed."""

    def __init__(self, database: Database, press: Press, clock: Clock) -> None:
        self._database = database
        self._press = press
        self._clock = clock

    def places(self, document_id: int) -> list[Place]:
        """Return the places for signatures under a document; raises NotFound."""
        with self._database.reading() as connection:
            row = papers.document_one(connection, document_id)
            if row is None:
                raise NotFound(what=f"документ {document_id}")
            people = signatures.signing_people(connection, [row])
            holders = signatures.holders(connection, row["case_id"], [row])
            return places(row, signatures.of_document(connection, document_id), people, holders)

    def sign(self, document_id: int, person: Person, key: bytes | None = None, passphrase: str = "") -> None:
        """Sign a document for the person, who has just proved who they are; `key` is a PKCS#12 file.

        The key and its passphrase are used for this act and kept nowhere. Raises NotFound, NotPrinted, and RuleRefused:
        `NOT_A_SIGNER`, `SIGNED_ALREADY`, `KEY_REFUSED`.
        """
        place = self._place(document_id, person, with_key=key is not None)
        now = self._clock.now()
        signer = None if key is None else _signer(key, passphrase, now)
        self._press.printed(document_id)
        with self._database.reading() as connection:
            row = papers.document_one(connection, document_id)
        if row is None:
            raise NotFound(what=f"документ {document_id}")
        for _ in range(TRIES):
            if self._keep(row, place, person, signer, now):
                return
        raise RuleRefused("MEANWHILE", MEANWHILE)

    def _place(self, document_id: int, person: Person, *, with_key: bool) -> Place:
        found = self.places(document_id)
        place = place_for(found, person.login, with_key=with_key)
        if place is None:
            if any(one.is_of(person.login) for one in found):
                raise RuleRefused("SIGNED_ALREADY", SIGNED_ALREADY)
            raise RuleRefused("NOT_A_SIGNER", NOT_A_SIGNER)
        return place

    def _keep(self, row: Row, place: Place, person: Person, signer: Signer | None, now: datetime) -> bool:
        """Sign on top of what others have signed; False if somebody signed while this was being done."""
        with self._database.reading() as connection:
            before = signatures.latest_signed(connection, row["id"])
            basis = papers.content(connection, before or row["pdf_sha256"]) or b""
        act = Act(field=f"Signature-{person.login}", name=person.name, reason=f"{row['title']}, {row['number']}")
        signed = None if signer is None else signer.sign(basis, act)
        kept = {
            "login": person.login,
            "name": person.name,
            "office": place.office,
            "role": place.role,
            "at": to_text(now),
            "kind": "simple" if signer is None else "pades",
            "sha256": row["pdf_sha256"],
            "subject": signer.subject if signer else None,
            "serial": signer.serial if signer else None,
        }
        try:
            with self._database.writing() as connection:
                if signed is not None and signatures.latest_signed(connection, row["id"]) != before:
                    return False
                signatures.add(connection, row, kept, signed)
        except signatures.SignedAlready as error:
            raise RuleRefused("SIGNED_ALREADY", SIGNED_ALREADY) from error
        return True


def _signer(key: bytes, passphrase: str, now: datetime) -> Pkcs12Signer:
    try:
        return Pkcs12Signer(key, passphrase, at=now)
    except BadKey as error:
        raise RuleRefused("KEY_REFUSED", KEY_REFUSED[error.code], field="key") from error
