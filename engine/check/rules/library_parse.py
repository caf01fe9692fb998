"""What is left over: the set is parsed by SpiffWorkflow itself, and its refusal is put in place and words."""

from __future__ import annotations

from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from engine.check.registry import Report, last_rule
from engine.check.whole import Whole
from engine.diagram import Diagram, Process
from engine.messages import N_
from engine.specifications import specification


@last_rule("library-parse")
def check(diagram: Diagram, whole: Whole, report: Report) -> None:
    """Refuse what SpiffWorkflow cannot parse; processes that others call are parsed with their callers."""
    called = {node.called_element for place in whole.all_places for node in place.process.nodes}
    diagrams = {one.path: one for one in (*whole.diagrams, *whole.background)}
    for process in diagram.processes:
        if process.id in called:
            continue
        try:
            specification(diagrams, whole.files, process.id)
        except ValidationException as error:
            _tell(error, diagram, process, whole, report)


def _tell(error: ValidationException, diagram: Diagram, process: Process, whole: Whole, report: Report) -> None:
    path = error.file_name or diagram.path
    element = str(getattr(error, "id", "") or process.id)
    lines = {name: line for one in whole.diagrams if one.path == path for name, line in one.ids}
    report.within(path).at(
        element,
        lines.get(element, 0),
        N_("Исполняющая система не принимает схему: {reason}."),
        N_("Перерисуйте названный элемент."),
        reason=str(error).splitlines()[0][:150].rstrip("."),
    )
