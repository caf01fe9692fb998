"""What a template of documents is handed: a stored document in the words and formats of its readers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, tzinfo
from typing import Any

from storage.instants import from_text

FOLDER = "documents/"
GENERAL = "document.typ"
"""The template of every kind that has none of its own."""
SHEET = "signature_sheet.typ"
LETTER = "letter.typ"
_LABELS = {
    "language": "ru",
    "case_label": "Дело",
    "sha_label": "отпечаток SHA-256",
    "yes": "да",
    "no": "нет",
    "sample_note": "Образец: организация, люди и данные вымышлены",
}


def templates_of(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the folder of templates in a set, name -> content."""
    return {path.removeprefix(FOLDER): content for path, content in files.items() if path.startswith(FOLDER)}


def template_for(templates: Mapping[str, bytes], kind: str) -> str:
    """Return the name of a kind's own template, or of the general one.

    >>> template_for({"act.typ": b"", "document.typ": b""}, "act"), template_for({"document.typ": b""}, "act")
    ('act.typ', 'document.typ')
    """
    own = f"{kind}.typ"
    return own if own in templates else GENERAL


def version_of(templates: Mapping[str, bytes], name: str) -> str:
    """Return the version of a template: SHA-256 (hex) over it and the shared parts, whose names begin with `_`."""
    digest = hashlib.sha256()
    for part in [name, *sorted(one for one in templates if one.startswith("_"))]:
        digest.update(f"{part}\0{hashlib.sha256(templates[part]).hexdigest()}\n".encode())
    return digest.hexdigest()


def printed(
    document: Mapping[str, Any],
    case: Mapping[str, Any],
    organisation: str,
    *,
    zone: tzinfo,
    is_sample: bool,
    template: str,
    qr: str | None = None,
) -> dict[str, Any]:
    """Return the data of the template for a row of `document` and its case.

    `template` is the version of the template; `qr` is a picture (SVG text) by which strangers check the document.
    """
    return {
        **_LABELS,
        "organisation": organisation,
        "is_sample": is_sample,
        "kind": document["kind"],
        "title": document["title"],
        "number": document["number"],
        "date": from_text(document["at"]).astimezone(zone).strftime("%d.%m.%Y"),
        "case": case["number"],
        "sha256": document["sha256"],
        "template": template[:12],
        "confidential": bool(document["confidential"]),
        "qr": qr,
        "fields": [[label, shown(value)] for label, value in loaded(document["fields"]).items()],
        "signers": loaded(document["signers"]),
    }


def loaded(value: Any) -> Any:
    """Return JSON of a row as what it says, and what is read already as it is."""
    return json.loads(value) if isinstance(value, str) else value


def shown(value: Any) -> Any:
    """Return a value as people of these countries write it: dates, numbers with a comma, a nested group as one line.

    >>> shown("2026-04-06"), shown(1.5), shown({"Дней": 2, "С": "2026-01-12"})
    ('06.04.2026', '1,5', 'Дней: 2; С: 12.01.2026')
    """
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, float):
        return f"{value:.10g}".replace(".", ",")
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return _local_date(value)
    if isinstance(value, Mapping):
        return "; ".join(f"{label}: {shown(inner)}" for label, inner in value.items())
    return [
        {label: _cell(inner) for label, inner in item.items()} if isinstance(item, Mapping) else shown(item)
        for item in value
    ]


def _cell(value: Any) -> Any:
    found = shown(value)
    return "; ".join(str(one) for one in found) if isinstance(found, list) else found


def _local_date(text: str) -> str:
    try:
        return date.fromisoformat(text).strftime("%d.%m.%Y") if len(text) == 10 else text
    except ValueError:
        return text
