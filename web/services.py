"""What the pages are given by whoever starts them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, cast

from flask import current_app, g

from engine.clock import Clock
from engine.library import DiagramSet, Library
from engine.service import Engine
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

    def print_document(self, document: Mapping[str, Any], case: Mapping[str, Any], organisation: str) -> bytes:
        """Return a document as PDF."""


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
