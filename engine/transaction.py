"""The transaction of one command: one writer at a time, taken once more when somebody was faster, refusals noted."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from engine import links
from engine.clock import Clock
from engine.commit import VersionConflict
from engine.errors import EngineError, Stale
from engine.live import LiveCase, LiveCases
from engine.ongoing import OngoingStep
from engine.steps import Binding, Person
from storage import steps as write
from storage.chain import Event, append
from storage.database import Connection, Database, Locked
from storage.instants import to_text

Answer = TypeVar("Answer")


@dataclass(slots=True, kw_only=True)
class Transaction:
    """All that one command works with: the open connection, who asks, the moment, and the cases in memory."""

    connection: Connection
    actor: Person
    now: datetime
    cases: LiveCases
    handlers: Mapping[str, Binding]
    moved: set[int] = field(default_factory=set)
    """Cases that were changed in memory; they must not outlive a rollback."""
    has_post: bool = False
    """Whether a message may have become deliverable; the database knows, this only saves asking it."""

    @property
    def at(self) -> str:
        """`now` as the database keeps it."""
        return to_text(self.now)

    def step(self, live: LiveCase) -> OngoingStep:
        """Begin a step of a case."""
        return OngoingStep(
            live=live, connection=self.connection, actor=self.actor, now=self.now, handlers=self.handlers
        )

    def look_at(self, case_id: int) -> LiveCase:
        """Return a case that the command does not change; raises NotFound."""
        live = self.cases.take(self.connection, case_id)
        self.cases.put_back(live)
        return live


class Writer:
    """Carries out commands, each in one transaction. One object serves all threads of a process."""

    def __init__(self, database: Database, cases: LiveCases, handlers: Mapping[str, Binding], clock: Clock) -> None:
        self._database = database
        self._cases = cases
        self.handlers = handlers
        self.clock = clock
        # SQLite lets one writer in at a time and makes the others poll; a lock of our own queues them fairly.
        self._turn = threading.RLock()

    def carry_out(
        self, command: Callable[[Transaction], Answer], actor: Person, task_id: str | None
    ) -> tuple[Answer, bool]:
        """Return what the command answers, committed, and whether it left post to deliver.

        A refusal changes nothing but the chain of events, which notes the attempt at the task. Raises Stale when the
        case was moved by another process twice.
        """
        try:
            try:
                return self._once(command, actor)
            except VersionConflict:
                # Another process moved the case; what it left is read anew, once.
                return self._once(command, actor)
        except VersionConflict as error:
            raise Stale(task="", by="", at="") from error
        except EngineError as error:
            self._note_refusal(error, actor, task_id)
            raise

    @contextmanager
    def writing(self, actor: Person) -> Iterator[Transaction]:
        """Open a transaction, one thread at a time; raises Locked after as long as one writer may wait.

        Whoever queues here must not wait in turn for a database that somebody else holds, each a whole term.
        """
        if not self._turn.acquire(timeout=self._database.busy_seconds):
            raise Locked(self._database.place)
        moved: set[int] = set()
        try:
            with self._database.writing() as connection:
                yield Transaction(
                    connection=connection,
                    actor=actor,
                    now=self.clock.now(),
                    cases=self._cases,
                    handlers=self.handlers,
                    moved=moved,
                )
        except BaseException:
            # What was moved is as it would be after a commit that never came, and another process may make another
            # state with the same version.
            self._cases.forget(moved)
            raise
        finally:
            self._turn.release()

    def _once(self, command: Callable[[Transaction], Answer], actor: Person) -> tuple[Answer, bool]:
        with self.writing(actor) as transaction:
            links.demand_open(transaction.connection, actor, transaction.now)
            answer = command(transaction)
        return answer, transaction.has_post

    def _note_refusal(self, error: EngineError, actor: Person, task_id: str | None) -> None:
        if task_id is None:
            return
        with self.writing(actor) as transaction:
            connection = transaction.connection
            row = write.task_with_case(connection, task_id) or write.done_task(connection, task_id)
            if row is None:
                return
            refused = Event(
                type="TaskRefused",
                actor=actor.login,
                at=transaction.at,
                case_id=row["case_id"],
                element=row["element"],
                data={"task": task_id, "code": error.code, "why": str(error)},
            )
            append(connection, [refused])
