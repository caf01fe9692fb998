"""Proves a document: computes every hash anew and compares it with the rows, the chain of events and the signatures."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.errors import NotFound
from engine.signers import STEP
from outside.signing import Checked, checked
from storage import signatures
from storage.chain import link
from storage.database import Database
from storage.reading import papers

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One comparison. `what`: content, issued, pdf, printed, signature, key; `kept` and `seen` are hashes or words."""

    what: str
    who: str
    kept: str
    seen: str
    holds: bool
    note: str = ""
    """For a key: `trusted` or `root unknown`."""


class Evidence:
    """Checks documents; `roots` are the certificates that this installation trusts (PEM or DER)."""

    def __init__(self, database: Database, roots: Sequence[bytes] = ()) -> None:
        self._database = database
        self._roots = roots

    def of(self, document_id: int) -> list[Finding]:
        """Return what was compared, in the order in which things happened; raises NotFound."""
        with self._database.reading() as connection:
            row = papers.document_raw(connection, document_id)
            if row is None:
                raise NotFound(what=f"документ {document_id}")
            events = papers.document_events(connection, row["case_id"], row["number"])
            signed = signatures.of_document(connection, document_id)
            content = papers.content(connection, row["pdf_sha256"]) if row["pdf_sha256"] else None
            last = signatures.latest_signed(connection, document_id)
            with_keys = papers.content(connection, last) if last else None
        found = [
            _compared("content", "", row["sha256"], _sha256(row["fields"].encode())),
            _event("issued", "", events, "DocumentIssued", row["sha256"]),
        ]
        if row["pdf_sha256"]:
            found.append(_compared("pdf", "", row["pdf_sha256"], _sha256(content or b"")))
            found.append(_event("printed", "", events, "DocumentPrinted", row["pdf_sha256"]))
        found += [self._signature(one, events, row) for one in signed]
        if last is not None:
            found += self._keys(with_keys or b"", last, [one for one in signed if one["signed_sha256"]])
        return found

    def _signature(self, one: Row, events: Sequence[Row], row: Row) -> Finding:
        given = [row for row in events if row["type"] == "DocumentSigned" and _is_told_of(one, row)]
        event = _event("signature", one["name"], given, "DocumentSigned", one["sha256"])
        # Completing a task signs the contents, for the PDF may be printed later; on the document's page it is there.
        signed = str(row["sha256"] if one["kind"] == STEP else row["pdf_sha256"])
        return event if one["sha256"] == signed else _compared("signature", one["name"], one["sha256"], signed)

    def _keys(self, content: bytes, kept: str, signed: Sequence[Row]) -> list[Finding]:
        inside = {one.serial: one for one in checked(content, self._roots)}
        whole = _sha256(content)
        return [_key(one, inside.get(str(one["serial"])), whole == kept) for one in signed]


def _key(one: Row, found: Checked | None, is_whole: bool) -> Finding:
    holds = found is not None and found.holds and is_whole
    note = "trusted" if found is not None and found.is_trusted else "root unknown"
    seen = found.subject if found is not None else ""
    return Finding(what="key", who=one["name"], kept=str(one["subject"]), seen=seen, holds=holds, note=note)


def _is_told_of(one: Row, event: Row) -> bool:
    """Whether an event tells of a signature: the person, the way, the role, and who entered it."""
    facts = event["facts"]
    names = ("kind", "role", "via")
    return bool(event["actor"] == one["login"]) and all(facts.get(name, "") == one[name] for name in names)


def _event(what: str, who: str, events: Sequence[Row], kind: str, sha256: str) -> Finding:
    """The event must tell of this very hash, and must be as it was linked into the chain."""
    told = [one for one in events if one["type"] == kind]
    seen = str(told[-1]["facts"].get("sha256", "")) if told else ""
    holds = bool(told) and seen == sha256 and link(told[-1]) == told[-1]["hash"]
    return Finding(what=what, who=who, kept=sha256, seen=seen, holds=holds)


def _compared(what: str, who: str, kept: str, seen: str) -> Finding:
    return Finding(what=what, who=who, kept=kept, seen=seen, holds=kept == seen)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
