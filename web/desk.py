"""Everything that lies on the desk when a task is opened: its help, its deadline, its case, what was said before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from werkzeug.exceptions import NotFound

from engine.confidentiality import Clearance
from engine.diagram import Node
from engine.duties import acts_on_behalf, is_taken, obstacle
from engine.errors import EngineError, Taken
from engine.library import DiagramSet
from storage import signatures
from storage.reading import access, cases, inbox, papers
from web.confidential import bare_data, clearance_in, note_look, opened
from web.flags import Flag, flags_of
from web.forms.render import Field
from web.forms.schema import Schema, properties
from web.language import language
from web.sections import section_words
from web.services import services
from web.surroundings import submission_fields
from web.visitor import person, viewer


@dataclass(frozen=True)
class Desk:
    """An open task with what its page shows."""

    task: Mapping[str, Any]
    diagrams: DiagramSet
    node: Node | None
    schema: Schema
    no: EngineError | None
    """Why this person cannot complete the task, None if they can."""
    data: Mapping[str, Any]
    deadline: Mapping[str, Any] | None
    earlier: list[dict[str, Any]]
    """Submissions of the same task before, newest first."""
    start: dict[str, Any] | None
    """The form with which the case began."""
    draft: Mapping[str, Any] | None
    for_outsider: bool
    """Whether this person enters the task for somebody from outside, and may add a scan of what that one signed."""
    papers: list[dict[str, Any]]
    """The documents that completing the task signs, each with `is_open`: whether the person may read it."""
    is_revision: bool
    """Whether another step filled in this form first, and the task is to put it right."""
    flags: list[Flag]
    """What stands above the task: warnings of the case, and cases that it refers to."""

    @property
    def requirements(self) -> list[Mapping[str, str]]:
        """The requirements that the task fulfils, each with `id`, `section` and `requirement`."""
        named = self.node.requirements if self.node else ()
        rows = [self.diagrams.requirement(one, language()) for one in named]
        return [{**row, "section": section_words(row["section"])} for row in rows]

    @cached_property
    def about(self) -> tuple[Field, ...]:
        """The start form, to be read."""
        return submission_fields(self.start) if self.start else ()

    @cached_property
    def told(self) -> list[tuple[dict[str, Any], tuple[Field, ...]]]:
        """Each earlier submission with its fields, to be read."""
        return [(row, submission_fields(row)) for row in self.earlier[:5]]

    @property
    def shown(self) -> dict[str, Any]:
        """What the form only shows (`readOnly`), as the case has it now."""
        found = prefilled(self.schema, self.data)
        return {name: found[name] for name, prop in properties(self.schema) if prop.get("readOnly") and name in found}

    def first_values(self, earlier_id: str) -> dict[str, Any]:
        """Return what the form begins with: an earlier submission if asked for, else the draft, else case data."""
        for row in self.earlier:
            if str(row["id"]) == earlier_id:
                return opened(row, self.schema)
        if self.draft:
            return dict(self.draft["values"])
        current = self.data.get(self.task["data_key"]) if self.is_revision else None
        return dict(current) if isinstance(current, Mapping) else prefilled(self.schema, self.data)


def schema_of(task: dict[str, Any]) -> Schema:
    """Return the form of an open task and nothing else; raises NotFound as `lay` does."""
    with services().database.reading() as connection:
        if not access.is_visible(connection, viewer(), task["case_id"]):
            raise NotFound
    form = services().library.set(task["case_set_hash"]).forms.get(task["form"])
    return form.schema if form else {"type": "object", "properties": {}}


def lay(task: dict[str, Any]) -> Desk:
    """Return the desk of an open task; raises NotFound for a case that the person must not know of."""
    case_id = task["case_id"]
    diagrams = services().library.set(task["case_set_hash"])
    form = diagrams.forms.get(task["form"])
    process = diagrams.processes.get(task["process"])
    with services().database.reading() as connection:
        if not access.is_visible(connection, viewer(), case_id):
            raise NotFound
        groups = groups_of(cases.participants(connection, case_id))
        submissions = cases.submissions(connection, case_id)
        deadline = cases.deadline_of_task(connection, case_id, task["id"])
        data = cases.data(connection, case_id)
        draft = papers.draft_of(connection, task["id"], person().login)
    no = _why_not(task, groups, diagrams)
    schema = form.schema if form else {"type": "object", "properties": {}}
    node = process.node.get(task["element"]) if process else None
    return Desk(
        task=task,
        diagrams=diagrams,
        node=node,
        schema=schema,
        no=no,
        data=_open_data(task, diagrams, schema, data),
        deadline=deadline,
        earlier=[
            row
            for row in submissions
            if row["element"] == task["element"] and not task["reserved_for"] and viewer().may_read(author=row["actor"])
        ],
        start=next((row for row in submissions if row["task_id"] is None), None),
        draft=draft,
        for_outsider=no is None and task["role"] in diagrams.outside and acts_on_behalf(task, person(), groups),
        papers=papers_to_sign(node, case_id, clearance_in(case_id)),
        flags=flags_of(diagrams, task["case_process"], data) if viewer().may_read() else [],
        is_revision=any(row["form"] == task["form"] and row["element"] != task["element"] for row in submissions),
    )


def _open_data(
    task: Mapping[str, Any], diagrams: DiagramSet, schema: Schema, data: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Return case data as far as the person may read them; to be shown confidential ones in a form is a look."""
    bare = bare_data(diagrams, data)
    if bare == data:
        return data
    if not clearance_in(task["case_id"]).is_cleared:
        return bare
    if prefilled(schema, data) != prefilled(schema, bare) or data.get(task["data_key"]) != bare.get(task["data_key"]):
        note_look(task["case_id"], str(schema.get("title", task["name"])), task=task["id"])
    return data


def papers_to_sign(node: Node | None, case_id: int, clear: Clearance) -> list[dict[str, Any]]:
    """Return the documents that completing a task signs, each with `is_open`: whether the person may read it."""
    kinds = node.properties.get("signs", "").split() if node else []
    if not kinds:
        return []
    with services().database.reading() as connection:
        rows = signatures.newest(connection, case_id, kinds)
    return [{**row, "is_open": clear.opens_document(row)} for row in rows]


def may_do(task: dict[str, Any]) -> bool:
    """Whether the person may do an open task now."""
    with services().database.reading() as connection:
        groups = groups_of(cases.participants(connection, task["case_id"]))
    return _why_not(task, groups, services().library.set(task["case_set_hash"])) is None


def _why_not(task: Mapping[str, Any], groups: dict[str, list[str]], diagrams: DiagramSet) -> EngineError | None:
    found = obstacle(task, person(), groups, diagrams)
    if found is None and is_taken(task, person(), groups):
        return Taken(task=task["name"], by=task["assignee_name"] or task["assignee"])
    return found


def groups_of(participants: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Return case group -> its present members."""
    groups: dict[str, list[str]] = {}
    for row in participants:
        if row["until"] is None:
            groups.setdefault(row["group"], []).append(row["login"])
    return groups


def next_task(case_id: int) -> str | None:
    """Return the person's next task in a case: one they have, else a free one of their own role.

    What they may only enter for somebody else waits for that person's answer, so it is not put before them.
    """
    who = person()
    with services().database.reading() as connection:
        set_hash = access.set_if_visible(connection, viewer(), case_id)
        rows = inbox.tasks_of_case(connection, case_id) if set_hash else []
        groups = groups_of(cases.participants(connection, case_id)) if rows else {}
    if set_hash is None or not rows:
        return None
    diagrams = services().library.set(set_hash)
    mine = [row for row in rows if row["assignee"] == who.login]
    free = [
        row
        for row in rows
        if not row["assignee"] and obstacle(row, who, groups, diagrams) is None and not acts_on_behalf(row, who, groups)
    ]
    return str((mine or free)[0]["id"]) if mine or free else None


def task_name(done: Mapping[str, Any]) -> str:
    """Return the name of the element that a submission completed, its id where the diagram has none."""
    for process in services().library.set(done["set_hash"]).processes.values():
        if done["element"] in process.node:
            return process.node[done["element"]].name or str(done["element"])
    return str(done["element"])


def prefilled(schema: Schema, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what fields take from case data (`x-from`), fields of groups included."""
    found: dict[str, Any] = {}
    for name, prop in properties(schema):
        value = _at(data, prop["x-from"]) if "x-from" in prop else None
        if value is None and prop.get("type") == "object":
            value = prefilled(prop, data) or None
        if value is None:
            value = prop.get("default")
        if value is not None:
            found[name] = value
    return found


def _at(data: Any, path: str) -> Any:
    for part in path.split("."):
        if isinstance(data, Mapping):
            data = data.get(part)
        elif isinstance(data, list) and part.isdecimal() and int(part) < len(data):
            data = data[int(part)]
        else:
            return None
    return data
