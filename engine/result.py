"""What a command led to, also when the same command comes a second time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.live import LiveCase
from engine.steps import Person
from engine.transaction import Transaction
from storage import steps as write


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a command led to."""

    case_id: int
    number: str
    tasks: tuple[Mapping[str, Any], ...]
    """Rows of the tasks that are open in the case now."""
    ended: bool
    repeated: bool = False
    """Whether the command had been carried out before, and this is the first answer."""


def led_to(live: LiveCase, *, ended: bool, repeated: bool = False) -> Step:
    """Return where a case stands as the answer of a command."""
    tasks = tuple(live.open_tasks.values())
    return Step(case_id=live.id, number=live.number, tasks=tasks, ended=ended, repeated=repeated)


def scoped(key: str | None, actor: Person, what: str) -> str | None:
    """Return a command's key so that it means this person and this process or task alone, whoever else had the same."""
    return f"{actor.login}/{what}/{key}" if key else None


def first_answer(transaction: Transaction, key: str | None) -> Step | None:
    """Return what the same person's command of this scoped key led to before, None if there was none."""
    found = write.answer_of(transaction.connection, key) if key else None
    if found is None or found[0] != transaction.actor.login:
        return None
    live = transaction.look_at(json.loads(found[1])["case_id"])
    return led_to(live, ended=live.status == "ended", repeated=True)
