"""What somebody hands in is checked: it fits the form, what it names is there, and the guard of the element agrees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.diagram import Node
from engine.errors import InvalidForm, NotFound, RuleRefused
from engine.forms import Form, References
from engine.ongoing import OngoingStep
from engine.steps import Refused
from engine.view import view
from storage import uploads


def accepted(
    step: OngoingStep, node: Node, form: Form, values: Mapping[str, Any], case_id: int | None
) -> dict[str, Any]:
    """Return the values as they are kept.

    `case_id` is the case whose attachments they may name, None for one that only begins. Raises InvalidForm for values
    that do not fit, RuleRefused where the guard says no.
    """
    cleaned = _valid(step, form, values, case_id)
    _ask_guard(step, node, cleaned)
    return cleaned


def keep_attachments(step: OngoingStep, form: Form, values: Mapping[str, Any]) -> None:
    """Let the case have the files that the values name."""
    keys = form.references(values, "attachment")
    if keys:
        uploads.keep_attachments(step.connection, step.live.id, keys)


def _valid(step: OngoingStep, form: Form, values: Mapping[str, Any], case_id: int | None) -> dict[str, Any]:
    cleaned = form.clean(values)
    references = References(
        is_person=lambda login, role: _is_person(step, login, role),
        is_attachment=lambda key: bool(uploads.known_attachments(step.connection, [key], case_id, step.actor.login)),
        today=step.now.astimezone(step.live.terms.zone).date(),
    )
    errors = form.errors(cleaned, references)
    if errors:
        raise InvalidForm(errors)
    return cleaned


def _is_person(step: OngoingStep, login: str, role: str | None) -> bool:
    if role is None or step.live.diagrams.roles.get(role, {}).get("scope") == "case":
        return step.person(login).name != login or login in step.live.participants.get(role or "", ())
    return step.person(login).has_role(role)


def _ask_guard(step: OngoingStep, node: Node, values: Mapping[str, Any]) -> None:
    name = node.properties.get("guard")
    if not name:
        return
    binding = step.handlers.get(name)
    if binding is None or binding.kind != "guard":
        raise NotFound(what=f"проверка {name}")
    try:
        binding.call(view(step), values)
    except Refused as refused:
        raise RuleRefused(refused.code, refused.template, field=refused.field, **refused.facts) from refused
