"""A function becomes a handler: the marks `step` and `guard`, and what the registry knows by them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from engine.steps.outcome import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """A handler as the registry knows it."""

    name: str
    """`module.function`, as a diagram writes it."""
    kind: str
    """`step` (service tasks) or `guard` (user tasks)."""
    call: Callable[..., Any]
    writes: tuple[str, ...]
    refuses: tuple[str, ...]
    requirements: tuple[str, ...]
    tells: tuple[str, ...] = ()
    """Dotted paths that the step may tell the parent: message and field (`appeal_result.outcome`)."""
    makes: tuple[str, ...] = ()
    """Kinds of the documents that it may make, as far as tasks sign them (property `signs`)."""


def step(
    *,
    writes: Sequence[str] = (),
    refuses: Sequence[str] = (),
    requirements: Sequence[str] = (),
    tells: Sequence[str] = (),
    makes: Sequence[str] = (),
) -> Callable[[Callable[..., Outcome]], Callable[..., Outcome]]:
    """Mark a function as the handler of service tasks: `(case, **parameters) -> Outcome`.

    `makes` names the kinds of those documents that a later task signs (its property `signs`).
    """

    def mark(function: Callable[..., Outcome]) -> Callable[..., Outcome]:
        _bind(function, "step", writes, refuses, requirements, tells, makes)
        return function

    return mark


def guard(
    *, refuses: Sequence[str] = (), requirements: Sequence[str] = ()
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Mark a function as the guard of user tasks: `(case, values) -> None`, raising Refused."""

    def mark(function: Callable[..., None]) -> Callable[..., None]:
        _bind(function, "guard", (), refuses, requirements)
        return function

    return mark


def _bind(
    function: Callable[..., Any],
    kind: str,
    writes: Sequence[str],
    refuses: Sequence[str],
    requirements: Sequence[str],
    tells: Sequence[str] = (),
    makes: Sequence[str] = (),
) -> None:
    binding = Binding(
        name=f"{function.__module__.rpartition('.')[2]}.{function.__name__}",
        kind=kind,
        call=function,
        writes=tuple(writes),
        refuses=tuple(refuses),
        requirements=tuple(requirements),
        tells=tuple(tells),
        makes=tuple(makes),
    )
    function.__dict__["__reglament__"] = binding
