"""SpiffWorkflow as it comes, without anything of ours: what the tests of its facts run."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser
from SpiffWorkflow.spiff.serializer.config import SPIFF_CONFIG
from SpiffWorkflow.util.task import TaskState

from tests.engine.small import bpmn

BEGIN = '<bpmn:startEvent id="begin"/>'
DONE = '<bpmn:endEvent id="done"/>'
TIMER = "<bpmn:timerEventDefinition><bpmn:timeDuration>{0}</bpmn:timeDuration></bpmn:timerEventDefinition>"


VOTE = (
    "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>voters</bpmn:loopDataInputRef>"
    '<bpmn:inputDataItem id="voter"/></bpmn:multiInstanceLoopCharacteristics>'
)


def ask(name: str, inner: str = "", attributes: str = "") -> str:
    """Return a user task."""
    return f'<bpmn:userTask id="{name}" {attributes}>{inner}</bpmn:userTask>'


def wait(time: str) -> str:
    """Return an event that waits for a time."""
    return f'<bpmn:intermediateCatchEvent id="wait">{TIMER.format(time)}</bpmn:intermediateCatchEvent>'


def line(*nodes: str, extra: str = "", edges: str = "") -> bytes:
    """Return a process that runs through its nodes in order; `edges` are given instead for any other shape."""
    names = ["begin", *(node.split('id="', 1)[1].split('"', 1)[0] for node in nodes), "done"]
    flows = edges or "\n".join(f"{one} -> {next_}" for one, next_ in pairwise(names))
    return bpmn("p", BEGIN + "".join(nodes) + DONE, flows, extra=extra)


def parsed(*files: bytes) -> Any:
    """Return (specification of the first file's process, specifications of what it calls)."""
    parser = SpiffBpmnParser(validator=None)
    roots = [etree.fromstring(data) for data in files]
    for number, root in enumerate(roots):
        parser.add_bpmn_xml(root, filename=f"{number}.bpmn")
    process = roots[0].find("{*}process")
    assert process is not None
    return parser.get_spec(process.get("id")), parser.get_subprocess_specs(process.get("id"))


def begun(*files: bytes, data: Mapping[str, Any] | None = None, engine: PythonScriptEngine | None = None) -> Any:
    """Return the workflow of the first file, run until it waits."""
    spec, called = parsed(*files)
    workflow = BpmnWorkflow(spec, called, script_engine=engine)
    workflow.data.update(data or {})
    workflow.do_engine_steps()
    return workflow


def ready(workflow: Any) -> list[str]:
    """Return the elements that wait for a person, sorted."""
    found = workflow.get_tasks(state=TaskState.READY)
    return sorted(task.task_spec.bpmn_id for task in found if task.task_spec.manual)


def passed(workflow: Any) -> list[str]:
    """Return the elements that were passed, sorted, without those of called processes."""
    found = workflow.get_tasks(state=TaskState.COMPLETED)
    return sorted(task.task_spec.bpmn_id for task in found if task.task_spec.bpmn_id)


def waiting(workflow: Any, element: str) -> Any:
    """Return the task of an element that waits for a person."""
    found = workflow.get_tasks(state=TaskState.READY)
    return next(task for task in found if task.task_spec.bpmn_id == element)


def complete(workflow: Any, element: str, **values: Any) -> None:
    """Complete the user task of an element, and run until the workflow waits again."""
    task = waiting(workflow, element)
    task.data.update(values)
    task.run()
    workflow.do_engine_steps()


def serializer() -> Any:
    """Return the library's own way to JSON and back."""
    return BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(SPIFF_CONFIG))
