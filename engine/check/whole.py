"""What a rule may look at besides the thing it judges: the process around it, all diagrams, forms, what is written."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from engine.check.context import CheckContext
from engine.check.problem import NOTHING_NEAR
from engine.diagram import Diagram, Flow, Node, Process

if TYPE_CHECKING:
    from engine.check.written import Written


@dataclass(frozen=True, slots=True)
class FormFile:
    """One form among the checked files."""

    path: str
    schema: Mapping[str, Any]
    text: str

    def line_of(self, name: str) -> int:
        """Return the first line on which a key of this name stands, 1 if none does."""
        before, found, _ = self.text.partition(f'"{name}"')
        return before.count("\n") + 1 if found else 1


@dataclass(frozen=True, slots=True)
class ScenarioFile:
    """One scenario among the checked files."""

    path: str
    found: Mapping[str, Any]
    text: str

    def line_of(self, name: str) -> int:
        """Return the first line on which a name stands as a word, 1 if none does."""
        match = re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", self.text)
        return self.text.count("\n", 0, match.start()) + 1 if match else 1


@dataclass(frozen=True)
class Place:
    """A process in its file and set."""

    process: Process
    diagram: Diagram
    whole: Whole

    @property
    def context(self) -> CheckContext:
        """What names may refer to."""
        return self.whole.context

    def outgoing(self, node: Node) -> list[Flow]:
        """Return the flows that leave a node."""
        return [self.process.flow[flow] for flow in node.outgoing]

    def source(self, flow: Flow) -> Node | None:
        """Return the node that a flow leaves."""
        return self.process.node.get(flow.source)

    def target(self, flow: Flow) -> Node | None:
        """Return the node that a flow enters."""
        return self.process.node.get(flow.target)

    def called(self, node: Node) -> Place | None:
        """Return the process that a call activity calls."""
        return self.whole.places.get(node.called_element or "")


@dataclass(frozen=True)
class Whole:
    """All that is checked together."""

    diagrams: Sequence[Diagram]
    context: CheckContext
    files: Mapping[str, bytes]
    form_files: Sequence[FormFile] = ()
    scenarios: Sequence[ScenarioFile] = ()
    background: Sequence[Diagram] = ()
    """Diagrams of the same set that are not judged now."""

    @cached_property
    def passable(self) -> dict[tuple[str, str], bool]:
        """Memory of `engine.check.waits`: whether (process, scope) can be passed without a wait."""
        return {}

    @property
    def is_complete(self) -> bool:
        """Whether this is a whole set, which has a profile; of single files nobody can say what is left over."""
        return any(PurePosixPath(path).name == "profile.toml" for path in self.files)

    @cached_property
    def all_places(self) -> Sequence[Place]:
        """Every process that is judged, also those whose id is taken twice."""
        return [Place(process, diagram, self) for diagram in self.diagrams for process in diagram.processes]

    @cached_property
    def places(self) -> Mapping[str, Place]:
        """Processes by id, those of the background included."""
        behind = [Place(process, diagram, self) for diagram in self.background for process in diagram.processes]
        return {place.process.id: place for place in reversed([*self.all_places, *behind])}

    @cached_property
    def forms(self) -> Mapping[str, Mapping[str, Any]]:
        """Schemas by file name."""
        return {**self.context.forms, **{PurePosixPath(form.path).name: form.schema for form in self.form_files}}

    @cached_property
    def written(self) -> Written:
        """What case data can be known at each node."""
        from engine.check.written import Written

        return Written(self)


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name that is most like the given one, or a dash."""
    found = difflib.get_close_matches(name, [str(one) for one in known], n=1, cutoff=0.5)
    return found[0] if found else NOTHING_NEAR
