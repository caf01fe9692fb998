"""The rules that a case met, from its events: what each read as the case then was, and what it decided."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

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
    """The number of the rule that wrote it."""
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
        return bool(self.event["type"] == "StepRefused")


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
    operators = {node.id: node.operator for process in diagrams.processes.values() for node in process.nodes}
    shared = set(_for_several(diagrams))
    known, found = _Known(), list[Applied]()
    for row in submissions:
        if row["task_id"] is None:
            known.answer(row, is_list=False)
    for event in events:
        facts = event["data"]
        if event["type"] == "TaskCompleted" and facts.get("task") in by_task:
            known.answer(by_task[facts["task"]], is_list=event["element"] in shared)
        elif event["type"] in ("StepDone", "StepRefused"):
            operator = operators.get(event["element"])
            name = facts.get("handler") or (operator.name if operator else "")
            number = len(found) + 1
            if name in handlers and told(handlers[name]).is_rule:
                found.append(_one(number, event, handlers[name], known))
            known.write(number, facts.get("wrote", {}))
    return found


def _one(number: int, event: Row, handler: Binding, known: _Known) -> Applied:
    words, reached = told(handler), reach(handler.call)
    wrote = event["data"].get("wrote", {})
    return Applied(
        number=number,
        event=event,
        handler=handler,
        told=words,
        reach=reached,
        inputs=tuple(_inputs(words, reached, known)),
        wrote=wrote if isinstance(wrote, Mapping) else {},
    )


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


def _for_several(diagrams: DiagramSet) -> Iterator[str]:
    """Elements that are done by several people at once, whose answers add up."""
    for process in diagrams.processes.values():
        for node in process.nodes:
            if node.loop is not None:
                yield node.id
