"""What the pages are given by whoever starts them."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol, cast

from flask import current_app

from engine.clock import Clock
from engine.library import DiagramSet, Library
from engine.service import Engine
from storage.database import Database
from storage.reading import papers


class Settings(Protocol):
    """The settings that pages read."""

    @property
    def secret_key(self) -> str:
        """The key that signs sessions."""

    @property
    def data(self) -> Path:
        """Where the installation keeps its data."""


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


def services() -> Services:
    """Return the services of the running application."""
    return cast("Services", current_app.extensions["reglament"])


def current_set() -> DiagramSet | None:
    """Return the set of diagrams with which new cases begin, None while nothing is published."""
    with services().database.reading() as connection:
        found = papers.current_set(connection)
    return services().library.set(found) if found else None
