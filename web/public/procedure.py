"""The published procedure in words: who does what, in which order, by when. Read from the diagrams that run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.diagram import Node
from engine.library import DiagramSet
from web.language import said
from web.map.order import in_flow_order
from web.map.terms import term_in_words
from web.navigation import process_name, role_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One thing that a person does."""

    name: str
    who: str
    by_when: str
    """The term in words, empty if there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One diagram of the procedure."""

    id: str
    name: str
    about: str
    moves: tuple[Move, ...]


def chapters(diagrams: DiagramSet, process: str) -> list[Chapter]:
    """Return the diagrams of a process in the order in which a case meets them; each once."""
    profile = _profile(diagrams, process)
    found: dict[str, Chapter] = {}
    ahead = [process]
    while ahead:
        name = ahead.pop(0)
        if name in found or name not in diagrams.processes:
            continue
        nodes = in_flow_order(diagrams.processes[name])
        moves = tuple(_move(diagrams, node, profile) for node in nodes if node.kind == "userTask")
        about = said(diagrams.processes[name].documentation)
        found[name] = Chapter(id=name, name=process_name(name, diagrams), about=about, moves=moves)
        ahead = [*(node.called_element for node in nodes if node.called_element), *ahead]
    return list(found.values())


def terms_in_words(diagrams: DiagramSet, process: str) -> list[dict[str, str]]:
    """Return the terms that the procedure's elements name, in the order of the profile."""
    used = {
        node.properties.get("deadline", "")
        for name in _processes(diagrams, process)
        for node in diagrams.processes[name].nodes
    }
    profile = _profile(diagrams, process)
    terms = profile.get("terms", {})
    return [term_in_words(term, profile) for name, term in terms.items() if name in used]


def edition(diagrams: DiagramSet, process: str) -> str:
    """Return the edition that the profile names (reading `procedure.edition`), empty if it names none."""
    return str(_profile(diagrams, process).get("readings", {}).get("procedure.edition", {}).get("value", ""))


def _processes(diagrams: DiagramSet, process: str) -> set[str]:
    found: set[str] = set()
    ahead = [process]
    while ahead:
        name = ahead.pop()
        if name in diagrams.processes and name not in found:
            found.add(name)
            ahead += [node.called_element for node in diagrams.processes[name].nodes if node.called_element]
    return found


def _profile(diagrams: DiagramSet, process: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = diagrams.profile.get("profiles", {}).get(diagrams.default_profile(process), {})
    return found


def _move(diagrams: DiagramSet, node: Node, profile: Mapping[str, Any]) -> Move:
    term = profile.get("terms", {}).get(node.properties.get("deadline", ""))
    return Move(
        name=said(node.name),
        who=role_name(node.role, diagrams),
        by_when=term_in_words(term, profile)["length"] if term else "",
    )
