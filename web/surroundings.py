"""What forms need to know of the world when they are drawn: who can be chosen, which uploads are there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import url_for

from engine.library import DiagramSet
from storage.reading import papers, people
from web.confidential import opened
from web.forms.parse import Problem
from web.forms.render import Choice, Field, Painter, Surroundings
from web.forms.schema import Path, Schema
from web.language import language, said, size
from web.services import services


def surroundings(
    diagrams: DiagramSet,
    case_id: int | None,
    *,
    upload_link: Callable[[str], str] | None = None,
    is_outside: bool = False,
) -> Surroundings:
    """Return what a form of this case (None: of a case that has not begun) needs to know.

    `upload_link` gives the address of an upload; people from outside are not told who works here.
    """
    names: dict[str, str] = {}
    link_of = upload_link or (lambda key: url_for("uploads.download", key=key))

    def choose(schema: Schema) -> Sequence[Choice]:
        if is_outside:
            return []
        role = schema.get("x-role")
        with services().database.reading() as connection:
            if role is None:
                rows = people.everybody_active(connection)
            elif diagrams.roles.get(role, {}).get("scope") == "case":
                rows = people.members(connection, case_id, role) if case_id is not None else []
            else:
                rows = people.holders(connection, role)
        return [Choice(value=row["login"], title=row["name"] or row["login"]) for row in rows]

    def name_of(login: str) -> str:
        if login not in names:
            with services().database.reading() as connection:
                names[login] = people.names(connection, [login]).get(login, login)
        return names[login]

    def upload(key: str) -> Choice | None:
        with services().database.reading() as connection:
            row = papers.upload(connection, key)
        if row is None:
            return None
        return Choice(value=key, title=row["filename"], note=size(row["size"]), chosen=True, link=link_of(key))

    return Surroundings(language=language(), translate=said, people=choose, person_name=name_of, upload=upload)


def drawn(
    schema: Schema, values: Mapping[str, Any], around: Surroundings, problems: Mapping[Path, Sequence[str]]
) -> tuple[Field, ...]:
    """Return the fields of a form to be filled in."""
    return Painter(around, problems).fields(schema, values)


def read_only(schema: Schema, values: Mapping[str, Any], around: Surroundings) -> tuple[Field, ...]:
    """Return the fields of a form to be read."""
    return Painter(around, blank_rows=False).fields(schema, values)


def submission_fields(row: Mapping[str, Any]) -> tuple[Field, ...]:
    """Return a submission as it was made, by the version of its form at that time; () for a form without fields.

    Confidential answers are left out for those to whom they are closed; that somebody else sees them is an event.
    """
    diagrams = services().library.set(row["set_hash"])
    form = diagrams.forms.get(row["form"])
    if form is None:
        return ()
    return read_only(form.schema, opened(row, form.schema), surroundings(diagrams, row["case_id"]))


def sentences(problems: Sequence[Problem]) -> dict[Path, list[str]]:
    """Return the problems as sentences in the reader's language, by path; one sentence a field is enough."""
    found: dict[Path, list[str]] = {}
    for problem in problems:
        if problem.path not in found:
            found[problem.path] = [said(problem.template, problem.facts)]
    return found


def summary(fields: Sequence[Field], problems: Mapping[Path, Sequence[str]]) -> list[dict[str, str]]:
    """Return the problems for the list above the form, each with a link to its field where there is one."""
    return [_entry(fields, path, text) for path, texts in problems.items() for text in texts]


def _entry(fields: Sequence[Field], path: Path, text: str) -> dict[str, str]:
    titles: list[str] = []
    found: Field | None = None
    level: Sequence[Field] = fields
    for part in path:
        if isinstance(part, int):
            titles.append(str(part + 1))
            level = found.rows[part] if found and part < len(found.rows) else ()
            continue
        found = next((one for one in level if one.name.rpartition(".")[2] == part), None)
        if found is None:
            return {"anchor": "", "title": "", "text": text}
        titles.append(found.title)
        level = found.children
    if found is None:
        return {"anchor": "", "title": "", "text": text}
    return {"anchor": found.id, "title": ", ".join(titles), "text": text}
