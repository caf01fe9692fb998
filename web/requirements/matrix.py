"""The requirements one by one: which elements, forms and handlers fulfil each, what proves it, how many passed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.diagram import Node, Process
from engine.library import DiagramSet
from engine.messages import N_
from engine.steps import Binding
from web.language import language, said
from web.map.model import kind_name
from web.navigation import process_name
from web.sections import chapter, section_words

DOCUMENTS = {"C": N_("Порядок сертификации"), "A": N_("Порядок рассмотрения обращений")}
PROOFS = {
    "proven": N_("подтверждено сценарием"),
    "unproven": N_("не подтверждено сценарием"),
    "passed": N_("проходили дела"),
    "untouched": N_("дела ещё не проходили"),
    "nowhere": N_("нет на схемах"),
}
"""What the rows may be filtered by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """One element that fulfils a requirement."""

    process: str
    process_name: str
    element: str
    name: str
    through: str
    """The form or rule that names the requirement, empty where the element itself does."""
    rule: str = ""
    """The handler, where it is a rule that names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which rows are asked for; an empty text asks for all."""

    text: str = ""
    document: str = ""
    chapter: str = ""
    proof: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What the scenarios prove of one requirement."""

    handlers: Sequence[str] = ()
    forms: Sequence[str] = ()
    documents: Sequence[str] = ()
    scenarios: Sequence[str] = ()


@dataclass(slots=True, kw_only=True)
class Requirement:
    """One row of requirements.csv with where it is fulfilled and what proves it."""

    id: str
    section: str
    """In the reader's language."""
    chapter: str
    """As the table says it, so that an address means the same in every language."""
    text: str
    places: tuple[Where, ...]
    proof: Proof = field(default_factory=Proof)
    cases: int = 0
    """How many cases that the reader may see passed one of the places."""

    @property
    def document(self) -> str:
        """The letter of the document: `C` or `A`."""
        return self.id[:1]

    @property
    def is_proven(self) -> bool:
        """Whether a scenario that passes proves it."""
        return bool(self.proof.scenarios)

    def fits(self, wanted: Wanted) -> bool:
        """Whether the row is asked for."""
        if (wanted.document and self.document != wanted.document) or (
            wanted.chapter and self.chapter != wanted.chapter
        ):
            return False
        if wanted.proof and not _holds(self, wanted.proof):
            return False
        names = (*self.proof.handlers, *self.proof.forms, *(place.name for place in self.places))
        searched = " ".join((self.id, self.section, self.text, *names)).lower()
        return all(word in searched for word in wanted.text.lower().split())


def _holds(row: Requirement, proof: str) -> bool:
    return {
        "proven": row.is_proven,
        "unproven": not row.is_proven,
        "passed": row.cases > 0,
        "untouched": row.cases == 0,
        "nowhere": not row.places,
    }.get(proof, True)


def requirements(
    diagrams: DiagramSet, handlers: Mapping[str, Binding], proofs: Iterable[Mapping[str, Any]] = ()
) -> list[Requirement]:
    """Return all requirements in the file's order; `proofs` are the rows of `coverage --json`, where they are known."""
    places: dict[str, list[Where]] = {}
    for process in diagrams.processes.values():
        for node in process.nodes:
            for requirement, through in _named(diagrams, handlers, node):
                places.setdefault(requirement, []).append(_where(diagrams, process, node, through))
    known = {str(row["id"]): _proof(row) for row in proofs}
    return [
        _row(diagrams, name, tuple(places.get(name, ())), known.get(name, Proof())) for name in diagrams.requirements
    ]


def _row(diagrams: DiagramSet, name: str, places: tuple[Where, ...], proof: Proof) -> Requirement:
    row = diagrams.requirement(name, language())
    return Requirement(
        id=name,
        section=section_words(row["section"]),
        chapter=chapter(diagrams.requirement(name, "ru")["section"]),
        text=row["requirement"],
        places=places,
        proof=proof,
    )


def _proof(row: Mapping[str, Any]) -> Proof:
    named = ("handlers", "forms", "documents", "scenarios")
    return Proof(**{name: tuple(map(str, row.get(name, ()))) for name in named})


def _named(diagrams: DiagramSet, handlers: Mapping[str, Binding], node: Node) -> Iterator[tuple[str, str]]:
    """Requirements of an element, each once: by itself, else by its form, else by its handlers."""
    found = dict.fromkeys(node.requirements, "")
    form = diagrams.forms.get(node.properties.get("formJsonSchemaFilename", ""))
    for requirement in form.schema.get("x-requirements", ()) if form else ():
        found.setdefault(requirement, said(str(form.schema.get("title", form.stem))) if form else "")
    for name in (node.operator.name if node.operator else "", node.properties.get("guard", "")):
        for requirement in handlers[name].requirements if name in handlers else ():
            found.setdefault(requirement, name)
    yield from found.items()


def _where(diagrams: DiagramSet, process: Process, node: Node, through: str) -> Where:
    is_rule = through in {node.operator.name if node.operator else "", node.properties.get("guard", "")}
    return Where(
        process=process.id,
        process_name=process_name(process.id, diagrams),
        element=node.id,
        name=said(node.name) or kind_name(node.kind),
        through="" if is_rule else through,
        rule=through if is_rule else "",
    )
