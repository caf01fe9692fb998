"""Coverage of the procedures' requirements: which element, handler, form, document and scenario prove each row.

A row counts as covered only when a scenario that passes went through one of its elements. Handlers that name the row
are listed beside it and prove nothing alone: what no diagram shows, no assessor finds on the map.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.play.player import Played
from engine.diagram import Node
from engine.library import DiagramSet
from engine.steps import Binding


@dataclass(slots=True)
class Proof:
    """What proves one requirement."""

    id: str
    elements: set[str] = field(default_factory=set)
    """`process.element`."""
    handlers: set[str] = field(default_factory=set)
    forms: set[str] = field(default_factory=set)
    documents: set[str] = field(default_factory=set)
    scenarios: set[str] = field(default_factory=set)

    def as_dict(self) -> dict[str, Any]:
        """Return the shape of `coverage --json`."""
        return {
            "id": self.id,
            "elements": sorted(self.elements),
            "handlers": sorted(self.handlers),
            "forms": sorted(self.forms),
            "documents": sorted(self.documents),
            "scenarios": sorted(self.scenarios),
            "covered": bool(self.scenarios),
        }


def coverage(diagrams: DiagramSet, handlers: Mapping[str, Binding], played: Iterable[Played]) -> list[Proof]:
    """Return a proof for each row of requirements.csv, in the file's order."""
    proofs = {name: Proof(name) for name in diagrams.requirements}
    _from_diagrams(proofs, diagrams, handlers)
    _from_forms(proofs, diagrams)
    for one in played:
        if one.failure is None:
            _from_scenario(proofs, one)
    return list(proofs.values())


def _from_diagrams(proofs: Mapping[str, Proof], diagrams: DiagramSet, handlers: Mapping[str, Binding]) -> None:
    for process in diagrams.processes.values():
        for node in process.nodes:
            place = f"{process.id}.{node.id}"
            for name in node.requirements:
                if name in proofs:
                    proofs[name].elements.add(place)
                    proofs[name].handlers.update(_handlers(node))
                    proofs[name].forms.update(_forms(node))
    for binding in handlers.values():
        for name in binding.requirements:
            if name in proofs:
                proofs[name].handlers.add(binding.name)


def _from_forms(proofs: Mapping[str, Proof], diagrams: DiagramSet) -> None:
    for file, form in diagrams.forms.items():
        for name in _named(form.schema):
            if name in proofs:
                proofs[name].forms.add(file)


def _from_scenario(proofs: Mapping[str, Proof], played: Played) -> None:
    passed = {f"{process}.{element}" for process, element in played.passages}
    for proof in proofs.values():
        reached = proof.elements & passed
        if reached:
            proof.scenarios.add(played.scenario)
        proof.documents.update(kind for place, kind in played.documents if place in reached)


def _handlers(node: Node) -> Sequence[str]:
    named = [node.operator.name] if node.operator is not None else []
    return [*named, *filter(None, [node.properties.get("guard")])]


def _forms(node: Node) -> Sequence[str]:
    return list(filter(None, [node.properties.get("formJsonSchemaFilename")]))


def _named(schema: Mapping[str, Any]) -> Iterable[str]:
    yield from schema.get("x-requirements", ())
    for child in schema.get("properties", {}).values():
        yield from _named(child)
    if isinstance(schema.get("items"), Mapping):
        yield from _named(schema["items"])
