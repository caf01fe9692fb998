"""One step of one case while it is being taken: what is collected until it is stored at once (engine.commit)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from engine.live import LiveCase
from engine.steps import Binding, Closing, NewCase, Person, TryAgain, people_by_login
from storage import registers
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
            self._people = people_by_login(registers.people(self.connection))
        return self._people.get(login) or Person(login=login, name=login)

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
