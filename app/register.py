"""The register of certificates: how the rows of its journal are asked which status is in force."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from outside.qr import svg
from rules.register import State, standing
from storage.instants import from_text


def in_force(versions: Sequence[Mapping[str, Any]], at: datetime) -> dict[str, Any] | None:
    """Return `status`, `since` and `fields` in force at a moment, None before the first state.

    `versions` are the states of one row of the journal `certificates`, in order, `fields` read.
    """
    found = standing([_state(row, at) for row in versions], at)
    if found is None:
        return None
    return {"status": found.status, "since": found.since, "fields": versions[found.place]["fields"]}


def _state(row: Mapping[str, Any], at: datetime) -> State:
    fields, entered = row["fields"], row["entered_at"]
    status = str(fields.get("Статус", ""))
    told = _moment(fields.get(_SINCE[status]), at) if status in _SINCE else None
    known = from_text(entered) if entered else None
    return State(
        status=status,
        decided_at=told or from_text(row["at"]),
        entered_at=told or known,
        valid_until=_day(fields.get("Действует до")),
    )


_SINCE = {"SUSPENDED": "В силе с", "WITHDRAWN": "В силе с", "VALID": "Возобновлён"}
"""Field of a row that says from when its status is in force; without it the row's own moments say so."""


def _moment(value: Any, at: datetime) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=at.tzinfo)


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def qr_of(public_url: str) -> Callable[[Mapping[str, Any]], str | None]:
    """Return what gives a document its QR code (SVG text): certificates lead to their public page, others have none."""

    def picture(document: Mapping[str, Any]) -> str | None:
        number = _fields(document).get("Номер")
        if not public_url or document["kind"] != "certificate" or not number:
            return None
        return svg(f"{public_url}/c/{quote(str(number), safe='/')}")

    return picture


def _fields(document: Mapping[str, Any]) -> Mapping[str, Any]:
    fields = document["fields"]
    found: Mapping[str, Any] = json.loads(fields) if isinstance(fields, str) else fields
    return found
