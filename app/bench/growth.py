"""Whether a step grows with the case's past: a line of user tasks, early in it and late in it."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from statistics import median
from time import perf_counter

from app.bench import model
from app.bench.figures import MILLISECONDS
from app.wiring import Services
from engine.service import Step

LENGTH = 210
EARLY, LATE = 20, 200
AROUND = 5
"""Steps that are measured around each place."""

NOTE = {
    "type": "object",
    "title": "Заметка",
    "required": ["text", "pages"],
    "additionalProperties": False,
    "properties": {
        "text": {"type": "string", "title": "Текст"},
        "pages": {"type": "integer", "title": "Страниц"},
        "on": {"type": "string", "format": "date", "title": "Дата"},
    },
}
VALUES = {"text": "Сделано", "pages": 3, "on": "2026-01-12"}


def measure(folder: Path, *, cases: int, late: int = LATE) -> dict[str, float]:
    """Return the median cost of a step early and late in the line, milliseconds; the two are measured in turn."""
    services = model.install(folder, files())
    pairs = [(_brought_to(services, EARLY), _brought_to(services, late)) for _ in range(cases)]
    early, far = [], []
    for first, second in pairs:
        for _ in range(AROUND):
            first, seconds = _timed(services, first)
            early.append(seconds)
            second, seconds = _timed(services, second)
            far.append(seconds)
    services.close()
    return {
        "task_20_ms": round(median(early) * MILLISECONDS, 2),
        "task_200_ms": round(median(far) * MILLISECONDS, 2),
    }


def files() -> dict[str, bytes]:
    """Return a set whose only process is a straight line of user tasks."""
    names = ["begun", *(f"task_{number}" for number in range(1, LENGTH + 1)), "done"]
    nodes = ['<bpmn:startEvent id="begun"/>', *map(_user_task, names[1:-1]), '<bpmn:endEvent id="done"/>']
    flows = [
        f'<bpmn:sequenceFlow id="flow_{number}" sourceRef="{source}" targetRef="{target}"/>'
        for number, (source, target) in enumerate(pairwise(names))
    ]
    references = "".join(f"<bpmn:flowNodeRef>{name}</bpmn:flowNodeRef>" for name in names)
    line = (
        '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
        'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" id="line" targetNamespace="bench">'
        '<bpmn:process id="line" isExecutable="true">'
        f'<bpmn:laneSet id="lanes"><bpmn:lane id="lane_clerk" name="clerk">{references}</bpmn:lane></bpmn:laneSet>'
        f"{''.join(nodes)}{''.join(flows)}</bpmn:process></bpmn:definitions>"
    )
    kept = {name: content for name, content in model.files().items() if not name.endswith((".bpmn", ".json"))}
    return {**kept, "line.bpmn": line.encode(), "forms/note.json": json.dumps(NOTE).encode()}


def _user_task(name: str) -> str:
    properties = {"formJsonSchemaFilename": "note.json", "deadline": "bench.short"}
    listed = "".join(f'<spiffworkflow:property name="{key}" value="{value}"/>' for key, value in properties.items())
    return (
        f'<bpmn:userTask id="{name}"><bpmn:extensionElements><spiffworkflow:properties>{listed}'
        "</spiffworkflow:properties></bpmn:extensionElements></bpmn:userTask>"
    )


def _brought_to(services: Services, number: int) -> Step:
    """Begin a case and bring it to a few tasks before the one with this number."""
    step = services.engine.start("line", {}, model.PERSON)
    for _ in range(number - 1 - AROUND // 2):
        step, _ = _timed(services, step)
    return step


def _timed(services: Services, step: Step) -> tuple[Step, float]:
    begun = perf_counter()
    following = services.engine.complete(step.tasks[0]["id"], VALUES, model.PERSON)
    return following, perf_counter() - begun
