"""The page of the requirements, and the same rows as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, render_template, request, send_file, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from engine.library import DiagramSet
from storage import coverage, maps
from storage.coverage import Coverage
from web.language import day, language, moment, said
from web.navigation import installation
from web.requirements.matrix import DOCUMENTS, PROOFS, Requirement, Wanted, requirements
from web.services import current_set, services
from web.visitor import viewer

room = Blueprint("requirements", __name__)

MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """The rows that are asked for, with what is said over them."""

    diagrams: DiagramSet
    wanted: Wanted
    every: Sequence[Requirement]
    rows: Sequence[Requirement]
    proof: Coverage | None

    @property
    def documents(self) -> dict[str, list[Requirement]]:
        """All requirements by the letter of their document."""
        return {letter: [row for row in self.every if row.document == letter] for letter in self.letters}

    @property
    def letters(self) -> list[str]:
        """The letters of the documents, in the table's order."""
        return list(dict.fromkeys(row.document for row in self.every))

    @property
    def chapters(self) -> dict[str, list[str]]:
        """The chapters by the letter of their document."""
        return {letter: list(dict.fromkeys(row.chapter for row in rows)) for letter, rows in self.documents.items()}

    def scenario(self, name: str) -> str:
        """Return the title of a scenario, its name where it has none."""
        told = self.proof.found.get("scenarios", {}).get(name, {}) if self.proof else {}
        return str(told.get("title") or name)

    def title(self, kind: str) -> str:
        """Return the title of a kind of document, the kind where no scenario issued one."""
        return said(str(self.proof.found.get("titles", {}).get(kind, kind))) if self.proof else kind

    def form(self, file: str) -> str:
        """Return the title of a form."""
        found = self.diagrams.forms.get(file)
        return said(str(found.schema.get("title", file))) if found else file

    def rule(self, name: str) -> str:
        """Return what readers of the diagrams know a rule by: the names of its elements; its own where none has it."""
        known: dict[str, dict[str, None]] = self.diagrams.__dict__.setdefault("_elements_of_rules", {})
        if not known:
            for process in self.diagrams.processes.values():
                for node in process.nodes:
                    for handler in (node.operator.name if node.operator else "", node.properties.get("guard", "")):
                        known.setdefault(handler, {})[node.name] = None
        return "; ".join(said(element) for element in known.get(name, ())) or name

    @property
    def scenarios(self) -> dict[str, bool]:
        """Every scenario by name, and whether it passed."""
        told = self.proof.found.get("scenarios", {}) if self.proof else {}
        return {name: bool(one.get("passed")) for name, one in told.items()}

    @property
    def failed(self) -> list[str]:
        """The scenarios that did not pass, by title."""
        return [self.scenario(name) for name, passed in self.scenarios.items() if not passed]


@room.get("/requirements")
def index() -> str:
    """Show where each requirement is fulfilled, what proves it, and how many cases passed there."""
    matrix = _matrix()
    kept: dict[str, Any] = {key: value for key, value in request.args.items() if value}
    return render_template(
        "requirements/index.html",
        matrix=matrix,
        wanted=matrix.wanted,
        document_names=DOCUMENTS,
        proofs=PROOFS,
        files={kind: url_for("requirements.file", kind=kind, **kept) for kind in MEDIA},
    )


@room.get("/requirements.<any(xlsx, csv):kind>")
def file(kind: str) -> Response:
    """Give the rows that the page would show as a file."""
    matrix = _matrix()
    head, rows = _head(), [_texts(matrix, row) for row in matrix.rows]
    now = services().clock.now()
    if kind == "csv":
        content = _as_csv(head, rows)
    else:
        content = services().print_table(
            kind,
            title=gettext("Требования"),
            organisation=installation()["organisation"],
            language=language(),
            conditions=_conditions(matrix.wanted),
            note=gettext("Сформировано %(when)s, %(who)s", when=moment(now), who=current_user.name),
            head=head,
            rows=rows,
            made_at=now,
        )
    filename = f"{gettext('Требования')} {day(now)}.{kind}"
    return send_file(io.BytesIO(content), mimetype=MEDIA[kind], as_attachment=True, download_name=filename)


def _matrix() -> Matrix:
    diagrams = current_set() or abort(404)
    wanted = _wanted()
    with services().database.reading() as connection:
        proof = coverage.of_set(connection, diagrams.hash)
        every = requirements(diagrams, services().engine.handlers, proof.found["rows"] if proof else ())
        places = [(row.id, place.process, place.element) for row in every for place in row.places]
        cases = maps.cases_by_name(connection, viewer(), places)
    for row in every:
        row.cases = cases.get(row.id, 0)
    rows = [row for row in every if row.fits(wanted)]
    return Matrix(diagrams=diagrams, wanted=wanted, every=every, rows=rows, proof=proof)


def _wanted() -> Wanted:
    proof = request.args.get("proof", "")
    return Wanted(
        text=request.args.get("q", "").strip()[:100],
        document=request.args.get("document", "")[:1],
        chapter=request.args.get("chapter", "")[:100],
        proof=proof if proof in PROOFS else "",
    )


def _conditions(wanted: Wanted) -> list[str]:
    asked = [wanted.text, said(DOCUMENTS.get(wanted.document, wanted.document)), said(wanted.chapter)]
    return [one for one in (*asked, said(PROOFS.get(wanted.proof))) if one]


def _head() -> list[str]:
    return [
        gettext("Номер"),
        gettext("Раздел"),
        gettext("Требование"),
        gettext("Где выполняется"),
        gettext("Правила"),
        gettext("Формы"),
        gettext("Документы"),
        gettext("Дел прошло"),
        gettext("Подтверждено"),
        gettext("Сценарии"),
    ]


def _texts(matrix: Matrix, row: Requirement) -> list[str]:
    proven = gettext("да") if row.is_proven else gettext("нет")
    return [
        row.id,
        row.section,
        row.text,
        "\n".join(f"{place.name} ({place.process_name}: {place.element})" for place in row.places),
        "\n".join(f"{matrix.rule(name)} ({name})" for name in row.proof.handlers),
        "\n".join(matrix.form(name) for name in row.proof.forms),
        "\n".join(matrix.title(kind) for kind in row.proof.documents),
        str(row.cases),
        proven if matrix.proof else "",
        "\n".join(matrix.scenario(name) for name in row.proof.scenarios),
    ]


def _as_csv(head: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([head, *rows])
    return buffer.getvalue().encode("utf-8-sig")  # by its mark spreadsheets know the encoding
