"""One thing that is wrong, as data: where, how bad, what, and the cure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["error", "warning"]
NOTHING_NEAR = "—"
"""In place of the nearest name where none is near."""
_HINT = re.compile(r"\s*\([^()]*\{nearest\}[^()]*\)|;[^;.]*\{nearest\}[^;.]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A problem in a file.

    The templates are Russian sentences with named places that `facts` fill, so that a page can translate them first.
    """

    file: str
    line: int
    """From 1; 0 when the problem has no place in the file."""
    element: str
    """Id of the diagram's element, or path of the form's field; empty for the file as a whole."""
    severity: Severity
    rule: str
    message_template: str
    cure_template: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """What is wrong, in Russian."""
        return _said(self.message_template, self.facts)

    @property
    def cure(self) -> str:
        """What to do about it, in Russian."""
        return _said(self.cure_template, self.facts)

    def as_dict(self, translate: Callable[[str], str] = str) -> dict[str, Any]:
        """Return the seven keys that `reglament check --json` prints; `translate` maps templates."""
        return {
            "file": self.file,
            "line": self.line,
            "element": self.element,
            "severity": self.severity,
            "rule": self.rule,
            "message": _said(translate(self.message_template), self.facts),
            "cure": _said(translate(self.cure_template), self.facts),
        }

    @property
    def order(self) -> tuple[str, int, str, str]:
        """Sorts problems as a reader goes through the files."""
        return (self.file, self.line, self.severity, self.rule)


def _said(template: str, facts: Mapping[str, Any]) -> str:
    """Fill in the facts; where no known name is near, the part of the sentence that would name one is left out.

    >>> _said("Проверьте имя (похоже на «{nearest}»).", {"nearest": NOTHING_NEAR})
    'Проверьте имя.'
    >>> _said("Проведите поток заново; похоже на «{nearest}».", {"nearest": NOTHING_NEAR})
    'Проведите поток заново.'
    """
    return (_HINT.sub("", template) if facts.get("nearest") == NOTHING_NEAR else template).format(**facts)
