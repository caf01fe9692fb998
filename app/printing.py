"""What the template of documents is handed: a stored document in the words and formats of its readers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, tzinfo
from pathlib import Path
from typing import Any

from storage.instants import from_text

TEMPLATE = Path("documents") / "document.typ"
_LABELS = {
    "language": "ru",
    "case_label": "Дело",
    "sha_label": "отпечаток SHA-256",
    "yes": "да",
    "no": "нет",
    "sample_note": "Образец: организация, люди и данные вымышлены",
}


def printed(
    document: Mapping[str, Any], case: Mapping[str, Any], organisation: str, *, zone: tzinfo, is_sample: bool
) -> dict[str, Any]:
    """Return the data of the template for a row of `document` and its case."""
    return {
        **_LABELS,
        "organisation": organisation,
        "is_sample": is_sample,
        "title": document["title"],
        "number": document["number"],
        "date": from_text(document["at"]).astimezone(zone).strftime("%d.%m.%Y"),
        "case": case["number"],
        "sha256": document["sha256"],
        "fields": [[label, _shown(value)] for label, value in _loaded(document["fields"]).items()],
        "signers": _loaded(document["signers"]),
    }


def _loaded(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _shown(value: Any) -> Any:
    """Dates as people of these countries write them, numbers with a comma, nested groups as one line."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, float):
        return f"{value:g}".replace(".", ",")
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return _local_date(value)
    if isinstance(value, Mapping):
        return "; ".join(f"{label}: {_shown(inner)}" for label, inner in value.items())
    return [
        {label: _shown(inner) for label, inner in item.items()} if isinstance(item, Mapping) else _shown(item)
        for item in value
    ]


def _local_date(text: str) -> str:
    try:
        return date.fromisoformat(text).strftime("%d.%m.%Y") if len(text) == 10 else text
    except ValueError:
        return text
