"""Who may read what is marked confidential: documents by their mark, answers in forms by `x-confidential`.

The profile says it (`[confidentiality]`): `roles` by office or in the case, `groups` of the case whose members have
handed in one of the `statements`, and `parties`, the kinds of documents that parties get although they are marked;
`party_roles` stand for the body, which is a party too. Whoever wrote an answer or is to sign a document may read it.
Where the profile says nothing, nobody else may.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.forms import is_shown
from engine.library import DiagramSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearance:
    """What one person may read in one case that they may see."""

    login: str
    is_cleared: bool
    """Whether everything confidential of the case is open to them."""
    is_party: bool = False
    party_kinds: frozenset[str] = frozenset()

    def opens_document(self, row: Mapping[str, Any]) -> bool:
        """Whether the person may read a document, a row with `confidential`, `kind` and `must_sign`.

        Documents are issued by steps, so nobody is their author: `by` names whoever happened to do the task before.
        """
        if not row["confidential"] or self.is_cleared or (self.is_party and row["kind"] in self.party_kinds):
            return True
        signers = row.get("must_sign", ())
        return isinstance(signers, list) and self.login in signers

    def opens_answers(self, author: str) -> bool:
        """Whether the person may read the confidential answers of a form that `author` handed in."""
        return self.is_cleared or (bool(author) and author == self.login)


def clearance(
    diagrams: DiagramSet,
    *,
    login: str,
    roles: frozenset[str],
    groups: Mapping[str, Sequence[str]],
    handed_in: frozenset[str],
    is_party: bool,
) -> Clearance:
    """Return what somebody may read in a case; `groups` are its present members, `handed_in` the person's own forms."""
    named = diagrams.profile.get("confidentiality", {})
    held = roles | {group for group, members in groups.items() if login in members}
    is_sworn = bool(held & set(named.get("groups", ()))) and bool(handed_in & set(named.get("statements", ())))
    return Clearance(
        login=login,
        is_cleared=is_sworn or bool(held & set(named.get("roles", ()))),
        is_party=is_party or bool(held & set(named.get("party_roles", ()))),
        party_kinds=frozenset(named.get("parties", ())),
    )


def is_confidential(schema: Mapping[str, Any], beside: Mapping[str, Any]) -> bool:
    """Whether a field is confidential when its neighbours have these values.

    >>> is_confidential({"x-confidential": True}, {}), is_confidential({"x-confidential": {"secret": True}}, {})
    (True, False)
    """
    mark = schema.get("x-confidential", False)
    return is_shown({"x-show-if": mark}, beside) if isinstance(mark, Mapping) else bool(mark)


def veiled(schema: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a form without the confidential ones, rows and groups included."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        prop = schema.get("properties", {}).get(name, {})
        if not is_confidential(prop, values):
            found[name] = _inner(prop, value)
    return found


def _inner(prop: Mapping[str, Any], value: Any) -> Any:
    if isinstance(value, Mapping):
        return veiled(prop, value)
    if isinstance(value, list):
        items = prop.get("items", {})
        return [veiled(items, one) if isinstance(one, Mapping) else one for one in value]
    return value


def confidential_uploads(schema: Mapping[str, Any], values: Mapping[str, Any]) -> set[str]:
    """Return the ids of the uploads in confidential fields of a form."""
    return set(_uploads(schema, values, inside=False))


def _uploads(schema: Mapping[str, Any], values: Mapping[str, Any], *, inside: bool) -> Iterator[str]:
    for name, value in values.items():
        prop = schema.get("properties", {}).get(name, {})
        closed = inside or is_confidential(prop, values)
        items = prop.get("items", {})
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, Mapping):
                yield from _uploads(items if isinstance(value, list) else prop, one, inside=closed)
            elif closed and isinstance(one, str) and "attachment" in (prop.get("format"), items.get("format")):
                yield one
