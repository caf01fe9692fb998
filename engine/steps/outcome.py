"""What a step decides: papers, letters, records, people and other cases, stored with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A notification to send; it is stored with the step and sent afterwards."""

    kind: str
    """Machine name (`refusal_notice`), used by scenarios and journals."""
    to: str
    """Name and address as text, or an e-mail address."""
    subject: str
    body: str
    due: date | None = None
    """Last day on which it may be sent."""
    encloses: Sequence[str] = ()
    """Kinds of documents: the newest of each that the case has goes with the letter, confidential ones never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document that the procedure names; the engine numbers, dates, stores and hashes it."""

    kind: str
    """Machine name (`decision_refusal`)."""
    title: str
    fields: Mapping[str, Any]
    """Russian label -> text, number, list of texts, or list of rows (mappings label -> text); in reading order."""
    signers: Sequence[str] = ()
    """Names (with offices) of those who sign."""
    must_sign: Sequence[str] = ()
    """Whose signature a guard may wait for (register `signatures`): logins, and `role:<role>` for whoever acts in a
    role (`role:applicant` for the organisation, `role:head` for the head or who acts for them)."""
    signed_by_actor: bool = False
    """The document puts on paper what the step's person has just decided: completing the step signs it, if that person
    is among `must_sign`. A step that time takes signs nothing."""
    confidential: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A row of a journal or register (`certificates`, `works`, `appeals`); the same key again replaces the fields."""

    journal: str
    key: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """Another case to open in the same transaction."""

    process: str
    data: Mapping[str, Any]
    profile: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a case tells the one that opened it; a case without a parent tells nobody, and nothing is lost by that.

    A case says each message once: the same again changes nothing. It waits until the parent asks for it.
    """

    message: str
    """Name of the message that the parent's diagram waits for, and the key of case data under which it is put there."""
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCase:
    """A case that opens by itself when its day begins, with this case as its parent.

    The same key again replaces a plan that has not opened yet.
    """

    key: str
    """Unique in the installation, by parts from the general to the special: `certificate/KZ.7500/surveillance-1`."""
    process: str
    data: Mapping[str, Any]
    opens_on: date
    profile: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """Another case that has lost its ground: it ends at once, wherever it stands, and its tasks leave the inboxes."""

    number: str
    """Of the case; one that has ended already stays as it is."""
    reason: str
    """A sentence for whoever asks why; it stands in the history of the case that is closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """Somebody who joins a group of this case (`audit_team`, `team_leader`, `decider`)."""

    group: str
    login: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step decides; the engine stores all of it in one transaction.

    `data` holds whole top-level keys of the case data (`{"audit_time": {...}}`), each declared in `writes`.
    `replaces` names groups that are emptied before `participants` join. `cancels` names keys of planned cases, or
    their beginnings (`certificate/KZ.7500/`), that must not open any more; it is done before `plans`. `closes` names
    other cases that end with this step.
    """

    data: Mapping[str, Any] = field(default_factory=dict)
    documents: Sequence[Document] = ()
    letters: Sequence[Letter] = ()
    records: Sequence[Record] = ()
    cases: Sequence[NewCase] = ()
    participants: Sequence[Participant] = ()
    replaces: Sequence[str] = ()
    plans: Sequence[PlannedCase] = ()
    cancels: Sequence[str] = ()
    tells: Sequence[Told] = ()
    closes: Sequence[Closing] = ()
