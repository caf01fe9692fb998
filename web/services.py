"""What the pages are given by whoever starts them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, cast

from flask import current_app, g

from engine.clock import Clock
from engine.library import DiagramSet, Library
from engine.service import Engine
from engine.signers import Place
from engine.steps import Person
from storage.database import Database
from storage.reading import papers


class HashCost(Protocol):
    """What a password hash costs."""

    @property
    def time(self) -> int:
        """Passes."""

    @property
    def memory_kib(self) -> int:
        """Memory."""

    @property
    def parallelism(self) -> int:
        """Threads."""


class Settings(Protocol):
    """The settings that pages read."""

    @property
    def secret_key(self) -> str:
        """The key that signs sessions."""

    @property
    def is_behind_https(self) -> bool:
        """Whether people reach the pages by https only."""

    @property
    def upload_bytes(self) -> int:
        """Greatest size of one upload."""

    @property
    def argon2(self) -> HashCost:
        """The cost of a password."""

    @property
    def sign_in_limit(self) -> str:
        """Failed attempts to sign in, for each address and login."""

    @property
    def public_limit(self) -> str:
        """How often one address may ask for certificates without signing in."""


class Composed(Protocol):
    """A document ready to be set."""

    def pdf(self) -> bytes:
        """Set it as PDF; raises NotPrinted."""

    def pages(self) -> list[bytes]:
        """Set it as pictures of its first pages, PNG; raises NotPrinted."""


class Press(Protocol):
    """Prints documents."""

    def printed(self, document_id: int) -> bytes:
        """Return a document as PDF, always the same; raises NotPrinted."""

    def sheet(self, document_id: int) -> bytes:
        """Return the list of a document's signatures as PDF."""

    def letter(self, letter_id: int) -> bytes:
        """Return a letter on the letterhead as PDF."""

    def preview(self, files: Mapping[str, bytes], name: str, document_id: int) -> Composed:
        """Return a document as a template of a set that is not published would set it."""


class Desk(Protocol):
    """Where documents are signed."""

    def places(self, document_id: int) -> list[Place]:
        """Return the places for signatures under a document."""

    def sign(self, document_id: int, person: Person, key: bytes | None = None, passphrase: str = "") -> None:
        """Sign a document for somebody who has just proved who they are; raises RuleRefused."""


class Finding(Protocol):
    """One comparison of what is kept with what it must be."""

    @property
    def what(self) -> str:
        """What was compared: content, issued, pdf, printed, signature, key."""

    @property
    def who(self) -> str:
        """Who signed."""

    @property
    def kept(self) -> str:
        """What was noted at the time."""

    @property
    def seen(self) -> str:
        """What is computed now."""

    @property
    def holds(self) -> bool:
        """Whether both agree."""

    @property
    def note(self) -> str:
        """`trusted` or `root unknown` for a key."""


class Evidence(Protocol):
    """Proves documents."""

    def of(self, document_id: int) -> Sequence[Finding]:
        """Return everything that was compared, in the order in which things happened."""


class Services(Protocol):
    """The objects that one process shares between all requests."""

    @property
    def engine(self) -> Engine:
        """Moves cases."""

    @property
    def database(self) -> Database:
        """Remembers."""

    @property
    def library(self) -> Library:
        """Published diagrams by hash."""

    @property
    def clock(self) -> Clock:
        """Tells the time."""

    @property
    def config(self) -> Settings:
        """How this installation is set."""

    @property
    def press(self) -> Press:
        """Prints documents."""

    @property
    def desk(self) -> Desk:
        """Where documents are signed."""

    @property
    def evidence(self) -> Evidence:
        """Proves documents."""

    def in_force(self, versions: Sequence[Mapping[str, Any]], at: datetime) -> dict[str, Any] | None:
        """Return `status`, `since` and `fields` of a certificate in force at a moment, None before its first state."""

    def print_table(self, kind: str, **table: Any) -> bytes:
        """Return a table as a file of this kind (`xlsx`, `pdf`); its parts: see `outside.tables.PrintedTable`."""


def services() -> Services:
    """Return the services of the running application."""
    return cast("Services", current_app.extensions["reglament"])


def current_set() -> DiagramSet | None:
    """Return the set of diagrams with which new cases begin, None while nothing is published; read once a request."""
    if "current_set" not in g:
        with services().database.reading() as connection:
            found = papers.current_set(connection)
        g.current_set = services().library.set(found) if found else None
    current: DiagramSet | None = g.current_set
    return current
