"""SpiffWorkflow alone, in memory, with its own parser and loop: the limit that a step of the engine is measured by.

Nothing of ours is in here but the reading of the file, so that the same diagram runs: no case data, no forms, no
deadlines, no database. Conditions read task data, and service tasks do nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser
from SpiffWorkflow.util.task import TaskState

from engine.xml import BPMN, normalise, parse_xml


class _IdleServices(PythonScriptEngine):  # type: ignore[misc]  # the library has no types
    def call_service(self, task: Any, **kwargs: Any) -> str:
        return "{}"


class RawProcess:
    """A process as the library runs it."""

    def __init__(self, diagram: bytes, process_id: str) -> None:
        parser = SpiffBpmnParser(validator=None)
        parser.add_bpmn_xml(_with_quoted_times(diagram), filename=process_id)
        self._spec = parser.get_spec(process_id)
        self._called = parser.get_subprocess_specs(process_id)

    def start(self, values: Mapping[str, Any]) -> RawCase:
        """Begin a case and run until it waits."""
        workflow = BpmnWorkflow(self._spec, self._called, script_engine=_IdleServices())
        workflow.data.update(values)
        workflow.do_engine_steps()
        return RawCase(workflow)


class RawCase:
    """One running case, in memory alone."""

    def __init__(self, workflow: Any) -> None:
        self._workflow = workflow

    def waiting(self) -> list[str]:
        """Return the ids of the elements that wait for a person."""
        return [task.task_spec.bpmn_id for task in self._ready()]

    def complete(self, element: str, key: str, values: Mapping[str, Any]) -> None:
        """Complete a user task: its values go into task data under a key, and the process runs until it waits."""
        task = next(task for task in self._ready() if task.task_spec.bpmn_id == element)
        # Conditions write `form.field`, which the library's plain environment reads from an attribute.
        task.data[key] = SimpleNamespace(**values)
        task.run()
        self._workflow.do_engine_steps()

    def has_ended(self) -> bool:
        """Whether nothing is left to happen."""
        return bool(self._workflow.completed)

    def _ready(self) -> list[Any]:
        return [task for task in self._workflow.get_tasks(state=TaskState.READY) if task.task_spec.manual]


def _with_quoted_times(diagram: bytes) -> etree._Element:
    root = normalise(parse_xml(diagram))
    # The library evaluates the text of a time as Python; as every modeller writes it, it would be a name.
    for duration in root.iter(f"{{{BPMN}}}timeDuration"):
        duration.text = repr((duration.text or "").strip())
    return root
