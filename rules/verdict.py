"""How a rule says no, warns, or cannot answer: one small vocabulary for the whole room.

A rule that may forbid something returns `Denied | None`; a rule that owes a number raises `NotPossible`.
The sentences are Russian templates with named places; whoever shows them translates and fills them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from types import MappingProxyType

Fact = str | int


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A code for machines, a Russian sentence with named places for people, and what fills the places."""

    code: str
    template: str
    facts: Mapping[str, Fact] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def message(self) -> str:
        """The sentence with its places filled, in Russian."""
        return self.template.format(**self.facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Denied(Remark):
    """The rule forbids it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(Remark):
    """The rule allows it, and somebody should know or give a reason."""


class NotPossible(Exception):
    """A rule owes a value that the given facts do not allow; `why` says which and what to do."""

    def __init__(self, why: Denied) -> None:
        self.why = why
        super().__init__(why.message)


def denied(code: str, template: str, **facts: object) -> Denied:
    """Build a refusal; dates and lists among the facts become text.

    >>> denied("LATE", "Срок истёк {day}.", day=date(2026, 4, 6)).message
    'Срок истёк 06.04.2026.'
    """
    return Denied(code=code, template=template, facts=_shown_facts(facts))


def notice(code: str, template: str, **facts: object) -> Notice:
    """Build a warning; dates and lists among the facts become text.

    >>> notice("GAP", "Не охвачены: {codes}.", codes=["28", "17"]).message
    'Не охвачены: 28, 17.'
    """
    return Notice(code=code, template=template, facts=_shown_facts(facts))


def _shown_facts(facts: Mapping[str, object]) -> Mapping[str, Fact]:
    return MappingProxyType({name: _shown(value) for name, value in facts.items()})


def _shown(value: object) -> Fact:
    if isinstance(value, (str, int)):
        return value
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, Fraction):
        return shown_number(value)
    if isinstance(value, Iterable):
        return ", ".join(str(_shown(item)) for item in value)
    return str(value)


def shown_number(value: Fraction) -> str:
    """Return a number as Russian readers write it, at most two decimals.

    >>> shown_number(Fraction(104, 5)), shown_number(Fraction(7)), shown_number(Fraction(20, 3))
    ('20,8', '7', '6,67')
    """
    return f"{float(value):.2f}".rstrip("0").rstrip(".").replace(".", ",")
