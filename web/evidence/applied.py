"""The rules that a case met, from its events: what each read as the case then was, and what it decided.

Steps of the system decide and write; guards look at what a person sends in, and let it pass or say why not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.diagram import Node
from engine.library import DiagramSet
from engine.steps import Binding
from web.evidence.docstrings import Told, told
from web.evidence.reach import Reach, reach

Row = Mapping[str, Any]
_PATH = re.compile(r"\b[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """Something that a rule read: answers in a form, or what an earlier rule wrote."""

    key: str
    """The top-level key of case data."""
    names: tuple[str, ...] = ()
    """The fields that were read, empty for all of them."""
    submissions: tuple[Row, ...] = ()
    """The forms as they were handed in, oldest first; several where several people had one to fill in."""
    step: int | None = None
    """The number of the rule that wrote it; 0 for a step that applies no rule."""
    value: Any = None
    """What it wrote."""


@dataclass(slots=True, kw_only=True)
class Applied:
    """One rule at work in a case."""

    number: int
    """From one, in the order of events; the page's anchor."""
    event: Row
    handler: Binding
    told: Told
    reach: Reach
    inputs: Sequence[Input] = ()
    wrote: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_refusal(self) -> bool:
        """Whether the rule said no."""
        return self.event["type"] in ("StepRefused", "TaskRefused")

    @property
    def is_guard(self) -> bool:
        """Whether the rule looked at what a person sent in."""
        return self.handler.kind == "guard"


@dataclass(slots=True)
class _Known:
    """What the case knew at a moment, by top-level key."""

    submissions: dict[str, list[Row]] = field(default_factory=dict)
    steps: dict[str, tuple[int, Any]] = field(default_factory=dict)

    def answer(self, row: Row, *, is_list: bool) -> None:
        """Take in a form; one that several people fill in adds up, any other one replaces."""
        key = str(row["form"]).removesuffix(".json")
        self.steps.pop(key, None)
        self.submissions[key] = [*self.submissions.get(key, []), row] if is_list else [row]

    def write(self, number: int, wrote: Mapping[str, Any]) -> None:
        """Take in what a rule wrote."""
        for key, value in wrote.items():
            self.steps[key] = (number, value)
            if value == []:  # emptied before several people answer anew
                self.submissions.pop(key, None)


def applied(
    diagrams: DiagramSet, handlers: Mapping[str, Binding], events: Sequence[Row], submissions: Sequence[Row]
) -> list[Applied]:
    """Return the rules of a case in the order in which they were applied.

    `events` and `submissions` are those of the case, oldest first, with `data` and `values` read.
    """
    by_task = {row["task_id"]: row for row in submissions if row["task_id"]}
    start = next((row for row in submissions if row["task_id"] is None), None)
    nodes = {node.id: node for process in diagrams.processes.values() for node in process.nodes}
    shared = {name for name, node in nodes.items() if node.loop is not None}
    known, found = _Known(), list[Applied]()
    for event in events:
        facts = event["data"]
        sent = start if event["type"] == "CaseStarted" else by_task.get(facts.get("task"))
        node = _start(diagrams, facts) if event["type"] == "CaseStarted" else nodes.get(event["element"])
        handler = handlers.get(_rule_at(node, event))
        is_rule = handler is not None and (told(handler).is_rule or handler.kind == "guard")
        if handler is not None and is_rule:
            found.append(_one(len(found) + 1, event, handler, known, sent))
        if event["type"] in ("TaskCompleted", "CaseStarted") and sent is not None:
            known.answer(sent, is_list=event["element"] in shared)
        elif event["type"] in ("StepDone", "StepRefused"):
            known.write(len(found) if is_rule else 0, facts.get("wrote", {}))
    return found


def _start(diagrams: DiagramSet, facts: Row) -> Node | None:
    process = str(facts.get("process", ""))
    return diagrams.start_event(process) if process in diagrams.processes else None


def _rule_at(node: Node | None, event: Row) -> str:
    """Return the name of the handler that an event tells of; empty where none was asked.

    A task is refused for many reasons; only the codes that its guard knows are the guard's.
    """
    if event["type"] in ("StepDone", "StepRefused"):
        operator = node.operator if node else None
        return str(event["data"].get("handler") or (operator.name if operator else ""))
    if event["type"] == "TaskRefused" and not str(event["data"].get("code", "")).isupper():
        return ""
    is_sent = event["type"] in ("TaskCompleted", "TaskRefused", "CaseStarted")
    return node.properties.get("guard", "") if node is not None and is_sent else ""


def _one(number: int, event: Row, handler: Binding, known: _Known, sent: Row | None) -> Applied:
    words, reached = told(handler), reach(handler.call)
    wrote = event["data"].get("wrote", {})
    # What was refused is kept nowhere, so only what was let through can be shown.
    judged = [_sent(sent, reached)] if handler.kind == "guard" and sent and event["type"] != "TaskRefused" else []
    return Applied(
        number=number,
        event=event,
        handler=handler,
        told=words,
        reach=reached,
        inputs=(*judged, *_inputs(words, reached, known)),
        wrote=wrote if isinstance(wrote, Mapping) else {},
    )


def _sent(row: Row, reached: Reach) -> Input:
    """The form that a guard looked at, with the fields that it names; all of them where it hands the form on whole."""
    names = tuple(name for name in reached.fields if name in row["values"])
    return Input(key=str(row["form"]).removesuffix(".json"), names=names, submissions=(row,))


def _inputs(words: Told, reached: Reach, known: _Known) -> Iterator[Input]:
    """What was there of all that the rule's docstring and code name; its own result is no input of it."""
    names: dict[str, dict[str, None]] = {}
    for path in (*_PATH.findall(words.reads), *reached.paths):
        key, _, rest = path.partition(".")
        if key in known.submissions or key in known.steps:
            names.setdefault(key, {}).setdefault(rest.partition(".")[0])
    for key, inner in names.items():
        fields = () if "" in inner else tuple(inner)
        if key in known.submissions:
            yield Input(key=key, names=fields, submissions=tuple(known.submissions[key]))
        if key in known.steps:
            step, value = known.steps[key]
            yield Input(key=key, names=fields, step=step, value=_part(value, fields))


def _part(value: Any, names: Sequence[str]) -> Any:
    if not names or not isinstance(value, Mapping):
        return value
    return {name: value[name] for name in names if name in value}
