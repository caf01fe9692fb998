"""The list of rules: each file in `rules/` marks its functions, and importing the files makes the list.

A rule only finds. It is given the thing it judges, the place around it, and `report`, and returns nothing.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from engine.check.problem import Problem, Severity
from engine.diagram import Diagram, Flow, Node

if TYPE_CHECKING:
    from engine.check.whole import FormFile, Place, Whole


class Thing(Protocol):
    """Something with an id and a line."""

    @property
    def id(self) -> str:
        """The id in the file."""

    @property
    def line(self) -> int:
        """The line in the file."""


MOST = 100  # problems of one rule in one file; nobody reads more, and a hostile file would make millions


class EnoughSaidError(Exception):
    """A rule has said enough about a file."""


@dataclass(slots=True)
class Report:
    """Collects the problems of one rule; raises EnoughSaidError, which ends the rule, when there are too many."""

    rule: str
    severity: Severity
    file: str
    problems: list[Problem]
    said: Counter[str] = field(default_factory=Counter)

    def __call__(self, thing: Thing, message: str, cure: str, /, *, line: int | None = None, **facts: object) -> None:
        """Report a problem at a node, flow or anything else with an id and a line."""
        self.at(thing.id, thing.line if line is None else line, message, cure, **facts)

    def at(self, element: str, line: int, message: str, cure: str, /, **facts: object) -> None:
        """Report a problem at a line of the file."""
        self.said[self.file] += 1
        if self.said[self.file] > MOST:
            raise EnoughSaidError
        self.problems.append(
            Problem(
                file=self.file,
                line=line,
                element=element,
                severity=self.severity,
                rule=self.rule,
                message_template=message,
                cure_template=cure,
                facts={name: value if isinstance(value, int) else str(value)[:200] for name, value in facts.items()},
            )
        )

    def within(self, file: str) -> Report:
        """Return the same report for another file."""
        return Report(self.rule, self.severity, file, self.problems, self.said)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule."""

    name: str
    scope: str
    """What the rule is called for: `node`, `flow`, `process`, `diagram`, `last`, `form` or `set`."""
    severity: Severity
    find: Callable[..., None]


_RULES: list[Rule] = []

NodeCheck = Callable[[Node, "Place", Report], None]
FlowCheck = Callable[[Flow, "Place", Report], None]
ProcessCheck = Callable[["Place", Report], None]
DiagramCheck = Callable[[Diagram, "Whole", Report], None]
FormCheck = Callable[["FormFile", "Whole", Report], None]
SetCheck = Callable[["Whole", Report], None]


def node_rule(name: str, severity: Severity = "error") -> Callable[[NodeCheck], NodeCheck]:
    """Mark a function that judges one node."""
    return _mark(name, "node", severity)


def flow_rule(name: str, severity: Severity = "error") -> Callable[[FlowCheck], FlowCheck]:
    """Mark a function that judges one sequence flow."""
    return _mark(name, "flow", severity)


def process_rule(name: str, severity: Severity = "error") -> Callable[[ProcessCheck], ProcessCheck]:
    """Mark a function that judges a process as a whole."""
    return _mark(name, "process", severity)


def diagram_rule(name: str, severity: Severity = "error") -> Callable[[DiagramCheck], DiagramCheck]:
    """Mark a function that judges a file as a whole."""
    return _mark(name, "diagram", severity)


def last_rule(name: str, severity: Severity = "error") -> Callable[[DiagramCheck], DiagramCheck]:
    """Mark a function that judges a file in which the other rules found no error."""
    return _mark(name, "last", severity)


def form_rule(name: str, severity: Severity = "error") -> Callable[[FormCheck], FormCheck]:
    """Mark a function that judges one form."""
    return _mark(name, "form", severity)


def set_rule(name: str, severity: Severity = "error") -> Callable[[SetCheck], SetCheck]:
    """Mark a function that judges all files together."""
    return _mark(name, "set", severity)


@cache
def all_rules() -> Sequence[Rule]:
    """Return every rule, ordered by the name of its file."""
    package = importlib.import_module("engine.check.rules")
    for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda module: module.name):
        importlib.import_module(f"engine.check.rules.{module.name}")
    return tuple(_RULES)


def rule_names() -> list[str]:
    """Return the names of the rules, sorted; files that cannot be read have rules of their own (`xml`, `not-bpmn`)."""
    return sorted({rule.name for rule in all_rules()})


def _mark(name: str, scope: str, severity: Severity) -> Callable[[Any], Any]:
    def mark(find: Any) -> Any:
        _RULES.append(Rule(name, scope, severity, find))
        return find

    return mark
