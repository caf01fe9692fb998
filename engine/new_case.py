"""A case that begins: its number, its row, the readings it takes over, and the values of its start form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from engine.accepting import accepted, keep_attachments
from engine.errors import NotFound
from engine.library import DiagramSet, Library
from engine.live import LiveCase, readings_text
from engine.ongoing import OngoingStep
from engine.state import Saved
from engine.steps import NewCase
from engine.transaction import Transaction
from engine.workflow import LiveWorkflow
from storage import sets
from storage import steps as write
from storage.database import Connection


def current_set(connection: Connection) -> str:
    """Return the hash of the set with which new cases begin; raises NotFound before the first is published."""
    set_hash = sets.current(connection)
    if set_hash is None:
        raise NotFound(what="опубликованные схемы")
    return set_hash


def new_case(
    transaction: Transaction,
    library: Library,
    set_hash: str,
    wanted: NewCase,
    *,
    readings: Mapping[str, Any] | None,
    parent: LiveCase | None,
) -> LiveCase:
    """Number a case and insert its row; its process begins with `begin`. Raises NotFound for an unknown process."""
    diagrams = library.set(set_hash)
    diagrams.process(wanted.process)
    settings = diagrams.process_settings(wanted.process)
    profile = wanted.profile or diagrams.default_profile(wanted.process)
    overriding = readings_text(readings) if readings or parent is None else _inherited(parent, diagrams, profile)
    terms = library.terms(set_hash, profile, overriding)
    year = transaction.now.astimezone(terms.zone).year
    prefix = str(settings.get("prefix", wanted.process[:1].upper()))
    number = f"{prefix}-{year}-{write.next_number(transaction.connection, prefix, year):04d}"
    row = {
        "number": number,
        "process": wanted.process,
        "set_hash": set_hash,
        "profile": profile,
        "readings": overriding,
        "status": "open",
        "version": 0,
        "parent_id": parent.id if parent else None,
        "started_at": transaction.at,
        "started_by": transaction.actor.login,
    }
    return LiveCase(
        id=write.insert_case(transaction.connection, row),
        number=number,
        process=wanted.process,
        profile=profile,
        readings=overriding,
        version=0,
        status="open",
        parent_id=parent.id if parent else None,
        diagrams=diagrams,
        terms=terms,
        workflow=None,  # type: ignore[arg-type]  # made by `begin`, once the case data are folded
        saved=Saved(),
    )


def begin(step: OngoingStep, given: Mapping[str, Any]) -> dict[str, Any]:
    """Take in the values of the start form and make the process ready to run; returns what the submission says.

    Raises InvalidForm or RuleRefused.
    """
    live = step.live
    facts = {"process": live.process, "number": live.number, "set": live.diagrams.hash, "profile": live.profile}
    step.happened("CaseStarted", **facts, **({"readings": json.loads(live.readings)} if live.readings != "{}" else {}))
    start, form = live.diagrams.start_event(live.process), live.diagrams.start_form(live.process)
    if form is not None:
        values = accepted(step, start, form, given, None)
        step.fold(form.stem, values)
        keep_attachments(step, form, values)
    elif given:
        step.fold("start", dict(given))
    specification = live.diagrams.specification(live.process)
    live.workflow = LiveWorkflow(specification.spec, specification.subprocess_specs, live.data)
    return {"task_id": None, "element": start.id, "form": f"{form.stem}.json" if form else ""}


def subject(live: LiveCase) -> str:
    """Return what the case is called: the text at the path that the profile names, empty if there is none."""
    path = str(live.diagrams.process_settings(live.process).get("subject", ""))
    value: Any = live.data
    for part in filter(None, path.split(".")):
        if isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        elif isinstance(value, Mapping):
            value = value.get(part, "")
        else:
            return ""
    return value if isinstance(value, str) else ""


def _inherited(parent: LiveCase, diagrams: DiagramSet, profile: str) -> str:
    """Return the readings that a case takes over from the one that opened it: those that its own profile knows."""
    known = diagrams.profile.get("profiles", {}).get(profile, {}).get("readings", {})
    return readings_text({name: value for name, value in json.loads(parent.readings).items() if name in known})
