"""Small processes for the engine's tests: a few lines of BPMN become a whole diagram set with its forms and profile."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from engine.clock import MovedClock
from engine.library import Library
from engine.service import Engine
from engine.steps import SYSTEM, Binding, Case, Outcome, Person, step
from storage import people, schema
from storage.database import Database
from tests.engine.fixed_terms import fixed_terms

CLERK = Person(login="clerk", name="Клерк", roles=frozenset({"clerk"}))
HEAD = Person(login="head", name="Руководитель", roles=frozenset({"head"}))
BOTH = Person(login="both", name="Оба", roles=frozenset({"clerk", "head"}))
BEGIN = datetime(2026, 1, 12, 5, 0, tzinfo=UTC)

PROFILE = """
[roles.clerk]
ru = "Канцелярия"
scope = "organisation"
[roles.head]
ru = "Руководитель"
scope = "organisation"
[roles.voter]
ru = "Член комиссии"
scope = "case"
[roles.guest]
ru = "Гость"
scope = "case"
outside = true
[groups.team]
ru = "Группа аудита"
[profiles.P]
zone = "Asia/Almaty"
[profiles.P.terms."reply"]
start = "task"
duration = "P10D"
"""


def bpmn(process: str, nodes: str, flows: str, *, extra: str = "") -> bytes:
    """Return a BPMN file with one process; `flows` has a line `a -> b [condition]` for each flow."""
    lines = []
    for number, line in enumerate(filter(None, map(str.strip, flows.strip().splitlines()))):
        source, _, rest = line.partition(" -> ")
        target, _, condition = rest.partition(" ")
        inner = (
            f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{condition}</bpmn:conditionExpression>'
            if condition and condition != "default"
            else ""
        )
        lines.append(
            f'<bpmn:sequenceFlow id="f{number}" sourceRef="{source}" targetRef="{target}">{inner}</bpmn:sequenceFlow>'
        )
        if condition == "default":
            nodes = nodes.replace(f'id="{source}"', f'id="{source}" default="f{number}"')
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="defs_{process}" targetNamespace="http://reglament">
  {extra}
  <bpmn:process id="{process}" isExecutable="true">
    {nodes}
    {"".join(lines)}
  </bpmn:process>
</bpmn:definitions>""".encode()


def user(name: str, *, role: str = "clerk", form: str = "note.json", inner: str = "", **properties: str) -> str:
    """Return a user task in a lane of its own."""
    properties["formJsonSchemaFilename"] = form
    listed = "".join(f'<spiffworkflow:property name="{key}" value="{value}"/>' for key, value in properties.items())
    return (
        f'<bpmn:laneSet id="ls_{name}"><bpmn:lane id="lane_{name}" name="{role}">'
        f"<bpmn:flowNodeRef>{name}</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>"
        f'<bpmn:userTask id="{name}" name="Задача {name}"><bpmn:documentation>Что сделать.</bpmn:documentation>'
        f"<bpmn:extensionElements><spiffworkflow:properties>{listed}</spiffworkflow:properties>"
        f"</bpmn:extensionElements>{inner}</bpmn:userTask>"
    )


def service(name: str, handler: str) -> str:
    """Return a service task."""
    return (
        f'<bpmn:serviceTask id="{name}"><bpmn:extensionElements>'
        f'<spiffworkflow:serviceTaskOperator id="{handler}" resultVariable=""/>'
        "</bpmn:extensionElements></bpmn:serviceTask>"
    )


NOTE = {
    "type": "object",
    "title": "Заметка",
    "additionalProperties": False,
    "required": ["text"],
    "properties": {"text": {"type": "string", "title": "Текст"}, "ok": {"type": "boolean", "title": "Годится"}},
}
EMPTY = {"type": "object", "title": "Пусто", "properties": {}}


class Small:
    """An engine over a small set, with people, a moved clock and handlers of the test's own."""

    def __init__(
        self,
        database: Database,
        files: Mapping[str, bytes],
        *,
        forms: Mapping[str, Mapping[str, Any]] | None = None,
        handlers: Mapping[str, Callable[..., Any]] | None = None,
    ) -> None:
        self.database = database
        self.clock = MovedClock(BEGIN)
        self.files = {
            **files,
            "profile.toml": PROFILE.encode(),
            **{
                f"forms/{name}": json.dumps(form).encode()
                for name, form in {"note.json": NOTE, "empty.json": EMPTY, **(forms or {})}.items()
            },
        }
        self.handlers = {name: _binding(name, call) for name, call in (handlers or {}).items()}
        schema.create(database)
        with database.writing() as connection:
            for person in (CLERK, HEAD, BOTH):
                people.enter_person(connection, {"login": person.login, "name": person.name}, person.roles)
        self.fresh()
        self.engine.publish(self.files, SYSTEM)

    def fresh(self) -> None:
        """Forget everything in memory, as a new process of the program would."""
        self.library = Library(lambda name: self.files, fixed_terms)
        self.engine = Engine(self.database, self.library, self.handlers, self.clock)

    def task(self, step: Any, element: str) -> str:
        """Return the id of the open task of an element."""
        return next(str(row["id"]) for row in step.tasks if row["element"] == element)

    def waiting(self, step: Any) -> list[str]:
        """Return the elements that wait, sorted."""
        return sorted(str(row["element"]) for row in step.tasks)


def _binding(name: str, call: Callable[..., Any]) -> Binding:
    found = call.__dict__.get("__reglament__")
    if isinstance(found, Binding):
        return Binding(
            name=name, kind=found.kind, call=call, writes=found.writes, refuses=found.refuses, requirements=(),
            tells=found.tells,
        )  # fmt: skip
    return Binding(name=name, kind="step", call=call, writes=("made",), refuses=(), requirements=())


@step(writes=("made",))
def make(case: Case) -> Outcome:
    """Write one key."""
    return Outcome(data={"made": {"by": case.actor.login}})
