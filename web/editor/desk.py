"""Drafts over the published set: what lies on the editor's desk, and the set that some of it would make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from engine.diagram import Diagram, read_diagram
from engine.library import SET_FOLDERS, DiagramSet
from engine.xml import UnreadableFile
from storage import maps
from storage.database import Database
from storage.instants import to_text
from web.editor.changes import changes
from web.editor.room import published
from web.language import moment, said
from web.map.order import called_by
from web.services import services
from web.visitor import person


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskFile:
    """A file of the set, of the desk, or of both."""

    path: str
    title: str
    process: str
    """Id of the first process of a diagram, empty for other files."""
    draft: Mapping[str, Any] | None
    is_published: bool
    is_outdated: bool
    """Whether the published file has changed since the draft was begun: publishing the draft would undo that."""
    changes: Sequence[str]
    """What the draft changes, one sentence each."""


def desk(database: Database, diagrams: DiagramSet) -> list[DeskFile]:
    """Return every file that can be edited, diagrams first."""
    with database.reading() as connection:
        drafts = {row["path"]: row for row in maps.drafts(connection)}
        contents = maps.draft_contents(connection)
        outdated = {path for path, row in drafts.items() if _is_outdated(connection, diagrams, path, row)}
    found = []
    for path in sorted({*diagrams.files, *drafts}, key=lambda name: (not name.endswith(".bpmn"), name)):
        process, title = _what_it_is(path, contents.get(path, diagrams.files.get(path, b"")))
        found.append(
            DeskFile(
                path=path,
                title=title,
                process=process,
                draft=drafts.get(path),
                is_published=path in diagrams.files,
                is_outdated=path in outdated,
                changes=changes(path, diagrams.files.get(path), contents[path]) if path in contents else (),
            )
        )
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A diagram with which cases begin, or that nothing calls yet, and those that it calls."""

    top: DeskFile
    called: tuple[DeskFile, ...]


def grouped(files: Sequence[DeskFile], diagrams: DiagramSet, text: str = "") -> list[Group]:
    """Return the diagrams under those that call them, narrowed to the words that are looked for.

    A diagram that several others call stands under each; one that nothing calls stands by itself, after the others.
    """
    by_process = {file.process: file for file in files if file.process}
    words = text.lower().split()

    def fits(file: DeskFile) -> bool:
        return all(word in f"{file.title} {file.process}".lower() for word in words)

    tops = [name for name in diagrams.starting if name in by_process]
    under = {name: called_by(diagrams, name) for name in tops}
    met = {*tops, *(name for names in under.values() for name in names)}
    found = []
    for name in [*tops, *(name for name in by_process if name not in met)]:
        top = by_process[name]
        called = tuple(by_process[one] for one in under.get(name, ()) if one in by_process)
        shown = called if fits(top) else tuple(file for file in called if fits(file))
        if shown or fits(top):
            found.append(Group(top=top, called=shown))
    return found


def is_outdated(database: Database, diagrams: DiagramSet, path: str) -> bool:
    """Whether a draft was begun on a file that has been published anew since."""
    with database.reading() as connection:
        row = maps.draft(connection, path)
        return row is not None and _is_outdated(connection, diagrams, path, row)


def trial_files(database: Database, diagrams: DiagramSet, paths: Sequence[str]) -> dict[str, bytes]:
    """Return the published files with the named drafts in their place."""
    with database.reading() as connection:
        return {**diagrams.files, **maps.draft_contents(connection, paths)}


def path_for(diagrams: DiagramSet, process: str) -> str:
    """Return the path of a process's diagram: the published one, or the one that a new process gets."""
    return diagrams.path_of.get(process, f"{process}.bpmn")


def is_editable(path: str) -> bool:
    """Whether a path is one that a set may hold."""
    folder, _slash, name = path.rpartition("/")
    endings = SET_FOLDERS.get(folder or ".", ())
    stem, dot, ending = name.rpartition(".")
    return f"{dot}{ending}" in endings and bool(stem) and all(sign.isalnum() or sign in "_-." for sign in name)


class KeptMeanwhile(Exception):
    """Somebody else has kept the draft since the page was loaded; `words` says who and when."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self.words = _(
            "Этот черновик тем временем сохранил(а) %(by)s, %(at)s. Скачайте свой вариант и откройте страницу заново.",
            by=row["by"],
            at=moment(row["at"]),
        )
        super().__init__(self.words)


def keep(path: str, content: bytes, *, seen_at: str | None = None) -> str:
    """Keep a draft of the person who asks; returns when, as the database writes it.

    `seen_at` is when the draft was kept that the person saw, empty if they saw none: raises KeptMeanwhile for another.
    """
    at = to_text(services().clock.now())
    with services().database.writing() as connection:
        row = maps.draft(connection, path)
        if seen_at is not None and row is not None and row["at"] != seen_at:
            raise KeptMeanwhile(row)
        base = str(row["base_hash"]) if row else published().hash
        maps.keep_draft(connection, path, content, base_hash=base, at=at, by=person().login)
    return at


def opened(path: str, content: bytes) -> Diagram:
    """Return the model of a diagram that somebody hands in; raises UnreadableFile."""
    return read_diagram(path, content)


def why_unreadable(error: UnreadableFile) -> str:
    """Return in one sentence what is wrong with a file and what to do."""
    return f"{said(error.template, error.facts)} {said(error.cure)}"


def _is_outdated(connection: Any, diagrams: DiagramSet, path: str, row: Mapping[str, Any]) -> bool:
    if row["base_hash"] in (None, diagrams.hash):
        return False
    return maps.file_hash(connection, str(row["base_hash"]), path) != maps.file_hash(connection, diagrams.hash, path)


def _what_it_is(path: str, content: bytes) -> tuple[str, str]:
    if not path.endswith(".bpmn"):
        return "", path
    try:
        process = read_diagram(path, content).processes[0]
    except UnreadableFile:
        return path.removesuffix(".bpmn"), _("не читается")
    return process.id, said(process.name) or process.id
