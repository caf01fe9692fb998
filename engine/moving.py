"""A case moves: its process runs until it waits, all is stored, and what the step wants of other cases is done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine import run
from engine.advancing import advance
from engine.commit import store
from engine.errors import NotFound
from engine.library import Library
from engine.live import LiveCase
from engine.new_case import begin, new_case, subject
from engine.ongoing import OngoingStep
from engine.result import Step, led_to
from engine.steps import Closing, NewCase
from engine.transaction import Transaction
from storage import incidents
from storage import steps as write
from storage.chain import Event, append


class Mover:
    """Moves cases within a transaction that the caller opened; nothing it does is committed by itself."""

    def __init__(self, library: Library) -> None:
        self.library = library

    def open_case(
        self,
        transaction: Transaction,
        set_hash: str,
        wanted: NewCase,
        *,
        readings: Mapping[str, Any] | None = None,
        key: str | None = None,
        parent: LiveCase | None = None,
    ) -> Step:
        """Begin a case and let it run until it waits. Raises NotFound, InvalidForm or RuleRefused."""
        live = new_case(transaction, self.library, set_hash, wanted, readings=readings, parent=parent)
        step = transaction.step(live)
        submission = begin(step, wanted.data)
        return self.move(transaction, step, submission=submission, values=wanted.data, key=key, is_start=True)

    def open_child(self, transaction: Transaction, set_hash: str, wanted: NewCase, parent: LiveCase) -> Step:
        """Begin a case that another one opens; both histories say so. Raises as `open_case` does."""
        child = self.open_case(transaction, set_hash, wanted, parent=parent)
        opened = Event(
            type="CaseOpened",
            actor=transaction.actor.login,
            at=transaction.at,
            case_id=parent.id,
            data={"process": wanted.process, "number": child.number},
        )
        append(transaction.connection, [opened])
        return child

    def move(
        self,
        transaction: Transaction,
        step: OngoingStep,
        *,
        submission: Mapping[str, Any] | None = None,
        values: Mapping[str, Any] | None = None,
        key: str | None = None,
        is_start: bool = False,
    ) -> Step:
        """Run the process on, store the step with what was handed in, and return where the case stands.

        Raises VersionConflict if another process moved the case meanwhile.
        """
        live = step.live
        advance(step)
        transaction.moved.add(live.id)
        # What a case is called may be written by its first steps, not by its start form alone.
        ended = store(step, {"subject": subject(live)} if is_start else {})
        transaction.has_post |= step.has_post
        for closing in step.closings:
            self._close(transaction, step, closing)
        for wanted in step.cases:
            self.open_child(transaction, live.diagrams.hash, wanted, live)
        answer = led_to(live, ended=ended)
        if submission is not None:
            row = {
                **submission,
                "case_id": live.id,
                "actor": step.actor.login,
                "at": step.at,
                "set_hash": live.diagrams.hash,
                "values": write.to_json(dict(values or {})),
                "key": key,
                "result": write.to_json({"case_id": live.id, "number": live.number, "ended": ended}),
            }
            write.insert_submission(step.connection, row)
        transaction.cases.put_back(live)
        return answer

    def _close(self, transaction: Transaction, by: OngoingStep, closing: Closing) -> None:
        """End another case wherever it stands; what it has done stays, and nothing of it waits any more."""
        row = write.case_of_number(transaction.connection, closing.number)
        if row is None:
            raise NotFound(what=f"дело {closing.number}")
        if row["status"] == "ended" or row["id"] == by.live.id:
            return
        live = transaction.cases.take(transaction.connection, row["id"])
        transaction.moved.add(live.id)
        step = transaction.step(live)
        step.has_drafts = step.is_closing = True
        step.happened("CaseClosed", reason=closing.reason, by_case=by.live.number)
        incidents.resolve_incidents(transaction.connection, live.id, step.at, step.actor.login)
        run.cancel(live.workflow)
        store(step, {})
        transaction.cases.put_back(live)
