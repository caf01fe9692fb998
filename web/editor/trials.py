"""What the editor asks of whoever starts the pages: to check and to play a set of files that is not published."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, cast

from flask import current_app

Files = Mapping[str, bytes]


class Trials(Protocol):
    """The part of the services that tries out what is not published."""

    def check_draft(self, files: Files, translate: Callable[[str], str] = str) -> Sequence[Mapping[str, Any]]:
        """Return the problems of a set, each as `reglament check --json` gives it; `translate` maps templates."""

    def play_draft(self, files: Files) -> Sequence[Mapping[str, Any]]:
        """Return what became of every scenario under a set, each as `reglament play --json` gives it."""


def trials() -> Trials:
    """Return the trials of the running application."""
    return cast("Trials", current_app.extensions["reglament"])


def has_errors(problems: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a set with these problems may not be published."""
    return any(problem["severity"] == "error" for problem in problems)
