"""The engine's commands: everything that can be done to a case, each in one transaction.

A command checks who asks and what they say, lets the process run until it waits again, and stores all of it at once
(`engine.transaction`, `engine.submitting`, `engine.moving`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from engine import appointing, planned, post, run
from engine.clock import Clock
from engine.duties import demand, demand_start
from engine.errors import EngineError, NotFound, Stale
from engine.library import Library
from engine.live import KEPT_CASES, LiveCases
from engine.messages import N_
from engine.moving import Mover
from engine.new_case import current_set
from engine.open_tasks import gone, open_task
from engine.result import Step, first_answer, scoped
from engine.steps import SYSTEM, Binding, NewCase, Person
from engine.submitting import admit, submit
from engine.transaction import Transaction, Writer
from storage import incidents, messages, sets
from storage import steps as write
from storage.chain import Event, append
from storage.database import Database, StorageError

__all__ = ["Engine", "Step"]

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")

PUBLISHED_MEANWHILE = N_(
    "Тем временем опубликован другой набор, и эта публикация отменила бы его изменения. Ничего не опубликовано, "
    "черновики на месте: посмотрите, что изменилось, и опубликуйте снова."
)


class Engine:
    """Moves cases safely. One object serves all threads of a process."""

    def __init__(
        self,
        database: Database,
        library: Library,
        handlers: Mapping[str, Binding],
        clock: Clock,
        *,
        kept_cases: int = KEPT_CASES,
    ) -> None:
        self.database = database
        self.library = library
        self._live = LiveCases(library, kept_cases)
        self._writer = Writer(database, self._live, handlers, clock)
        self._mover = Mover(library)

    @property
    def clock(self) -> Clock:
        """The clock by which each step is dated; stories set one of their own."""
        return self._writer.clock

    @clock.setter
    def clock(self, clock: Clock) -> None:
        self._writer.clock = clock

    @property
    def handlers(self) -> Mapping[str, Binding]:
        """What the service tasks and guards of diagrams are bound to, by name."""
        return self._writer.handlers

    @handlers.setter
    def handlers(self, handlers: Mapping[str, Binding]) -> None:
        self._writer.handlers = handlers

    @property
    def restored_cases(self) -> int:
        """How many cases this engine had to build again from their rows since it began."""
        return self._live.restored

    # Cases begin ---------------------------------------------------------------------------------------------------

    def publish(self, files: Mapping[str, bytes], actor: Person, note: str = "", *, seen: str | None = None) -> str:
        """Publish a set of diagrams with which new cases begin; returns its hash. Running cases keep theirs.

        `seen` is the set that these files were made from: raises Stale if another one is published by now.
        """
        with self._writer.writing(actor) as transaction:
            connection, at = transaction.connection, transaction.at
            if seen is not None and seen != sets.current(connection):
                raise Stale(PUBLISHED_MEANWHILE)
            name = sets.publish(connection, files, at=at, by=actor.login, note=note)
            append(connection, [Event(type="Published", actor=actor.login, at=at, data={"set": name, "note": note})])
        return name

    def start(
        self,
        process: str,
        values: Mapping[str, Any],
        actor: Person,
        *,
        profile: str | None = None,
        readings: Mapping[str, Any] | None = None,
        key: str | None = None,
        from_outside: bool = False,
    ) -> Step:
        """Open a case with the values of its start form.

        Who asks must hold the role of the lane in which the process begins, or come from outside to the one process
        that `[public]` of the profile opens. Raises NotFound for an unknown process, MayNotStart, InvalidForm for
        values that do not fit.
        """

        def command(transaction: Transaction) -> Step:
            answered = first_answer(transaction, own_key)
            if answered is not None:
                return answered
            set_hash = current_set(transaction.connection)
            diagrams = self.library.set(set_hash)
            if not from_outside or diagrams.profile.get("public", {}).get("process") != process:
                demand_start(process, actor, diagrams)
            wanted = NewCase(process=process, data=values, profile=profile)
            return self._mover.open_case(transaction, set_hash, wanted, readings=readings, key=own_key)

        own_key = scoped(key, actor, process)
        return self._do(command, actor)

    def open_planned(self, key: str, actor: Person) -> Step | None:
        """Open a planned case whose day has begun; None if it has been opened or cancelled meanwhile.

        A plan whose data do not fit the start form any more becomes an incident of the case that planned it.
        """
        try:
            return self._do(lambda transaction: planned.open_planned(transaction, self._mover, key), actor)
        except EngineError as error:
            with self._writer.writing(SYSTEM) as transaction:
                planned.give_up(transaction, key, error)
            return None

    # Tasks ---------------------------------------------------------------------------------------------------------

    def complete(self, task_id: str, values: Mapping[str, Any], actor: Person, *, key: str | None = None) -> Step:
        """Complete a user task with the values of its form.

        Raises Stale, NotYours, Excluded, Taken, InvalidForm or RuleRefused; each refusal is noted as an event.
        """

        def command(transaction: Transaction) -> Step:
            row = write.task_with_case(transaction.connection, task_id)
            if row is None:
                # Looked for only now: while its task is open, a command cannot have been carried out.
                answered = first_answer(transaction, own_key)
                if answered is None:
                    raise gone(transaction.connection, task_id)
                return answered
            admitted = admit(transaction, row, values)
            said = submit(admitted)
            return self._mover.move(transaction, admitted.step, submission=said, values=admitted.values, key=own_key)

        own_key = scoped(key, actor, task_id)
        return self._do(command, actor, task_id)

    def claim(self, task_id: str, actor: Person) -> None:
        """Take a task for oneself; raises as `complete` does."""
        self._do(lambda transaction: appointing.claim(transaction, task_id), actor, task_id)

    def release(self, task_id: str, actor: Person) -> None:
        """Give a task back to its role; only who has it may."""
        self._do(lambda transaction: appointing.release(transaction, task_id), actor, task_id)

    def hand_over(self, task_id: str, actor: Person, to: Person) -> None:
        """Give a task to somebody who may do it; who has it may, and whoever may do it while nobody has it."""
        self._do(lambda transaction: appointing.hand_over(transaction, task_id, to), actor, task_id)

    def replace(self, task_id: str, actor: Person, to: Person, reason: str) -> None:
        """Appoint somebody else to a task that is kept for one person; raises what `engine.replacing.replace` does."""
        self._do(lambda transaction: appointing.replace(transaction, task_id, to, reason), actor, task_id)

    def save_draft(self, task_id: str, values: Mapping[str, Any], actor: Person) -> None:
        """Keep a half-filled form for whoever may complete the task; nothing is checked but who asks."""

        def command(transaction: Transaction) -> None:
            row, live = open_task(transaction, task_id)
            demand(row, actor, live.participants, live.diagrams)
            text = write.to_json(dict(values))
            draft = {"task_id": task_id, "login": actor.login, "values": text, "at": transaction.at}
            write.save_draft(transaction.connection, draft)

        self._do(command, actor)

    # What time and failure bring about -----------------------------------------------------------------------------

    def resume(self, incident_id: int, actor: Person) -> Step:
        """Try the failed element of a stopped case again; raises NotFound when the incident is closed."""

        def command(transaction: Transaction) -> Step:
            row = incidents.open_incident(transaction.connection, incident_id)
            if row is None:
                raise NotFound(what=f"открытый инцидент {incident_id}")
            step = transaction.step(self._live.take(transaction.connection, row["case_id"]))
            incidents.resolve_incident(transaction.connection, incident_id, step.at, actor.login)
            step.happened("IncidentResolved", row["element"], incident=incident_id)
            return self._mover.move(transaction, step)

        return self._do(command, actor)

    def fire_timer(self, task_id: str, case_id: int, actor: Person) -> Step | None:
        """Let a due timer happen; None if it waits no longer."""

        def command(transaction: Transaction) -> Step | None:
            live = self._live.take(transaction.connection, case_id)
            task = run.find(live.workflow, UUID(task_id))
            if task_id not in live.timers or task is None or live.status == "incident":
                self._live.put_back(live)
                return None
            step = transaction.step(live)
            step.fired.add(task_id)
            step.happened("TimerFired", task.task_spec.bpmn_id)
            run.fire(task)
            return self._mover.move(transaction, step)

        return self._do(command, actor)

    # Messages between cases ----------------------------------------------------------------------------------------

    def deliver(self, message_id: int, actor: Person) -> Step | None:
        """Hand a message to the case that waits for it; None if that is done already, or cannot be done yet.

        A message to a case that has ended is settled as unclaimed, with an event in both cases.
        """

        def command(transaction: Transaction) -> Step | None:
            step = post.receive(transaction, message_id)
            return self._mover.move(transaction, step) if step is not None else None

        return self._do(command, actor)

    def deliver_messages(self) -> int:
        """Hand over every message that a case waits for now; returns how many were settled or brought a case on.

        A message that cannot be delivered now stays, and holds up no other.
        """
        with self.database.reading() as connection:
            due = messages.deliverable(connection)
        for message_id in due:
            try:
                self.deliver(message_id, SYSTEM)
            except EngineError as error:
                log.warning("Message %s could not be delivered, trying again: %s", message_id, error)
        return len(due)

    def _do(self, command: Callable[[Transaction], Answer], actor: Person, task_id: str | None = None) -> Answer:
        answer, has_post = self._writer.carry_out(command, actor, task_id)
        if has_post:
            # The command is committed, so whatever fails here is left to the worker.
            try:
                self.deliver_messages()
            except StorageError as error:
                log.warning("Messages between cases wait for the worker: %s", error)
        return answer
