"""Who acts in a step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """What a personal link admits its holder to: the tasks of one outside role in one case, and nothing else."""

    case_id: int
    role: str
    token_hash: str
    """By which the engine finds the link again, to see that it is still open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who acts: a member of staff, an outside party with an account or a link, or the system itself."""

    login: str
    name: str
    roles: frozenset[str] = frozenset()
    admission: Admission | None = None
    """Set for somebody without an account, who came by a personal link."""

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Person:
        """Return whom a row of the people names: `login`, `name`, `roles`."""
        return cls(login=row["login"], name=row["name"], roles=frozenset(row["roles"]))

    def has_role(self, role: str) -> bool:
        """Whether the person holds the organisation role."""
        return role in self.roles


SYSTEM = Person(login="system", name="Система")
"""The actor of everything that time alone causes."""


def people_by_login(rows: Iterable[Mapping[str, Any]]) -> dict[str, Person]:
    """Return the people of rows by their logins."""
    return {row["login"]: Person.of(row) for row in rows}
