"""One valid certificate for a holder and a scope: which entries of the register may not stand beside each other.

Source: C L248, L254, L264-267 (C-142, C-146, C-152, C-155); ISO/IEC 17021-1 8.2, 9.6.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

LIVE = frozenset({"VALID", "SUSPENDED"})
"""A suspended certificate still holds its place: it comes back to life by lifting, not by a second one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A certificate as the register has it."""

    number: str
    holder: str
    """The holder's BIN: a name may change by re-issue, the person stays the same."""
    standards: frozenset[str]
    services: frozenset[str]
    expires_on: date
    status: str


def services(scope: str) -> frozenset[str]:
    """Return the services of a scope, parted by semicolons or lines, however they are spaced.

    >>> sorted(services("Бетон;  Плиты; плиты "))
    ['бетон', 'плиты']
    """
    parts = (" ".join(part.split()).casefold() for part in re.split(r"[;\n]", scope))
    return frozenset(part for part in parts if part)


def is_live(entry: Entry, on: date) -> bool:
    """Whether a certificate is in force, or only suspended, within its term.

    >>> plates = Entry(number="1", holder="1", standards=frozenset({"ISO 9001"}), services=frozenset({"плиты"}),
    ...                expires_on=date(2028, 2, 29), status="VALID")
    >>> is_live(plates, date(2028, 2, 29)), is_live(plates, date(2028, 3, 1))
    (True, False)
    """
    return entry.status in LIVE and on <= entry.expires_on


def clashing(entries: Iterable[Entry], new: Entry, on: date) -> tuple[Entry, ...]:
    """Return the live entries that certify the same holder for a service and a standard of a new certificate."""
    return tuple(
        entry
        for entry in entries
        if is_live(entry, on)
        and entry.holder == new.holder
        and entry.standards & new.standards
        and entry.services & new.services
    )


def added_codes(held: Collection[str], wanted: Sequence[str]) -> tuple[str, ...]:
    """Return the codes of services that the certificate does not have: services of a new kind.

    Source: C L264-266 (C-152, C-153).

    >>> added_codes({"16"}, ("16", "28"))
    ('28',)
    """
    return tuple(code for code in wanted if code not in held)


def next_number(numbers: Iterable[str], year: int) -> str:
    """Return the next number of a year, after the greatest that was ever given, not after how many there are.

    >>> next_number(["СМ.2026.0007", "СМ.2025.0031", "KZ-1"], 2026), next_number([], 2026)
    ('СМ.2026.0008', 'СМ.2026.0001')
    """
    found = (re.match(rf"СМ\.{year}\.(\d+)", number) for number in numbers)
    return f"СМ.{year}.{max((int(one[1]) for one in found if one), default=0) + 1:04d}"
