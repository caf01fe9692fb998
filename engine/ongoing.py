"""One step of one case while it is being taken: what is collected until it is stored at once (engine.commit)."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine import run
from engine.errors import EngineFault
from engine.live import LiveCase
from engine.steps import (
    Binding,
    Case,
    Closing,
    Document,
    Letter,
    NewCase,
    Outcome,
    Person,
    Record,
    Refused,
    Told,
    TryAgain,
    has_signed,
)
from storage import messages, plans, signatures
from storage import steps as write
from storage.chain import End, Event
from storage.database import Connection
from storage.instants import to_text


class StepFailed(Exception):
    """An element could not be done: the case stops there as an incident, or is tried again after `retry_after`."""

    def __init__(self, element: str, cause: Exception) -> None:
        self.element = element
        self.cause = cause
        self.retry_after: timedelta | None = cause.after if isinstance(cause, TryAgain) else None
        super().__init__(f"{element}: {cause}")


@dataclass(slots=True, kw_only=True)
class OngoingStep:
    """A step being taken. Outcomes are applied to the live case at once; the rows to write pile up here."""

    live: LiveCase
    connection: Connection
    actor: Person
    now: datetime
    handlers: Mapping[str, Binding]
    at: str = ""
    """`now` as the database keeps it."""
    events: list[Event] = field(default_factory=list)
    changed: dict[str, Any] = field(default_factory=dict)
    """Top-level keys of case data that changed."""
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """Table -> rows to insert."""
    records: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    replaced: list[str] = field(default_factory=list)
    passed: list[tuple[str, str]] = field(default_factory=list)
    cases: list[NewCase] = field(default_factory=list)
    closings: list[Closing] = field(default_factory=list)
    fired: set[str] = field(default_factory=set)
    """Ids of timer events that happened in this step."""
    has_post: bool = False
    """Whether the step told something, or began to wait for something that may have been told."""
    has_drafts: bool = False
    is_closing: bool = False
    """Whether the case is closed from outside, so that its deadlines are neither met nor missed."""
    chain_end: End | None = None
    """The end of the chain, if it was read with the task."""
    failure: StepFailed | None = None
    task_id: str | None = None
    """The task that a person completes by this step, None where nobody does."""
    role: str = ""
    """The role in which they do."""
    via: str = ""
    """How: empty, `link` (by a personal link) or `on_behalf` (for somebody of that role)."""
    signatures: list[dict[str, Any]] = field(default_factory=list)
    """Signatures that the step gives; each names its document by `number`, for the document may be of this step too."""
    _people: dict[str, Person] | None = None

    def __post_init__(self) -> None:
        self.at = to_text(self.now)

    def happened(self, event_type: str, element: str | None = None, /, **data: Any) -> None:
        """Note an event."""
        self.events.append(
            Event(type=event_type, actor=self.actor.login, at=self.at, case_id=self.live.id, element=element, data=data)
        )

    def add(self, table: str, row: dict[str, Any]) -> None:
        """Add a row to insert."""
        self.rows.setdefault(table, []).append(row)

    def fold(self, key: str, value: Any) -> None:
        """Put a top-level key into the case's data."""
        self.live.data[key] = value
        self.changed[key] = value

    def join(self, group: str, login: str) -> None:
        """Add somebody to a case group, once."""
        members = self.live.participants.setdefault(group, [])
        if login not in members:
            members.append(login)
            row = {"case_id": self.live.id, "group": group, "login": login, "since": self.at, "until": None}
            self.add("participant", row)
            self.happened("ParticipantJoined", group=group, login=login)

    def person(self, login: str) -> Person:
        """Return somebody by login; a login that is gone keeps its text as name."""
        if self._people is None:
            self._people = {
                row["login"]: Person(login=row["login"], name=row["name"], roles=frozenset(row["roles"]))
                for row in write.people(self.connection)
            }
        return self._people.get(login) or Person(login=login, name=login)

    def view(self) -> Case:
        """Return the case as a handler may see it."""
        live = self.live
        return Case(
            number=live.number,
            process=live.process,
            data=live.data,
            now=self.now.astimezone(live.terms.zone),
            actor=self.actor,
            terms=live.terms,
            participants={
                group: [self.person(login) for login in members] for group, members in live.participants.items()
            },
            registers=self._register,
            parent=self._parent(),
            forms=self._form,
        )

    def advance(self) -> None:
        """Run the process on until it waits; a failure is kept in `failure`, and what was done before it stays."""
        ran = run.Ran()
        try:
            run.advance(self.live.workflow, self._handle, ran)
        except Exception as error:  # noqa: BLE001
            # The edge where anything that goes wrong becomes an incident: the case stops, and nothing is lost.
            self.failure = StepFailed(ran.at_work, error)
            _make_ready_again(self.live)
        self.passed.extend(ran.passed)

    def apply(self, outcome: Outcome, element: str) -> None:
        """Take in what a handler decided."""
        for key, value in outcome.data.items():
            self.fold(key, json.loads(write.to_json(value)))
        for group in outcome.replaces:
            if self.live.participants.pop(group, None):
                self.replaced.append(group)
                self.happened("ParticipantsReplaced", element, group=group)
        for participant in outcome.participants:
            self.join(participant.group, participant.login)
        for document in outcome.documents:
            self._issue(document, element)
        for letter in outcome.letters:
            self._queue(letter, element)
        for record in outcome.records:
            self._record(record, element)
        self.cases.extend(outcome.cases)
        self.closings.extend(outcome.closes)
        self._plan(outcome, element)
        for told in outcome.tells:
            self._tell(told, element)

    def _plan(self, outcome: Outcome, element: str) -> None:
        for key in plans.cancel(self.connection, outcome.cancels, self.at):
            self.happened("PlanCancelled", element, key=key)
        zone = self.live.terms.zone
        rows = [
            {
                "key": planned.key,
                "case_id": self.live.id,
                "process": planned.process,
                "profile": planned.profile,
                "data": write.to_json(dict(planned.data)),
                "opens_at": to_text(datetime.combine(planned.opens_on, time.min, zone)),
                "planned_at": self.at,
                "cancelled_at": None,
            }
            for planned in outcome.plans
        ]
        if rows:
            plans.plan(self.connection, rows)
        for row in rows:
            self.happened("CasePlanned", element, key=row["key"], process=row["process"], opens_at=row["opens_at"])

    def _tell(self, told: Told, element: str) -> None:
        """Leave a message for the case that opened this one; what it said before under this name stands."""
        live = self.live
        if live.parent_id is None:
            return
        data = write.to_json(dict(told.data))
        row = {
            "key": f"{live.number}/{told.message}",
            "message": told.message,
            "from_case_id": live.id,
            "to_case_id": live.parent_id,
            "element": element,
            "data": data,
            "told_at": self.at,
            "status": "waiting",
        }
        if messages.tell(self.connection, row):
            self.has_post = True
            to = write.case_row(self.connection, live.parent_id)
            number = to["number"] if to else ""
            self.happened("MessageTold", element, message=told.message, number=number, data=json.loads(data))

    def _handle(self, task: Task) -> None:
        spec = task.task_spec
        binding = self.handlers.get(spec.operation_name)
        if binding is None or binding.kind != "step":
            raise EngineFault(f"There is no step {spec.operation_name!r} for {spec.bpmn_id}.")
        parameters = {name: ast.literal_eval(given["value"]) for name, given in spec.operation_params.items()}
        try:
            outcome: Outcome = binding.call(self.view(), **parameters)
        except Refused as refused:
            self.happened("StepRefused", spec.bpmn_id, code=refused.code, why=str(refused))
            raise
        undeclared = set(outcome.data) - {path.split(".")[0] for path in binding.writes}
        if undeclared:
            raise EngineFault(f"{binding.name} wrote {sorted(undeclared)}, which its `writes` does not declare.")
        untold = {told.message for told in outcome.tells} - {path.split(".")[0] for path in binding.tells}
        if untold:
            raise EngineFault(f"{binding.name} told {sorted(untold)}, which its `tells` does not declare.")
        self.apply(outcome, spec.bpmn_id)
        self.happened("StepDone", spec.bpmn_id, handler=binding.name, wrote=dict(outcome.data))

    def _register(self, name: str) -> list[Mapping[str, Any]]:
        if name.startswith("tables/"):
            return list(self.live.diagrams.rows(name))
        if name.startswith("journals/"):
            return list(write.journal(self.connection, name.removeprefix("journals/")))
        if name == "role":
            roles = self.live.diagrams.roles
            return [{"role": role, "stand_in": one.get("stand_in", "").split()} for role, one in roles.items()]
        if name == "person":
            return list(write.people(self.connection))
        if name == "open_cases":
            return list(write.open_cases(self.connection))
        if name == "documents":
            return [*signatures.documents(self.connection, self.live.id), *self._issued()]
        if name == "signatures":
            return [*signatures.register(self.connection, self.live.id), *self.signatures]
        return list(write.register(self.connection, name))

    def _issued(self) -> list[Mapping[str, Any]]:
        """The documents of this very step, which no row holds yet."""
        rows = self.rows.get("document", [])
        seen = ("kind", "number", "title", "at")
        return [{**{key: row[key] for key in seen}, "must_sign": json.loads(row["must_sign"])} for row in rows]

    def _form(self, stem: str) -> Mapping[str, Any]:
        form = self.live.diagrams.forms.get(f"{stem}.json")
        return form.schema if form else {}

    def _parent(self) -> Mapping[str, Any] | None:
        if self.live.parent_id is None:
            return None
        row = write.case_row(self.connection, self.live.parent_id)
        data = write.case_data(self.connection, self.live.parent_id)
        return {**data, "_number": row["number"] if row else ""}

    def _issue(self, document: Document, element: str) -> None:
        self.live.documents += 1
        fields = write.to_json(dict(document.fields))
        row = {
            "case_id": self.live.id,
            "kind": document.kind,
            "number": f"{self.live.number}/{self.live.documents}",
            "title": document.title,
            "fields": fields,
            "signers": write.to_json(list(document.signers)),
            "must_sign": write.to_json(list(document.must_sign)),
            "confidential": document.confidential,
            "element": element,
            "at": self.at,
            "by": self.actor.login,
            "sha256": write.sha256_of(fields),
        }
        self.add("document", row)
        self.happened("DocumentIssued", element, kind=row["kind"], number=row["number"], sha256=row["sha256"])
        own = {"login": self.actor.login, "role": self.role, "via": self.via}
        if document.signed_by_actor and self.task_id and any(has_signed(one, own) for one in document.must_sign):
            offices = dict(reversed([title.split(", ", 1) for title in document.signers if ", " in title]))
            self.sign(row, element, office=offices.get(self.actor.name, ""))

    def sign(self, paper: Mapping[str, Any], element: str, *, office: str, scans: Sequence[str] = ()) -> None:
        """Sign a document as the step's person, by the hash of its contents; `scans` are hashes of what proves it."""
        row = {
            "kind": "step",
            "number": paper["number"],
            "login": self.actor.login,
            "name": self.actor.name,
            "office": office,
            "role": self.role,
            "via": self.via,
            "task_id": self.task_id,
            "at": self.at,
            "sha256": paper["sha256"],
        }
        self.signatures.append(row)
        told = ("number", "login", "name", "office", "role", "via", "kind", "sha256")
        data = {name: row[name] for name in told if row[name]}
        proof = {"scans": list(scans)} if scans else {}
        self.happened("DocumentSigned", element, document_kind=paper["kind"], title=paper["title"], **data, **proof)

    def _enclosed(self, letter: Letter) -> list[str]:
        """Numbers of the documents that go with a letter: the newest of each kind."""
        if not letter.encloses:
            return []
        newest = {str(row["kind"]): str(row["number"]) for row in self._register("documents")}
        return [newest[kind] for kind in letter.encloses if kind in newest]

    def _queue(self, letter: Letter, element: str) -> None:
        place = f"{self.live.id} {self.live.version} {len(self.events)} {self.at}"
        message_id = f"<{self.live.id}-{write.sha256_of(place)[:24]}@reglament>"
        row = {
            "case_id": self.live.id,
            "kind": letter.kind,
            "addressee": letter.to,
            "subject": letter.subject,
            "body": letter.body,
            "message_id": message_id,
            "due_on": letter.due.isoformat() if letter.due else None,
            "encloses": write.to_json(self._enclosed(letter)),
            "created_at": self.at,
            "next_try_at": self.at,
            "attempts": 0,
        }
        self.add("letter", row)
        self.happened("LetterQueued", element, kind=letter.kind, to=letter.to, subject=letter.subject)

    def _record(self, record: Record, element: str) -> None:
        fields = dict(record.fields)
        self.records[record.journal, record.key] = {
            "journal": record.journal,
            "key": record.key,
            "case_id": self.live.id,
            "fields": write.to_json(fields),
            "at": self.at,
        }
        self.happened("RecordWritten", element, journal=record.journal, key=record.key, fields=fields)


def _make_ready_again(live: LiveCase) -> None:
    # The library marks a gateway whose condition failed as ERROR; ready again, it can be tried when the cause is gone.
    for inner in live.workflow.running():
        for task in inner.tasks.values():
            if task.state == TaskState.ERROR:
                task._set_state(TaskState.READY)
