"""Brings the diagrams that come with the program into the database, checked."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from app.wiring import Services
from engine.check import Problem, check_set, context_of
from engine.library import read_folder
from engine.steps import SYSTEM
from storage import sets

log = logging.getLogger(__name__)
FROM_FILES = "files"
"""Note of a publication that the program made from its own folder."""


@dataclass(frozen=True, slots=True)
class NotPublishable(Exception):
    """The diagrams of the folder have errors."""

    problems: Sequence[Problem]


def publish_folder(services: Services) -> str:
    """Publish the folder's diagrams if they are new, and return the hash of the set in force.

    What a person published since stays in force: files of the program never replace a person's work by themselves.
    Raises NotPublishable when the folder's diagrams have errors and nothing is in force yet.
    """
    files = read_folder(services.config.processes)
    with services.database.reading() as connection:
        current = sets.current_publication(connection)
    if current is not None and current["set_hash"] == sets.hash_of(files):
        return str(current["set_hash"])
    if current is not None and current["by"] != SYSTEM.login:
        log.warning("The diagrams in %s differ from those that %s published.", services.config.processes, current["by"])
        return str(current["set_hash"])
    problems = [one for one in check_set(files, context_of(files, services.handlers)) if one.severity == "error"]
    if problems:
        raise NotPublishable(problems)
    return services.engine.publish(files, SYSTEM, FROM_FILES)
