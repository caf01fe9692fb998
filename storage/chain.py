"""The chain of events: each row carries the hash of the row before it, and one row elsewhere holds the end.

Whoever changes, removes or adds a row outside the program breaks the chain at that row, or its end.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, insert, inspect, select, update
from sqlalchemy.exc import DBAPIError

from storage.tables import chain_head, event

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened, past tense: `TaskCompleted`, `LetterSent`."""

    type: str
    actor: str
    at: str
    """UTC text, see storage.instants."""
    case_id: int | None = None
    element: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """The first place where the chain does not hold."""

    seq: int
    reason: str


class End(NamedTuple):
    """The last link of the chain."""

    seq: int
    hash: str


def append(connection: Connection, events: Sequence[Event], end: End | None = None) -> None:
    """Add events to the end of the chain, in order; `end` is the present end, where the caller has read it already.

    The caller holds the write lock (storage.database), so nobody else can add between the read and the write.
    """
    if not events:
        return
    seq, previous = end or _end(connection)
    is_first = seq == 0
    rows = []
    for happened in events:
        seq += 1
        row = {
            "seq": seq,
            "case_id": happened.case_id,
            "at": happened.at,
            "actor": happened.actor,
            "type": happened.type,
            "element": happened.element,
            "data": _data(happened.data),
            "previous": previous,
        }
        previous = row["hash"] = link(row)
        rows.append(row)
    connection.execute(_ADD, rows)
    if is_first:
        connection.execute(_BEGIN, {"id": 1, "seq": seq, "hash": previous})
    else:
        connection.execute(_MOVE, {"seq": seq, "hash": previous})


def _end(connection: Connection) -> End:
    return End(*(connection.execute(_READ).one_or_none() or (0, GENESIS)))


def link(row: Mapping[str, Any]) -> str:
    """Compute the hash of an event row from everything in it but the hash itself (SHA-256, hex)."""
    parts = [row[name] for name in ("previous", "seq", "case_id", "at", "actor", "type", "element", "data")]
    return hashlib.sha256(_link(parts).encode()).hexdigest()


def exists(connection: Connection) -> bool:
    """Whether the database has been set up, with a chain or with one that somebody took away."""
    return bool(inspect(connection).get_table_names())


def length(connection: Connection) -> int:
    """Count the events."""
    return connection.execute(select(func.count()).select_from(event)).scalar_one()


def first_break(connection: Connection) -> Break | None:
    """Walk the whole chain; None if every link holds and the end is where it should be."""
    previous, seq = GENESIS, 0
    try:
        for row in connection.execute(select(event).order_by(event.c.seq)).mappings():
            reason = _reason(dict(row), seq + 1, previous)
            if reason:
                return Break(seq=seq + 1, reason=reason)
            seq, previous = row["seq"], row["hash"]
    except DBAPIError:
        return Break(seq=seq + 1, reason="changed")  # bytes that are no text: the driver cannot hand the row over
    try:
        ends = [tuple(row) for row in connection.execute(_READ)] or [(0, GENESIS)]
    except DBAPIError:
        ends = []
    return None if ends == [(seq, previous)] else Break(seq=seq + 1, reason="cut")


def _reason(row: Mapping[str, Any], seq: int, previous: str) -> str:
    """Return why the row is not the next link of the chain; empty if it is."""
    if row["seq"] != seq:
        return "missing"
    if row["previous"] != previous:
        return "previous"
    try:
        return "" if link(row) == row["hash"] else "changed"
    except (TypeError, UnicodeEncodeError):
        return "changed"  # a value of a kind that no event has


_ADD = insert(event)
_READ = select(chain_head.c.seq, chain_head.c.hash)
_BEGIN = insert(chain_head)
_MOVE = update(chain_head)
_data = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str).encode
_link = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
