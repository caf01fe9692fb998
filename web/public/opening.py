"""What the installation opens to everybody: the profile's `[public]` table, unless the setting `public` is `off`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import g
from werkzeug.exceptions import NotFound

from engine.library import DiagramSet
from storage.reading import people
from web.forms.schema import Schema
from web.services import current_set, services


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """The open process of the published set, and how its start form is asked of strangers."""

    diagrams: DiagramSet
    process: str
    fixed: Mapping[str, Any]
    """Answers that go without saying."""
    today: tuple[str, ...]
    """Fields that get the day of sending."""
    not_asked: frozenset[str]
    first_rows: tuple[str, ...]
    """Tables that begin with an empty row."""
    criteria: Mapping[str, str]
    """`form` and `field` whose choices are the criteria shown with the procedure; may be empty."""

    @property
    def schema(self) -> Schema:
        """The start form without what is not asked."""
        form = self.diagrams.start_form(self.process)
        whole: Schema = form.schema if form else {"type": "object", "properties": {}}
        left_out = {*self.fixed, *self.today, *self.not_asked}
        kept = {name: prop for name, prop in whole.get("properties", {}).items() if name not in left_out}
        required = [name for name in whole.get("required", ()) if name in kept]
        return {**whole, "properties": kept, "required": required}

    @property
    def criteria_choices(self) -> list[str]:
        """The criteria in the form's own order, as Russian titles."""
        form = self.diagrams.forms.get(self.criteria.get("form", ""))
        field = form.schema.get("properties", {}).get(self.criteria.get("field", ""), {}) if form else {}
        return [str(one.get("title", "")) for one in field.get("oneOf", ())]


def opening() -> Opening:
    """Return what is open; raises werkzeug's NotFound where nothing is."""
    if "opening" not in g:
        g.opening = _opening()
    found: Opening | None = g.opening
    if found is None:
        raise NotFound
    return found


def is_open() -> bool:
    """Whether there is an open page at all."""
    try:
        opening()
    except NotFound:
        return False
    return True


def _opening() -> Opening | None:
    diagrams = current_set()
    table = diagrams.profile.get("public", {}) if diagrams else {}
    if diagrams is None or not table.get("is_open") or str(table.get("process")) not in diagrams.starting:
        return None
    with services().database.reading() as connection:
        if people.settings(connection).get("public") == "off":
            return None
    return Opening(
        diagrams=diagrams,
        process=str(table["process"]),
        fixed=dict(table.get("fixed", {})),
        today=tuple(table.get("today", ())),
        not_asked=frozenset(table.get("not_asked", ())),
        first_rows=tuple(table.get("first_rows", ())),
        criteria=dict(table.get("criteria", {})),
    )
