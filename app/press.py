"""Prints documents: each once, with the template of its case's set, kept under the hash of its bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import tzinfo
from typing import Any

from app.printing import LETTER, SHEET, printed, template_for, templates_of, version_of
from engine.clock import Clock
from engine.errors import NotFound, NotPrinted
from engine.library import Library
from engine.signers import STEP
from engine.steps import ON_BEHALF
from outside.pdf import PdfError, pages, render
from storage import outbox, people, signatures
from storage import steps as stored
from storage.database import Database
from storage.instants import from_text, to_text
from storage.reading import papers

Row = Mapping[str, Any]
Files = Mapping[str, bytes]

KINDS = {
    "step": "простая: задача выполнена под своим именем",
    "simple": "простая: пароль введён повторно",
    "pades": "электронная подпись PAdES",
}
WAYS = {
    "link": "простая: ответ по личной ссылке",
    "on_behalf": "простая: задача выполнена за подписавшего, доказательство приложено к задаче",
}
"""How a signature that a task gave came in, where it was not by the person's own account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """A document ready to be set: its row, the templates, the name of its own, and what that is handed."""

    row: Row
    templates: Files
    name: str
    data: Row
    zone: tzinfo

    @property
    def version(self) -> str:
        """The version of the template."""
        return version_of(self.templates, self.name)

    def pdf(self) -> bytes:
        """Set it as PDF/A; raises NotPrinted."""
        try:
            return render(self.templates, self.name, self.data, at=from_text(self.row["at"]))
        except PdfError as error:
            raise self._not_printed(error) from error

    def pages(self) -> list[bytes]:
        """Set it as pictures of its first pages, PNG; raises NotPrinted."""
        try:
            return pages(self.templates, self.name, self.data, at=from_text(self.row["at"]))
        except PdfError as error:
            raise self._not_printed(error) from error

    def _not_printed(self, error: PdfError) -> NotPrinted:
        return NotPrinted(
            number=self.row["number"], why=str(error), file=error.file or self.name, line=error.line or "—"
        )


class Press:
    """Prints the documents of an installation.

    `own` are the program's templates, for those that a set does not have. `qr` gives the picture (SVG text) by which
    strangers check a document, None for those that need none.
    """

    def __init__(
        self,
        database: Database,
        library: Library,
        clock: Clock,
        own: Files,
        qr: Callable[[Row], str | None] = lambda row: None,
    ) -> None:
        self._database = database
        self._library = library
        self._clock = clock
        self._own = own
        self._qr = qr

    def printed(self, document_id: int) -> bytes:
        """Return the PDF of a document, printed now if it has none yet; raises NotFound, NotPrinted."""
        with self._database.reading() as connection:
            row = papers.document_one(connection, document_id)
            content = papers.content(connection, row["pdf_sha256"]) if row and row["pdf_sha256"] else None
        return content or self._print(document_id)

    def print_waiting(self, passed_over: Collection[int] = ()) -> tuple[int, dict[int, NotPrinted]]:
        """Print documents that have no PDF yet; returns how many were printed, and those that could not be, by id."""
        with self._database.reading() as connection:
            waiting = [int(row["id"]) for row in signatures.unprinted(connection, list(passed_over))]
        failed: dict[int, NotPrinted] = {}
        for document_id in waiting:
            try:
                self._print(document_id)
            except NotPrinted as error:
                failed[document_id] = error
        return len(waiting) - len(failed), failed

    def preview(self, files: Files, name: str, document_id: int) -> Composed:
        """Return a document as a template of a set that is not published would set it; raises NotFound."""
        return self._composed(document_id, name, templates_of(files))

    def sheet(self, document_id: int) -> bytes:
        """Return the list of a document's signatures as PDF/A; it is made anew each time from what is kept."""
        content = self.printed(document_id)
        composed = self._composed(document_id, SHEET)
        with self._database.reading() as connection:
            signed = signatures.of_document(connection, document_id)
        fields = {
            "Документ": composed.row["title"],
            "Номер документа": composed.row["number"],
            "Отпечаток содержания (SHA-256)": composed.row["sha256"],
            "Отпечаток PDF (SHA-256)": composed.row["pdf_sha256"],
            "Размер PDF, байт": str(len(content)),
            "Подписали": [_signed(one, composed.zone) for one in signed],
        }
        data = {**composed.data, "fields": list(map(list, fields.items())), "signers": []}
        return replace(composed, data=data).pdf()

    def letter(self, letter_id: int) -> bytes:
        """Return a letter on the letterhead as PDF/A, made anew each time from what is kept; raises NotFound."""
        with self._database.reading() as connection:
            row = papers.letter_one(connection, letter_id)
            case = stored.case_row(connection, row["case_id"]) if row else None
            number = outbox.number_of(connection, row) if row else ""
            enclosed = outbox.enclosed(connection, row) if row else []
        if row is None or case is None:
            raise NotFound(what=f"письмо {letter_id}")
        body = str(row["body"])
        listed = {"Приложения": [f"{one['title']}, № {one['number']}" for one in enclosed]} if enclosed else {}
        paper = {
            "kind": "letter",
            "number": number,
            "title": row["subject"],
            "at": row["created_at"],
            "fields": {"Дело": case["number"], "Кому": row["addressee"], "Текст": body, **listed},
            "signers": [],
            "confidential": False,
            "sha256": hashlib.sha256(body.encode()).hexdigest(),
        }
        return self._set(paper, case, LETTER).pdf()

    def _print(self, document_id: int) -> bytes:
        composed = self._composed(document_id)
        content = composed.pdf()
        at = to_text(self._clock.now())
        with self._database.writing() as connection:
            kept = signatures.mark_printed(connection, composed.row, content, template_sha256=composed.version, at=at)
            return papers.content(connection, kept) or content

    def _composed(self, document_id: int, name: str = "", templates: Files | None = None) -> Composed:
        with self._database.reading() as connection:
            row = papers.document_one(connection, document_id)
            case = stored.case_row(connection, row["case_id"]) if row else None
        if row is None or case is None:
            raise NotFound(what=f"документ {document_id}")
        return self._set(row, case, name, templates)

    def _set(self, row: Row, case: Row, name: str = "", templates: Files | None = None) -> Composed:
        with self._database.reading() as connection:
            organisation = people.read_setting(connection, "organisation") or ""
            is_sample = people.read_setting(connection, "sample") == "true"
        found = {**self._own, **(templates or templates_of(self._library.set(case["set_hash"]).files))}
        chosen = name or template_for(found, row["kind"])
        if chosen not in found:
            raise NotFound(what=f"шаблон {chosen}")
        zone = self._library.terms(case["set_hash"], case["profile"], "{}").zone
        version = version_of(found, chosen)
        qr = self._qr(row) if "id" in row else None
        data = printed(row, case, organisation, zone=zone, is_sample=is_sample, template=version, qr=qr)
        return Composed(row=row, templates=found, name=chosen, data=data, zone=zone)


def _who(one: Row) -> str:
    if one["via"] == ON_BEHALF:
        return f"{one['office'] or one['role']}: за него {one['name']}"
    return f"{one['name']}, {one['office']}" if one["office"] else str(one["name"])


def _signed(one: Row, zone: tzinfo) -> dict[str, str]:
    return {
        "Кто": _who(one),
        "Когда": from_text(one["at"]).astimezone(zone).strftime("%d.%m.%Y %H:%M:%S %z"),
        "Чем": WAYS.get(one["via"]) or KINDS[one["kind"]],
        "Сертификат": f"{one['subject']}, № {one['serial']}" if one["subject"] else "—",
        "Подписан отпечаток": f"{one['sha256']} ({'содержание' if one['kind'] == STEP else 'PDF'})",
    }
