"""What a diagram may be bound to, for the editor's lists: forms, handlers, terms, requirements, groups, case data."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from typing import Any

from engine.library import DiagramSet
from engine.steps import Binding
from web.language import language, said
from web.map.form_fields import fields_of
from web.map.model import summary_of
from web.map.terms import term_in_words
from web.navigation import group_name, process_name, role_name
from web.refusals import refusal_words
from web.sections import section_words


def choices(diagrams: DiagramSet, handlers: Mapping[str, Binding]) -> dict[str, Any]:
    """Return every list as JSON; each entry has `value` and `title`."""
    return {
        "roles": [{"value": role, "title": role_name(role, diagrams)} for role in diagrams.roles],
        "groups": list(_groups(diagrams)),
        "forms": [
            {"value": name, "title": said(str(form.schema.get("title", name)))}
            for name, form in sorted(diagrams.forms.items())
        ],
        "processes": [{"value": name, "title": process_name(name, diagrams)} for name in diagrams.processes],
        "terms": list(_terms(diagrams)),
        "requirements": [
            {"value": name, "title": row["requirement"], "section": section_words(row["section"])}
            for name, row in ((name, diagrams.requirement(name, language())) for name in diagrams.requirements)
        ],
        "steps": list(_handlers(diagrams, handlers, "step")),
        "guards": list(_handlers(diagrams, handlers, "guard")),
        "documents": list(_documents(handlers)),
        "messages": list(_messages(handlers)),
        "data": sorted(_data(diagrams, handlers), key=lambda entry: entry["value"]),
    }


def _groups(diagrams: DiagramSet) -> Iterator[dict[str, str]]:
    case_roles = [role for role, words in diagrams.roles.items() if words.get("scope") == "case"]
    for group in dict.fromkeys([*case_roles, *diagrams.profile.get("groups", {})]):
        yield {"value": group, "title": group_name(group, diagrams)}


def _terms(diagrams: DiagramSet) -> Iterator[dict[str, str]]:
    seen: set[str] = set()
    for profile in diagrams.profile.get("profiles", {}).values():
        for name, term in profile.get("terms", {}).items():
            if name not in seen:
                seen.add(name)
                words = term_in_words(term, profile)
                length = f"{words['length']} {words['start']}"
                yield {
                    "value": name,
                    "title": words["title"],
                    "note": length,
                    "duration": str(term.get("duration", "")),
                }


def _handlers(diagrams: DiagramSet, handlers: Mapping[str, Binding], kind: str) -> Iterator[dict[str, Any]]:
    for name, binding in sorted(handlers.items()):
        if binding.kind == kind:
            yield {
                "value": name,
                "title": summary_of(binding, diagrams),
                "parameters": list(_parameters(binding)) if kind == "step" else [],
                "refuses": [{"value": code, "title": refusal_words(code)} for code in binding.refuses],
                "requirements": list(binding.requirements),
            }


def _messages(handlers: Mapping[str, Binding]) -> Iterator[dict[str, str]]:
    """Messages that a case may wait for, each with a step that tells it."""
    tellers = {path.partition(".")[0]: name for name, binding in sorted(handlers.items()) for path in binding.tells}
    for message in sorted(tellers):
        yield {"value": message, "title": tellers[message]}


def _documents(handlers: Mapping[str, Binding]) -> Iterator[dict[str, str]]:
    """Kinds of documents that tasks may sign, each with the step that makes it."""
    makers = {kind: name for name, binding in sorted(handlers.items()) for kind in binding.makes}
    for kind in sorted(makers):
        yield {"value": kind, "title": makers[kind]}


def _parameters(binding: Binding) -> Iterator[dict[str, Any]]:
    for parameter in inspect.signature(binding.call).parameters.values():
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
            has_default = parameter.default is not inspect.Parameter.empty
            yield {"name": parameter.name, "default": repr(parameter.default) if has_default else ""}


def _data(diagrams: DiagramSet, handlers: Mapping[str, Binding]) -> Iterator[dict[str, str]]:
    """Names that conditions may use: fields of forms, and what steps write."""
    for form in diagrams.forms.values():
        for field in fields_of(form.schema):
            if field.depth == 0:
                values = ", ".join(str(choice.get("const")) for choice in field.choices)
                yield {"value": f"{form.stem}.{field.path}", "title": f"{field.title} {values}".strip()}
    for binding in handlers.values():
        for path in (*binding.writes, *binding.tells):
            yield {"value": path, "title": binding.name}
