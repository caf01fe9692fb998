"""Every element of a procedure, and every way out of its gateways, is shown by a scenario that passes.

A way that no scenario takes is one that nobody has ever seen running: the scenario is written, or the way is taken out
of the diagram. Families of processes are asked for apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from SpiffWorkflow.task import Task

from app.play.player import Player
from app.play.scenario import read
from engine import run
from engine.diagram import Process
from engine.library import DiagramSet, read_folder

PROCESSES = Path(__file__).parents[2] / "processes"
FAMILIES = {
    "appeal": ("appeal",),
}
"""Family -> the processes that begin its cases; what they call belongs to the family."""

Way = tuple[str, str, str]
"""Process, gateway, and the element that follows."""


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> set[Way]:
    """The steps from one element to the next that are taken while the fixture is in use."""
    taken: set[Way] = set()
    note = run._note

    def watched(task: Task, ran: run.Ran) -> None:
        note(task, ran)
        for child in task.children:
            following = child.task_spec.bpmn_id or child.task_spec.name.removesuffix(".BoundaryEventSplit")
            taken.add((task.workflow.spec.name, str(task.task_spec.bpmn_id), following))

    monkeypatch.setattr(run, "_note", watched)
    return taken


@pytest.mark.parametrize("family", FAMILIES)
def test_each_element_and_each_way_out_of_a_gateway_is_passed_by_a_scenario(family: str, ways: set[Way]) -> None:
    files = read_folder(PROCESSES)
    asked = called_by(DiagramSet("shipped", files), FAMILIES[family])
    player = Player(files, PROCESSES)
    passed: set[tuple[str, str]] = set()

    for path in sorted((PROCESSES / "scenarios").glob("*.yaml")):
        scenario = read(path)
        if scenario.process in FAMILIES[family] or "appeal" in path.name:
            played = player.play(scenario)
            assert played.failure is None, path.name
            passed |= played.passages

    elements = {(process.id, node.id) for process in asked for node in process.nodes}
    assert sorted(elements - passed) == []
    assert sorted(way for process in asked for way in ways_of(process) if way not in ways) == []


def called_by(diagrams: DiagramSet, starting: tuple[str, ...]) -> list[Process]:
    """Return the processes of a family: those that begin, and all that they call."""
    ahead = list(starting)
    found: dict[str, Process] = {}
    while ahead:
        name = ahead.pop()
        if name not in found:
            found[name] = diagrams.processes[name]
            ahead += [node.called_element for node in found[name].nodes if node.called_element]
    return list(found.values())


def ways_of(process: Process) -> Iterator[Way]:
    """Yield the ways out of the gateways that choose."""
    for node in process.nodes:
        if node.kind == "exclusiveGateway" and len(node.outgoing) > 1:
            yield from ((process.id, node.id, process.flow[name].target) for name in node.outgoing)
