"""What a handler sees of the case whose step is being taken: its data, people, registers, forms and parent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from engine.ongoing import OngoingStep
from engine.steps import Case
from storage import registers, signatures
from storage import steps as write


def view(step: OngoingStep) -> Case:
    """Return the case as a handler may see it."""
    live = step.live
    return Case(
        number=live.number,
        process=live.process,
        data=live.data,
        now=step.now.astimezone(live.terms.zone),
        actor=step.actor,
        terms=live.terms,
        participants={group: [step.person(login) for login in members] for group, members in live.participants.items()},
        registers=partial(register, step),
        parent=_parent(step),
        forms=partial(_form, step),
    )


def register(step: OngoingStep, name: str) -> list[Mapping[str, Any]]:
    """Return the rows of a register (`engine.steps.Case.registers`), with those that this very step has added."""
    if name.startswith("tables/"):
        return list(step.live.diagrams.rows(name))
    if name.startswith("journals/"):
        return list(registers.journal(step.connection, name.removeprefix("journals/")))
    if name == "role":
        roles = step.live.diagrams.roles
        return [{"role": role, "stand_in": one.get("stand_in", "").split()} for role, one in roles.items()]
    if name == "person":
        return list(registers.people(step.connection))
    if name == "open_cases":
        return list(registers.open_cases(step.connection))
    if name == "documents":
        return [*signatures.documents(step.connection, step.live.id), *_issued(step)]
    if name == "signatures":
        return [*signatures.register(step.connection, step.live.id), *step.signatures]
    return list(registers.register(step.connection, name))


def _issued(step: OngoingStep) -> list[Mapping[str, Any]]:
    """The documents of this very step, which no row holds yet."""
    rows = step.rows.get("document", [])
    seen = ("kind", "number", "title", "at")
    return [{**{key: row[key] for key in seen}, "must_sign": json.loads(row["must_sign"])} for row in rows]


def _form(step: OngoingStep, stem: str) -> Mapping[str, Any]:
    form = step.live.diagrams.forms.get(f"{stem}.json")
    return form.schema if form else {}


def _parent(step: OngoingStep) -> Mapping[str, Any] | None:
    if step.live.parent_id is None:
        return None
    row = write.case_row(step.connection, step.live.parent_id)
    data = write.case_data(step.connection, step.live.parent_id)
    return {**data, "_number": row["number"] if row else ""}
