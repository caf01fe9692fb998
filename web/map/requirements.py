"""The requirements one by one: which elements, forms and handlers fulfil each, and how often cases passed there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.diagram import Node, Process
from engine.library import DiagramSet
from engine.steps import Binding
from web.language import said
from web.map.model import kind_name
from web.navigation import process_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """One element that fulfils a requirement."""

    process: str
    process_name: str
    element: str
    name: str
    through: str
    """The form or handler that names the requirement, empty where the element itself does."""
    passed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One row of requirements.csv with where it is fulfilled."""

    id: str
    section: str
    text: str
    places: tuple[Where, ...]

    @property
    def passed(self) -> int:
        """How often cases passed an element that fulfils it."""
        return sum(place.passed for place in self.places)


def requirements(
    diagrams: DiagramSet, handlers: Mapping[str, Binding], passed: Mapping[tuple[str, str], int], text: str = ""
) -> list[Requirement]:
    """Return the requirements whose number, section or text holds every word of `text`, in the file's order.

    `passed` is how often each (process, element) was completed.
    """
    places: dict[str, list[Where]] = {}
    for process in diagrams.processes.values():
        for node in process.nodes:
            count = passed.get((process.id, node.id), 0)
            for requirement, through in _named(diagrams, handlers, node):
                places.setdefault(requirement, []).append(_where(diagrams, process, node, through, count))
    words = text.lower().split()
    return [
        Requirement(
            id=name,
            section=row.get("section", ""),
            text=row.get("requirement", ""),
            places=tuple(places.get(name, ())),
        )
        for name, row in diagrams.requirements.items()
        if all(word in " ".join((name, row.get("section", ""), row.get("requirement", ""))).lower() for word in words)
    ]


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


def _where(diagrams: DiagramSet, process: Process, node: Node, through: str, passed: int) -> Where:
    return Where(
        process=process.id,
        process_name=process_name(process.id, diagrams),
        element=node.id,
        name=said(node.name) or kind_name(node.kind),
        through=through,
        passed=passed,
    )
