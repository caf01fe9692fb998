"""What a handler may know of the case whose step it takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from engine.steps.person import Person
from engine.steps.terms import Terms
from engine.wording import field_at, in_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a handler may know: the case's data and people, the profile, the registers, `now` and `actor`.

    `case["application.sites"]` raises KeyError for a missing path, `case.get(path, default)` does not.
    """

    number: str
    process: str
    data: Mapping[str, Any]
    now: datetime
    """Aware, in the profile's zone."""
    actor: Person
    terms: Terms
    participants: Mapping[str, Sequence[Person]] = field(default_factory=dict)
    """Case group -> its members, in the order in which they joined."""
    registers: Callable[[str], Sequence[Mapping[str, Any]]] = lambda name: ()
    """Register name (`competence`, `tie`, `accreditation_scope`, `training`, `person`, `role`) -> its rows.

    `tables/<stem>` gives the rows of `processes/tables/<stem>.csv` as the case's diagram set holds it (all text).
    `journals/<name>` gives the rows of a journal over all cases, oldest first: the fields of each `Record`, its key
    under `_key` and the number of its case under `_case`. `documents` gives this case's documents (kind, number, title,
    must_sign, at), `signatures` the signatures under them (kind, number, login, role, via, at, sha256; `has_signed`
    reads them), each oldest first.
    `open_cases` gives the cases that have not ended (number, process), oldest first."""
    parent: Mapping[str, Any] | None = None
    """Data of the case that opened this one, if any (`number` under key `_number`)."""
    forms: Callable[[str], Mapping[str, Any]] = lambda stem: {}
    """Form (`team`) -> its schema in the case's set, an empty one for a form that the set does not have."""

    def __getitem__(self, path: str) -> Any:
        found = _walk(self.data, path)
        if found is _MISSING:
            raise KeyError(path)
        return found

    def get(self, path: str, default: Any = None) -> Any:
        """Return the value at a dotted path, or the default."""
        return value_at(self.data, path, default)

    def words(self, path: str) -> Any:
        """Return what was entered at a path of a form (`team.factors`) in the form's words, for papers and letters.

        Options become their titles, logins names, a fieldset title -> value. Raises KeyError for a missing path.
        """
        return self.said(path, self[path])

    def said(self, path: str, value: Any) -> Any:
        """Return any value of the form's field at a path, in the form's words."""
        stem, *fields = path.split(".")
        return in_words(field_at(self.forms(stem), fields), value, self._name)

    @property
    def today(self) -> date:
        """The date in the profile's zone."""
        return self.now.date()

    def _name(self, login: str) -> str:
        return next((str(row["name"]) for row in self.registers("person") if row.get("login") == login), login)

    def members(self, group: str) -> tuple[str, ...]:
        """Logins of a case group, in the order in which they joined."""
        return tuple(person.login for person in self.participants.get(group, ()))

    def register(self, name: str, **equal: Any) -> list[Mapping[str, Any]]:
        """Rows of a register in which every named field equals the given value."""
        return [row for row in self.registers(name) if all(row.get(key) == value for key, value in equal.items())]


def value_at(data: Mapping[str, Any], path: str, default: Any = None) -> Any:
    """Return the value at a dotted path of case data, or the default."""
    found = _walk(data, path)
    return default if found is _MISSING else found


_MISSING = object()


def _walk(data: Any, path: str) -> Any:
    for part in path.split("."):
        if not isinstance(data, Mapping) or part not in data:
            return _MISSING
        data = data[part]
    return data
