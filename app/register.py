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
    found = standing([_state(row) for row in versions], at)
    if found is None:
        return None
    return {"status": found.status, "since": found.since, "fields": versions[found.place]["fields"]}


def _state(row: Mapping[str, Any]) -> State:
    entered = row["entered_at"]
    return State(
        status=str(row["fields"].get("Статус", "")),
        decided_at=from_text(row["at"]),
        entered_at=from_text(entered) if entered else None,
        valid_until=_day(row["fields"].get("Действует до")),
    )


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
