"""Every element of the shipped diagrams, and every way on from a choice, is passed by a scenario.

What nobody has played is drawn, bound and checked, and may still be wrong. An element in `BESIDE` is passed by none,
for the reason that stands there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from app.options import PROCESSES
from app.play.files import play_files, scenario_files
from app.play.player import Played
from engine.diagram import Process
from engine.library import DiagramSet, read_folder

BESIDE: Mapping[str, str] = {
    "certificate_issue.signature_missing": "both forms demand a signature; the rule guards a redrawn way",
    "surveillance_preparation.plan_unsigned": "the plan is signed on the way here; the rule guards a redrawn way",
}


@cache
def diagrams() -> DiagramSet:
    return DiagramSet("shipped", read_folder(PROCESSES))


@cache
def stories() -> tuple[Played, ...]:
    return tuple(play_files(scenario_files([PROCESSES]), read_folder(PROCESSES), PROCESSES))


def choices(process: Process) -> dict[str, dict[str, str]]:
    """Return gateway -> target -> flow for the exclusive gateways with several ways on."""
    return {
        node.id: {process.flow[flow].target: f"{process.id}.{flow}" for flow in node.outgoing}
        for node in process.nodes
        if node.kind == "exclusiveGateway" and len(node.outgoing) > 1
    }


@cache
def taken() -> frozenset[str]:
    """Return the flows that some case took from a choice: the first of its targets that the case then passed."""
    known = {name: choices(process) for name, process in diagrams().processes.items()}
    return frozenset(flow for story in stories() for way in story.ways for flow in _taken(way, known))


def _taken(way: tuple[tuple[str, str], ...], known: Mapping[str, Mapping[str, Mapping[str, str]]]) -> Iterator[str]:
    waiting: dict[tuple[str, str], Mapping[str, str]] = {}
    for process, element in way:
        for place in [place for place in waiting if place[0] == process and element in waiting[place]]:
            yield waiting.pop(place)[element]
        if element in known[process]:
            waiting[process, element] = known[process][element]


def never_passed(process: Process) -> set[str]:
    passed = {element for story in stories() for name, element in story.passages if name == process.id}
    elements = {f"{process.id}.{node.id}" for node in process.nodes if node.id not in passed}
    flows = {flow for ways in choices(process).values() for flow in ways.values()} - taken()
    return elements | flows


def test_the_scenarios_come_true_and_pass_every_way_of_every_procedure() -> None:
    """One test, as the scenarios are played once for it, whichever worker it falls to."""
    assert [story.failure for story in stories() if story.failure is not None] == []
    assert {way for process in diagrams().processes.values() for way in never_passed(process)} == BESIDE.keys()
