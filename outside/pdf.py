"""Documents as PDF/A, set by Typst from a template and data; no system package, fonts included."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst


class PdfError(Exception):
    """The template cannot be set with these data; the message is Typst's own, with the line."""


def render(template: Path, data: Mapping[str, Any]) -> bytes:
    """Set the template with the data (handed over as `sys.inputs.data`, JSON); returns PDF/A-2b, ~20 ms."""
    try:
        made = typst.compile(
            str(template),
            format="pdf",
            pdf_standards=["a-2b"],
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        )
    except (typst.TypstError, RuntimeError, ValueError) as error:
        raise PdfError(str(error)) from error
    if not isinstance(made, bytes):
        raise PdfError("Typst made no single file.")
    return made
