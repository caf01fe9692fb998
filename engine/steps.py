"""The words in which a handler speaks to the engine: what it is given, what it returns, how it says no.

This is all that a handler may import from the engine. It holds values only: no SpiffWorkflow, no database, no clock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Protocol

from engine.wording import field_at, in_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """What a personal link admits its holder to: the tasks of one outside role in one case, and nothing else."""

    case_id: int
    role: str
    token_hash: str
    """By which the engine finds the link again, to see that it is still open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who acts: a member of staff, an outside party with an account or a link, or the system itself."""

    login: str
    name: str
    roles: frozenset[str] = frozenset()
    admission: Admission | None = None
    """Set for somebody without an account, who came by a personal link."""

    def has_role(self, role: str) -> bool:
        """Whether the person holds the organisation role."""
        return role in self.roles


SYSTEM = Person(login="system", name="Система")
"""The actor of everything that time alone causes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One computed deadline with everything that is needed to explain it later."""

    term: str
    title: str
    start: date
    due: datetime
    """The last instant that is still in time, aware."""
    duration: str
    """ISO 8601."""
    day_type: str
    roll: str
    calendar: str
    """Name and version of the calendar used, as `KZ@<hash>`; empty for plain calendar days without a roll."""
    reading: str
    source: str
    confidence: str

    @property
    def day(self) -> date:
        """The last day, in the zone of the profile."""
        return self.due.date()


class Terms(Protocol):
    """The profile of one case: its readings and its terms, with the calendar behind them."""

    @property
    def profile(self) -> str:
        """Name of the profile."""

    @property
    def zone(self) -> tzinfo:
        """The zone in which its days are counted."""

    def reading(self, key: str) -> Any:
        """Return the value of the reading; raises KeyError with the nearest names."""

    def start(self, term: str) -> str:
        """Return from what a term is counted: a path to a date in case data, `task` or `case`; raises KeyError."""

    def due(self, term: str, start: date | datetime) -> Due:
        """Compute the deadline of a term; raises KeyError for an unknown term."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a handler may know: the case's data and people, the profile, the registers, `now` and `actor`.

    `case["application.sites"]` raises KeyError for a missing path, `case.get(path, default)` does not.
    """

    number: str
    process: str
    data: Mapping[str, Any]
    now: datetime
    """Aware, in the profile's zone."""
    actor: Person
    terms: Terms
    participants: Mapping[str, Sequence[Person]] = field(default_factory=dict)
    """Case group -> its members, in the order in which they joined."""
    registers: Callable[[str], Sequence[Mapping[str, Any]]] = lambda name: ()
    """Register name (`competence`, `tie`, `accreditation_scope`, `training`, `person`, `role`) -> its rows.

    `tables/<stem>` gives the rows of `processes/tables/<stem>.csv` as the case's diagram set holds it (all text).
    `journals/<name>` gives the rows of a journal over all cases, oldest first: the fields of each `Record`, its key
    under `_key` and the number of its case under `_case`. `documents` gives this case's documents (kind, number, title,
    must_sign, at), `signatures` the signatures under them (kind, number, login, role, via, at, sha256; `has_signed`
    reads them), each oldest first.
    `open_cases` gives the cases that have not ended (number, process), oldest first."""
    parent: Mapping[str, Any] | None = None
    """Data of the case that opened this one, if any (`number` under key `_number`)."""
    forms: Callable[[str], Mapping[str, Any]] = lambda stem: {}
    """Form (`team`) -> its schema in the case's set, an empty one for a form that the set does not have."""

    def __getitem__(self, path: str) -> Any:
        found = _walk(self.data, path)
        if found is _MISSING:
            raise KeyError(path)
        return found

    def get(self, path: str, default: Any = None) -> Any:
        """Return the value at a dotted path, or the default."""
        return value_at(self.data, path, default)

    def words(self, path: str) -> Any:
        """Return what was entered at a path of a form (`team.factors`) in the form's words, for papers and letters.

        Options become their titles, logins names, a fieldset title -> value. Raises KeyError for a missing path.
        """
        return self.said(path, self[path])

    def said(self, path: str, value: Any) -> Any:
        """Return any value of the form's field at a path, in the form's words."""
        stem, *fields = path.split(".")
        return in_words(field_at(self.forms(stem), fields), value, self._name)

    @property
    def today(self) -> date:
        """The date in the profile's zone."""
        return self.now.date()

    def _name(self, login: str) -> str:
        return next((str(row["name"]) for row in self.registers("person") if row.get("login") == login), login)

    def members(self, group: str) -> tuple[str, ...]:
        """Logins of a case group, in the order in which they joined."""
        return tuple(person.login for person in self.participants.get(group, ()))

    def register(self, name: str, **equal: Any) -> list[Mapping[str, Any]]:
        """Rows of a register in which every named field equals the given value."""
        return [row for row in self.registers(name) if all(row.get(key) == value for key, value in equal.items())]


def value_at(data: Mapping[str, Any], path: str, default: Any = None) -> Any:
    """Return the value at a dotted path of case data, or the default."""
    found = _walk(data, path)
    return default if found is _MISSING else found


_MISSING = object()


def _walk(data: Any, path: str) -> Any:
    for part in path.split("."):
        if not isinstance(data, Mapping) or part not in data:
            return _MISSING
        data = data[part]
    return data


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


ROLE = "role:"
"""Begins the entry of `Document.must_sign` that means a role and not a login."""
ON_BEHALF = "on_behalf"
"""`via` of a signature that somebody of the body entered for the one who signed."""


def has_signed(wanted: str, signature: Mapping[str, Any]) -> bool:
    """Whether a signature (`login`, `role`, `via`) is the one that an entry of `must_sign` waits for.

    What somebody enters for a role signs for that role, never for the one who enters it.

    >>> has_signed("head", {"login": "head", "role": "head", "via": ""})
    True
    >>> entered = {"login": "officer", "role": "applicant", "via": "on_behalf"}
    >>> has_signed("officer", entered), has_signed("role:applicant", entered)
    (False, True)
    """
    if wanted.startswith(ROLE):
        return bool(signature["role"] == wanted.removeprefix(ROLE))
    return bool(signature["login"] == wanted and signature["via"] != ON_BEHALF)


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


class Refused(Exception):
    """A rule says no. In a guard the person is told and nothing is stored; in a step the diagram's error path is taken.

    `template` is a Russian sentence with named places, `facts` fill them; `field` is the form field it is about.
    """

    def __init__(self, code: str, template: str, *, field: object = None, **facts: object) -> None:
        self.code = code
        self.template = template
        self.field = None if field is None else str(field)
        self.facts = facts
        super().__init__(template.format(**facts) if facts else template)


class TryAgain(Exception):
    """The step cannot be done now and should be tried again after a while."""

    def __init__(self, after: timedelta, why: str) -> None:
        self.after = after
        self.why = why
        super().__init__(why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """A handler as the registry knows it."""

    name: str
    """`module.function`, as a diagram writes it."""
    kind: str
    """`step` (service tasks) or `guard` (user tasks)."""
    call: Callable[..., Any]
    writes: tuple[str, ...]
    refuses: tuple[str, ...]
    requirements: tuple[str, ...]
    tells: tuple[str, ...] = ()
    """Dotted paths that the step may tell the parent: message and field (`appeal_result.outcome`)."""
    makes: tuple[str, ...] = ()
    """Kinds of the documents that it may make, as far as tasks sign them (property `signs`)."""


def step(
    *,
    writes: Sequence[str] = (),
    refuses: Sequence[str] = (),
    requirements: Sequence[str] = (),
    tells: Sequence[str] = (),
    makes: Sequence[str] = (),
) -> Callable[[Callable[..., Outcome]], Callable[..., Outcome]]:
    """Mark a function as the handler of service tasks: `(case, **parameters) -> Outcome`.

    `makes` names the kinds of those documents that a later task signs (its property `signs`).
    """

    def mark(function: Callable[..., Outcome]) -> Callable[..., Outcome]:
        _bind(function, "step", writes, refuses, requirements, tells, makes)
        return function

    return mark


def guard(
    *, refuses: Sequence[str] = (), requirements: Sequence[str] = ()
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Mark a function as the guard of user tasks: `(case, values) -> None`, raising Refused."""

    def mark(function: Callable[..., None]) -> Callable[..., None]:
        _bind(function, "guard", (), refuses, requirements)
        return function

    return mark


def _bind(
    function: Callable[..., Any],
    kind: str,
    writes: Sequence[str],
    refuses: Sequence[str],
    requirements: Sequence[str],
    tells: Sequence[str] = (),
    makes: Sequence[str] = (),
) -> None:
    binding = Binding(
        name=f"{function.__module__.rpartition('.')[2]}.{function.__name__}",
        kind=kind,
        call=function,
        writes=tuple(writes),
        refuses=tuple(refuses),
        requirements=tuple(requirements),
        tells=tuple(tells),
        makes=tuple(makes),
    )
    function.__dict__["__reglament__"] = binding
