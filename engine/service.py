"""The engine's commands: everything that can be done to a case, each in one transaction.

A command checks who asks and what they say, lets the process run until it waits again, and stores all of it at once.
A refusal changes nothing but the chain of events, which notes the attempt.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from engine import links, replacing, run, signing
from engine.clock import Clock
from engine.commit import VersionConflict, store
from engine.diagram import Node
from engine.duties import acts_on_behalf, demand, demand_start
from engine.errors import EngineError, InvalidForm, NotFound, NotReady, NotYours, RuleRefused, Stale
from engine.forms import Form, References
from engine.library import DiagramSet, Library
from engine.live import KEPT_CASES, LiveCase, LiveCases, readings_text
from engine.messages import N_
from engine.ongoing import OngoingStep
from engine.state import Saved
from engine.steps import SYSTEM, Binding, Closing, NewCase, Person, Refused
from engine.workflow import LiveWorkflow
from storage import messages, plans, sets
from storage import steps as write
from storage.chain import Event, append
from storage.database import Connection, Database, Locked, StorageError
from storage.instants import from_text, to_text

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")

PUBLISHED_MEANWHILE = N_(
    "Тем временем опубликован другой набор, и эта публикация отменила бы его изменения. Ничего не опубликовано, "
    "черновики на месте: посмотрите, что изменилось, и опубликуйте снова."
)


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
        self.handlers = handlers
        self.clock = clock
        self._live = LiveCases(library, kept_cases)
        # SQLite lets one writer in at a time and makes the others poll; a lock of our own queues them fairly.
        self._writer = threading.RLock()
        self._moved: set[int] = set()
        """Cases that the present transaction has moved."""
        self._has_post = False
        """Whether a message may have become deliverable; the database knows, this only saves asking it."""

    @property
    def restored_cases(self) -> int:
        """How many cases this engine had to build again from their rows since it began."""
        return self._live.restored

    # Commands ------------------------------------------------------------------------------------------------------

    def publish(self, files: Mapping[str, bytes], actor: Person, note: str = "", *, seen: str | None = None) -> str:
        """Publish a set of diagrams with which new cases begin; returns its hash. Running cases keep theirs.

        `seen` is the set that these files were made from: raises Stale if another one is published by now.
        """
        now = self.clock.now()
        with self._writing() as connection:
            if seen is not None and seen != sets.current(connection):
                raise Stale(PUBLISHED_MEANWHILE)
            name = sets.publish(connection, files, at=to_text(now), by=actor.login, note=note)
            published = Event(type="Published", actor=actor.login, at=to_text(now), data={"set": name, "note": note})
            append(connection, [published])
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

        def command(connection: Connection) -> Step:
            answered = self._answered(connection, scoped, actor)
            if answered is not None:
                return answered
            set_hash = self._current(connection)
            diagrams = self.library.set(set_hash)
            if not from_outside or diagrams.profile.get("public", {}).get("process") != process:
                demand_start(process, actor, diagrams)
            wanted = NewCase(process=process, data=values, profile=profile)
            return self._start(connection, set_hash, wanted, actor, readings=readings, key=scoped)

        scoped = _scoped(key, actor, process)
        return self._do(command, actor, None)

    def complete(self, task_id: str, values: Mapping[str, Any], actor: Person, *, key: str | None = None) -> Step:
        """Complete a user task with the values of its form.

        Raises Stale, NotYours, Excluded, Taken, InvalidForm or RuleRefused; each refusal is noted as an event.
        """

        def command(connection: Connection) -> Step:
            row = self._task_row(connection, task_id, scoped, actor)
            if isinstance(row, Step):
                return row
            live = self._live.take_version(connection, row["case_id"], row["version"])
            try:
                self._demand_open(live)
                demand(row, actor, live.participants, live.diagrams)
                step = self._step(live, connection, actor)
                step.has_drafts = bool(row["has_draft"])
                step.chain_end = write.chain_end(row)
                cleaned = self._accept(step, row, values)
                papers = signing.papers_to_sign(step, live.node(row["process"], row["element"]), row, cleaned)
            except EngineError:
                self._live.put_back(live)
                raise
            return self._complete(step, row, cleaned, papers, scoped)

        scoped = _scoped(key, actor, task_id)
        return self._do(command, actor, task_id)

    def claim(self, task_id: str, actor: Person) -> None:
        """Take a task for oneself; raises as `complete` does."""

        def command(connection: Connection) -> None:
            row, live = self._seen_task(connection, task_id)
            demand(row, actor, live.participants, live.diagrams)
            self._assign(connection, row, live, actor, actor.login, "TaskClaimed")

        self._do(command, actor, task_id)

    def release(self, task_id: str, actor: Person) -> None:
        """Give a task back to its role; only who has it may."""

        def command(connection: Connection) -> None:
            row, live = self._seen_task(connection, task_id)
            if row["assignee"] != actor.login or row["reserved_for"]:
                raise NotYours(task=row["name"], role=_assignee(row))
            self._assign(connection, row, live, actor, None, "TaskReleased")

        self._do(command, actor, task_id)

    def hand_over(self, task_id: str, actor: Person, to: Person) -> None:
        """Give a task to somebody who may do it; who has it may, and whoever may do it while nobody has it."""

        def command(connection: Connection) -> None:
            row, live = self._seen_task(connection, task_id)
            if row["reserved_for"]:
                raise NotYours(task=row["name"], role=_assignee(row))
            demand(row, actor, live.participants, live.diagrams)
            demand({**row, "assignee": None}, to, live.participants, live.diagrams)
            self._assign(connection, row, live, actor, to.login, "TaskHandedOver")

        self._do(command, actor, task_id)

    def replace(self, task_id: str, actor: Person, to: Person, reason: str) -> None:
        """Appoint somebody else to a task that is kept for one person; raises what `engine.replacing.replace` does."""

        def command(connection: Connection) -> None:
            row, live = self._seen_task(connection, task_id)
            step = self._step(live, connection, actor)
            # What is changed in memory before the row is written must not outlive a refusal.
            self._moved.add(live.id)
            replacing.replace(step, row, to, reason)
            store(step, {})

        self._do(command, actor, task_id)

    def save_draft(self, task_id: str, values: Mapping[str, Any], actor: Person) -> None:
        """Keep a half-filled form for whoever may complete the task; nothing is checked but who asks."""

        def command(connection: Connection) -> None:
            row, live = self._seen_task(connection, task_id)
            demand(row, actor, live.participants, live.diagrams)
            at = to_text(self.clock.now())
            draft = {"task_id": task_id, "login": actor.login, "values": write.to_json(dict(values)), "at": at}
            write.save_draft(connection, draft)

        self._do(command, actor, None)

    def resume(self, incident_id: int, actor: Person) -> Step:
        """Try the failed element of a stopped case again; raises NotFound when the incident is closed."""

        def command(connection: Connection) -> Step:
            row = write.open_incident(connection, incident_id)
            if row is None:
                raise NotFound(what=f"открытый инцидент {incident_id}")
            live = self._live.take(connection, row["case_id"])
            step = self._step(live, connection, actor)
            write.resolve_incident(connection, incident_id, step.at, actor.login)
            step.happened("IncidentResolved", row["element"], incident=incident_id)
            return self._run_and_store(step)

        return self._do(command, actor, None)

    def fire_timer(self, task_id: str, case_id: int, actor: Person) -> Step | None:
        """Let a due timer happen; None if it waits no longer."""

        def command(connection: Connection) -> Step | None:
            live = self._live.take(connection, case_id)
            task = run.find(live.workflow, UUID(task_id))
            if task_id not in live.timers or task is None or live.status == "incident":
                self._live.put_back(live)
                return None
            step = self._step(live, connection, actor)
            step.fired.add(task_id)
            step.happened("TimerFired", task.task_spec.bpmn_id)
            run.fire(task)
            return self._run_and_store(step)

        return self._do(command, actor, None)

    def deliver(self, message_id: int, actor: Person) -> Step | None:
        """Hand a message to the case that waits for it; None if that is done already, or cannot be done yet.

        A message to a case that has ended is settled as unclaimed, with an event in both cases.
        """

        def command(connection: Connection) -> Step | None:
            row = messages.waiting(connection, message_id)
            if row is None:
                return None
            live = self._live.take(connection, row["to_case_id"])
            step = self._step(live, connection, actor)
            task_id = next((key for key, name in live.awaited.items() if name == row["message"]), None)
            task = run.find(live.workflow, UUID(task_id)) if task_id is not None else None
            if live.status != "open" or task is None:
                self._live.put_back(live)
                if live.status == "ended":
                    _leave_unclaimed(step, row)
                return None
            messages.settle(connection, message_id, "delivered", step.at)
            values = json.loads(row["data"])
            step.fold(row["message"], values)
            facts = {"message": row["message"], "number": row["from_number"], "data": values}
            step.happened("MessageReceived", task.task_spec.bpmn_id, **facts)
            run.fire(task)
            return self._run_and_store(step)

        return self._do(command, actor, None)

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

    def open_planned(self, key: str, actor: Person) -> Step | None:
        """Open a planned case whose day has begun; None if it has been opened or cancelled meanwhile.

        A plan whose data do not fit the start form any more becomes an incident of the case that planned it.
        """

        def command(connection: Connection) -> Step | None:
            row = plans.waiting(connection, key)
            if row is None:
                return None
            origin = self._live.take(connection, row["case_id"])
            self._live.put_back(origin)
            wanted = NewCase(process=row["process"], data=json.loads(row["data"]), profile=row["profile"])
            opened = self._open_child(connection, self._current(connection), wanted, actor, origin)
            plans.mark_opened(connection, key, opened.case_id)
            return opened

        try:
            return self._do(command, actor, None)
        except EngineError as error:
            self._give_up_plan(key, error)
            return None

    # How each is carried out ---------------------------------------------------------------------------------------

    def _do(self, command: Callable[[Connection], Answer], actor: Person, task_id: str | None) -> Answer:
        try:
            try:
                answer = self._once(command, actor)
            except VersionConflict:
                # Another process moved the case; what it left is read anew, once.
                answer = self._once(command, actor)
        except VersionConflict as error:
            raise Stale(task="", by="", at="") from error
        except EngineError as error:
            self._note_refusal(error, actor, task_id)
            raise
        self._see_to_post()
        return answer

    def _see_to_post(self) -> None:
        """Deliver at once what the command told; it is committed, so whatever fails here is left to the worker."""
        if not self._has_post:
            return
        self._has_post = False
        try:
            self.deliver_messages()
        except StorageError as error:
            log.warning("Messages between cases wait for the worker: %s", error)

    def _once(self, command: Callable[[Connection], Answer], actor: Person) -> Answer:
        with self._writing() as connection:
            links.demand_open(connection, actor, self.clock.now())
            return command(connection)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """Give a connection to write by, one thread at a time; raises Locked after as long as one writer may wait.

        Whoever queues here must not wait in turn for a database that somebody else holds, each a whole term.
        """
        if not self._writer.acquire(timeout=self.database.busy_seconds):
            raise Locked(self.database.place)
        try:
            self._moved.clear()
            with self.database.writing() as connection:
                yield connection
        except BaseException:
            # What was moved is as it would be after a commit that never came, and another process may make another
            # state with the same version.
            self._live.forget(self._moved)
            raise
        finally:
            self._writer.release()

    def _note_refusal(self, error: EngineError, actor: Person, task_id: str | None) -> None:
        if task_id is None:
            return
        at = to_text(self.clock.now())
        with self._writing() as connection:
            row = write.task_with_case(connection, task_id) or write.done_task(connection, task_id)
            if row is None:
                return
            refused = Event(
                type="TaskRefused",
                actor=actor.login,
                at=at,
                case_id=row["case_id"],
                element=row["element"],
                data={"task": task_id, "code": error.code, "why": str(error)},
            )
            append(connection, [refused])

    def _step(self, live: LiveCase, connection: Connection, actor: Person) -> OngoingStep:
        return OngoingStep(live=live, connection=connection, actor=actor, now=self.clock.now(), handlers=self.handlers)

    def _start(
        self,
        connection: Connection,
        set_hash: str,
        wanted: NewCase,
        actor: Person,
        *,
        readings: Mapping[str, Any] | None = None,
        key: str | None = None,
        parent: LiveCase | None = None,
    ) -> Step:
        now = self.clock.now()
        live = self._new_live(connection, set_hash, wanted, actor, now, readings, parent)
        step = self._step(live, connection, actor)
        facts = {"process": live.process, "number": live.number, "set": set_hash, "profile": live.profile}
        step.happened(
            "CaseStarted", **facts, **({"readings": json.loads(live.readings)} if live.readings != "{}" else {})
        )
        form = live.diagrams.start_form(live.process)
        if form is not None:
            values = self._valid(step, form, wanted.data, None)
            self._guard(step, live.diagrams.start_event(live.process), values)
            step.fold(form.stem, values)
            self._keep_attachments(step, form, values)
        elif wanted.data:
            step.fold("start", dict(wanted.data))
        live.workflow = LiveWorkflow(
            live.diagrams.specification(live.process).spec,
            live.diagrams.specification(live.process).subprocess_specs,
            live.data,
        )
        start = live.diagrams.start_event(live.process)
        submission = {"task_id": None, "element": start.id, "form": f"{form.stem}.json" if form else ""}
        return self._run_and_store(step, submission=submission, values=wanted.data, key=key, is_start=True)

    def _open_child(
        self, connection: Connection, set_hash: str, wanted: NewCase, actor: Person, parent: LiveCase
    ) -> Step:
        child = self._start(connection, set_hash, wanted, actor, parent=parent)
        data = {"process": wanted.process, "number": child.number}
        at = to_text(self.clock.now())
        append(connection, [Event(type="CaseOpened", actor=actor.login, at=at, case_id=parent.id, data=data)])
        return child

    def _give_up_plan(self, key: str, error: EngineError) -> None:
        at = to_text(self.clock.now())
        with self._writing() as connection:
            row = plans.waiting(connection, key)
            if row is None:
                return
            plans.cancel(connection, [key], at)
            incident = {
                "case_id": row["case_id"],
                "element": f"{row['process']} ({key})",
                "error": f"{error.code}: {error}",
                "trace": "",
                "input": row["data"],
                "at": at,
                "retry_at": None,
            }
            write.insert_rows(connection, "incident", [incident])
            data = {"key": key, "error": incident["error"]}
            append(connection, [Event(type="PlanFailed", actor="system", at=at, case_id=row["case_id"], data=data)])

    def _current(self, connection: Connection) -> str:
        set_hash = sets.current(connection)
        if set_hash is None:
            raise NotFound(what="опубликованные схемы")
        return set_hash

    def _new_live(
        self,
        connection: Connection,
        set_hash: str,
        wanted: NewCase,
        actor: Person,
        now: datetime,
        readings: Mapping[str, Any] | None,
        parent: LiveCase | None,
    ) -> LiveCase:
        diagrams = self.library.set(set_hash)
        diagrams.process(wanted.process)
        settings = diagrams.process_settings(wanted.process)
        profile = wanted.profile or diagrams.default_profile(wanted.process)
        overriding = readings_text(readings) if readings or parent is None else _inherited(parent, diagrams, profile)
        terms = self.library.terms(set_hash, profile, overriding)
        year = now.astimezone(terms.zone).year
        prefix = str(settings.get("prefix", wanted.process[:1].upper()))
        number = f"{prefix}-{year}-{write.next_number(connection, prefix, year):04d}"
        row = {
            "number": number,
            "process": wanted.process,
            "set_hash": set_hash,
            "profile": profile,
            "readings": overriding,
            "status": "open",
            "version": 0,
            "parent_id": parent.id if parent else None,
            "started_at": to_text(now),
            "started_by": actor.login,
        }
        return LiveCase(
            id=write.insert_case(connection, row),
            number=number,
            process=wanted.process,
            profile=profile,
            readings=overriding,
            version=0,
            status="open",
            parent_id=parent.id if parent else None,
            diagrams=diagrams,
            terms=terms,
            workflow=None,  # type: ignore[arg-type]  # made by the caller, once the case data are folded
            saved=Saved(),
        )

    def _complete(
        self,
        step: OngoingStep,
        row: Mapping[str, Any],
        values: dict[str, Any],
        papers: Sequence[Mapping[str, Any]],
        key: str | None,
    ) -> Step:
        live, actor = step.live, step.actor
        node = live.node(row["process"], row["element"])
        on_behalf_of = row["role"] if acts_on_behalf(row, actor, live.participants) else None
        task = run.find(live.workflow, UUID(row["id"]))
        if task is None:
            raise Stale(task=row["name"], by="", at="")
        if row["reserved_for"]:
            own = {**values, **replacing.signed_by(actor, task)}
            step.fold(row["data_key"], [*live.data.get(row["data_key"], []), own])
        else:
            step.fold(row["data_key"], values)
        self._keep_attachments(step, live.diagrams.form(row["form"]), values)
        if "joins" in node.properties:
            step.join(node.properties["joins"], actor.login)
        via = {"via": "link"} if actor.admission is not None else {}
        step.happened(
            "TaskCompleted", node.id, task=row["id"], form=row["form"], on_behalf_of=on_behalf_of, values=values, **via
        )
        signing.act_in(step, row)
        signing.sign(step, node.id, papers)
        ran = run.Ran()
        run.complete_user_task(task, ran)
        step.passed.extend(ran.passed)
        submission = {
            "task_id": row["id"],
            "element": row["element"],
            "form": row["form"],
            "on_behalf_of": on_behalf_of,
        }
        return self._run_and_store(step, submission=submission, values=values, key=key)

    def _run_and_store(
        self,
        step: OngoingStep,
        *,
        submission: Mapping[str, Any] | None = None,
        values: Mapping[str, Any] | None = None,
        key: str | None = None,
        is_start: bool = False,
    ) -> Step:
        live = step.live
        step.advance()
        self._moved.add(live.id)
        # What a case is called may be written by its first steps, not by its start form alone.
        ended = store(step, {"subject": _subject(live)} if is_start else {})
        self._has_post |= step.has_post
        for closing in step.closings:
            self._close(step, closing)
        for wanted in step.cases:
            self._open_child(step.connection, live.diagrams.hash, wanted, step.actor, live)
        answer = Step(case_id=live.id, number=live.number, tasks=tuple(live.open_tasks.values()), ended=ended)
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
        self._live.put_back(live)
        return answer

    def _close(self, by: OngoingStep, closing: Closing) -> None:
        """End another case wherever it stands; what it has done stays, and nothing of it waits any more."""
        row = write.case_of_number(by.connection, closing.number)
        if row is None:
            raise NotFound(what=f"дело {closing.number}")
        if row["status"] == "ended" or row["id"] == by.live.id:
            return
        live = self._live.take(by.connection, row["id"])
        self._moved.add(live.id)
        step = self._step(live, by.connection, by.actor)
        step.has_drafts = step.is_closing = True
        step.happened("CaseClosed", reason=closing.reason, by_case=by.live.number)
        write.resolve_incidents(by.connection, live.id, step.at, by.actor.login)
        run.cancel(live.workflow)
        store(step, {})
        self._live.put_back(live)

    def _accept(self, step: OngoingStep, row: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
        live = step.live
        cleaned = self._valid(step, live.diagrams.form(row["form"]), values, live.id)
        self._guard(step, live.node(row["process"], row["element"]), cleaned)
        return cleaned

    def _guard(self, step: OngoingStep, node: Node, values: Mapping[str, Any]) -> None:
        name = node.properties.get("guard")
        if not name:
            return
        binding = self.handlers.get(name)
        if binding is None or binding.kind != "guard":
            raise NotFound(what=f"проверка {name}")
        try:
            binding.call(step.view(), values)
        except Refused as refused:
            raise RuleRefused(refused.code, refused.template, field=refused.field, **refused.facts) from refused

    def _valid(self, step: OngoingStep, form: Form, values: Mapping[str, Any], case_id: int | None) -> dict[str, Any]:
        cleaned = form.clean(values)
        references = References(
            is_person=lambda login, role: self._is_person(step, login, role),
            is_attachment=lambda key: bool(write.known_attachments(step.connection, [key], case_id, step.actor.login)),
        )
        errors = form.errors(cleaned, references)
        if errors:
            raise InvalidForm(errors)
        return cleaned

    def _is_person(self, step: OngoingStep, login: str, role: str | None) -> bool:
        if role is None or step.live.diagrams.roles.get(role, {}).get("scope") == "case":
            return step.person(login).name != login or login in step.live.participants.get(role or "", ())
        return step.person(login).has_role(role)

    def _keep_attachments(self, step: OngoingStep, form: Form, values: Mapping[str, Any]) -> None:
        keys = form.references(values, "attachment")
        if keys:
            write.keep_attachments(step.connection, step.live.id, keys)

    def _assign(
        self,
        connection: Connection,
        row: Mapping[str, Any],
        live: LiveCase,
        actor: Person,
        assignee: str | None,
        kind: str,
    ) -> None:
        at = to_text(self.clock.now())
        write.claim(connection, row["id"], assignee, at if assignee else None)
        event = Event(
            type=kind,
            actor=actor.login,
            at=at,
            case_id=row["case_id"],
            element=row["element"],
            data={"task": row["id"], "assignee": assignee},
        )
        append(connection, [event])
        if row["id"] in live.open_tasks:
            live.open_tasks[row["id"]]["assignee"] = assignee

    # What is there -------------------------------------------------------------------------------------------------

    def _task_row(
        self, connection: Connection, task_id: str, key: str | None, actor: Person
    ) -> Mapping[str, Any] | Step:
        row = write.task_with_case(connection, task_id)
        if row is not None:
            return row
        # Looked for only now: while its task is open, a command cannot have been carried out.
        answered = self._answered(connection, key, actor)
        if answered is not None:
            return answered
        raise self._gone(connection, task_id)

    def _seen_task(self, connection: Connection, task_id: str) -> tuple[Mapping[str, Any], LiveCase]:
        row = write.task_with_case(connection, task_id)
        if row is None:
            raise self._gone(connection, task_id)
        live = self._live.take_version(connection, row["case_id"], row["version"])
        self._live.put_back(live)
        self._demand_open(live)
        return row, live

    def _gone(self, connection: Connection, task_id: str) -> EngineError:
        done = write.done_task(connection, task_id)
        if done is None:
            return NotFound(what=f"задача {task_id}")
        return Stale(task=done["element"], by=done["name"] or done["actor"], at=_local(done["at"]))

    def _answered(self, connection: Connection, key: str | None, actor: Person) -> Step | None:
        found = write.answer_of(connection, key) if key else None
        if found is None or found[0] != actor.login:
            return None
        answer = json.loads(found[1])
        live = self._live.take(connection, answer["case_id"])
        self._live.put_back(live)
        return Step(
            case_id=live.id,
            number=live.number,
            tasks=tuple(live.open_tasks.values()),
            ended=live.status == "ended",
            repeated=True,
        )

    def _demand_open(self, live: LiveCase) -> None:
        if live.status == "incident":
            raise NotReady(number=live.number, why="оно остановлено из-за ошибки, её разбирает администратор")
        if live.status == "ended":
            raise NotReady(number=live.number, why="оно завершено")


def _inherited(parent: LiveCase, diagrams: DiagramSet, profile: str) -> str:
    """Return the readings that a case takes over from the one that opened it: those that its own profile knows."""
    known = diagrams.profile.get("profiles", {}).get(profile, {}).get("readings", {})
    return readings_text({name: value for name, value in json.loads(parent.readings).items() if name in known})


def _scoped(key: str | None, actor: Person, what: str) -> str | None:
    """Return a command's key so that it means this person and this process or task alone, whoever else had the same."""
    return f"{actor.login}/{what}/{key}" if key else None


def _leave_unclaimed(step: OngoingStep, row: Mapping[str, Any]) -> None:
    """Settle a message whose case has ended, and say so in the history of both cases."""
    messages.settle(step.connection, row["id"], "unclaimed", step.at)
    said = [(row["to_case_id"], row["from_number"]), (row["from_case_id"], step.live.number)]
    events = [
        Event(
            type="MessageUnclaimed",
            actor=step.actor.login,
            at=step.at,
            case_id=case_id,
            data={"message": row["message"], "number": number},
        )
        for case_id, number in said
    ]
    append(step.connection, events)


def _subject(live: LiveCase) -> str:
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


def _assignee(row: Mapping[str, Any]) -> str:
    return str(row["reserved_for"] or row["assignee"] or row["role"])


def _local(text: str) -> str:
    return from_text(text).strftime("%d.%m.%Y %H:%M UTC")
