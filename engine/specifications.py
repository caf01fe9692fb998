"""From the XML of a set to what SpiffWorkflow runs: parsed with our own reader, with our timers and loops put in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from lxml import etree
from SpiffWorkflow.bpmn.parser.task_parsers import GatewayParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser
from SpiffWorkflow.spiff.parser.task_spec import ServiceTaskParser, SpiffTaskParser
from SpiffWorkflow.spiff.specs.defaults import UserTask

from engine.diagram import Diagram, Process
from engine.workflow import ParallelLoop, SequentialLoop, TokenJoin, WaitingServiceTask, adopt
from engine.xml import BPMN, normalise, parse_xml


class UserTaskParser(SpiffTaskParser):
    """The library's parser of user tasks with loops of our own."""

    PARALLEL_MI_CLASS = ParallelLoop
    SEQUENTIAL_MI_CLASS = SequentialLoop


class Parser(SpiffBpmnParser):
    """The library's parser with service tasks that wait for the engine."""

    OVERRIDE_PARSER_CLASSES: ClassVar[dict[str, Any]] = {
        **SpiffBpmnParser.OVERRIDE_PARSER_CLASSES,
        full_tag("serviceTask"): (ServiceTaskParser, WaitingServiceTask),
        full_tag("userTask"): (UserTaskParser, UserTask),
        full_tag("parallelGateway"): (GatewayParser, TokenJoin),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Specification:
    """A process ready to run, with the processes that it calls; shared by all its cases."""

    spec: Any
    subprocess_specs: Mapping[str, Any]


def specification(diagrams: Mapping[str, Diagram], files: Mapping[str, bytes], process_id: str) -> Specification:
    """Parse a process and all that it calls.

    Only the files that are needed are handed to the library. Raises its ValidationException for what the check of
    diagrams would have refused before.
    """
    parser = Parser(validator=None)
    for path in _needed(diagrams, process_id):
        parser.add_bpmn_xml(_prepared(files[path]), filename=path)
    spec = parser.get_spec(process_id)
    called = parser.get_subprocess_specs(process_id)
    adopt([spec, *called.values()])
    return Specification(spec=spec, subprocess_specs=called)


def _needed(diagrams: Mapping[str, Diagram], process_id: str) -> list[str]:
    owner: dict[str, tuple[str, Process]] = {
        process.id: (path, process) for path, diagram in diagrams.items() for process in diagram.processes
    }
    paths: list[str] = []
    wanted, seen = [process_id], set()
    for name in wanted:
        if name in seen or name not in owner:
            continue
        seen.add(name)
        path, process = owner[name]
        if path not in paths:
            paths.append(path)
        wanted.extend(node.called_element for node in process.nodes if node.called_element)
    return paths


def _prepared(data: bytes) -> etree._Element:
    root = normalise(parse_xml(data))
    # The library evaluates a timer's literal as Python; the engine owns all times, so a constant stands in its place.
    for definition in root.iter(f"{{{BPMN}}}timerEventDefinition"):
        for child in list(definition):
            definition.remove(child)
        etree.SubElement(definition, f"{{{BPMN}}}timeDuration").text = "'PT0S'"
    return root
