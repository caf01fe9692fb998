"""Documents as PDF/A, set by Typst from a template and data; no system package, fonts included.

A template may come from somebody's draft and loop or swell, so it is set in a child process with bounds (pdf_child),
which sees the template's own folder and nothing else: no other file, no system font, no package of the network.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from base64 import b64decode
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from unicodedata import category

SECONDS = 60  # of the clock; the child has a bound of the processor of its own
"""The longest that a person waits for one document; it takes 0.2 usually."""
LONGEST_MESSAGE = 1_000  # characters

_PLACE = re.compile(r"┌─ (?P<file>[^\s:]+):(?P<line>\d+):\d+")
_UNKNOWN = re.compile(r"the text `\"(.+?)\"` could not be displayed")
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_FAR = re.compile("[\u2e80-\U0010ffff]")
MOST_UNKNOWN = 30
_NO_SIGNS = ("Cc", "Cn", "Cs")
BOX = "□"
_NO_NETWORK = "http://127.0.0.1:9"  # the port that discards: a package of the network is never fetched


class PdfError(Exception):
    """The template cannot be set with these data; `line` of `file` is where, if Typst says so."""

    def __init__(self, message: str, *, file: str = "", line: int | None = None, unknown: Sequence[str] = ()) -> None:
        self.file = file
        self.line = line
        self.unknown = unknown
        """Signs for which no font has a shape, as far as Typst names them."""
        super().__init__(message)


def render(files: Mapping[str, bytes], main: str, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """Set the template `main` with the data and return PDF/A-2b; raises PdfError.

    `files` is the template's folder, name -> content; data are handed over as `sys.inputs.data`, JSON. The same files,
    data and `at` (aware, the time that the PDF says it was made) always make the same bytes.
    """
    (made,) = _set(files, main, data, at, "pdf")
    return made


def pages(files: Mapping[str, bytes], main: str, data: Mapping[str, Any], *, at: datetime) -> list[bytes]:
    """Set the template like `render` and return its pages as PNG, the first ten; raises PdfError."""
    return _set(files, main, data, at, "png")


def _set(
    files: Mapping[str, bytes], main: str, data: Mapping[str, Any], at: datetime, form: Literal["pdf", "png"]
) -> list[bytes]:
    with tempfile.TemporaryDirectory(prefix="reglament-pdf-") as folder:
        for name, content in files.items():
            (Path(folder) / Path(name).name).write_bytes(content)
        order = {"folder": folder, "main": main, "form": form, "at": int(at.timestamp())}
        return _displayed(order, json.dumps(_printable(data), ensure_ascii=False))


def _displayed(order: Mapping[str, Any], data: str) -> list[bytes]:
    """Set the template; a sign of the data for which no font has a shape is a box on paper, as PDF/A demands."""
    for _ in range(MOST_UNKNOWN):
        try:
            return _answer({**order, "data": data})
        except PdfError as error:
            fewer = data
            for sign in error.unknown:
                # One sign of thousands (Chinese, emoji) speaks for all of them: each costs another setting.
                fewer = _FAR.sub(BOX, fewer) if _FAR.search(sign) else fewer.replace(sign, BOX)
            if fewer == data:  # the sign is the template's own, or it was something else
                raise
            data = fewer
    return _answer({**order, "data": data})


def _printable(value: Any) -> Any:
    """Return JSON values with boxes for control signs and for what is no sign at all."""
    if isinstance(value, str):
        return "".join(BOX if category(one) in _NO_SIGNS and one not in "\n\r\t" else one for one in value)
    if isinstance(value, Mapping):
        return {_printable(key): _printable(inner) for key, inner in value.items()}
    return [_printable(one) for one in value] if isinstance(value, list | tuple) else value


def _answer(order: Mapping[str, Any]) -> list[bytes]:
    proxies = dict.fromkeys(("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY"), _NO_NETWORK)
    environment = {name: value for name, value in os.environ.items() if name.lower() != "no_proxy"} | proxies
    child = Path(__file__).with_name("pdf_child.py")
    try:
        done = subprocess.run(  # noqa: S603  our own file, with our own interpreter
            [sys.executable, "-I", str(child)],
            input=json.dumps(order).encode(),
            capture_output=True,
            timeout=SECONDS,
            env=environment,
            cwd=order["folder"],
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PdfError(f"The template takes longer than {SECONDS} seconds.") from error
    try:
        answer = json.loads(done.stdout)
    except ValueError as error:
        raise PdfError("The template needs too much time or memory.") from error
    if "pages" in answer:
        return [b64decode(page) for page in answer["pages"]]
    raise _error(str(answer["error"]).replace(str(order["folder"]), ""))


def _error(diagnostic: str) -> PdfError:
    """Return what Typst says: the sentence and the place."""
    place = _PLACE.search(diagnostic)
    message = diagnostic.strip().partition("\n")[0].removeprefix("error: ")[:LONGEST_MESSAGE]
    unknown = [_ESCAPED.sub(lambda found: chr(int(found[1], 16)), sign) for sign in _UNKNOWN.findall(diagnostic)]
    return PdfError(
        message,
        file=Path(place["file"]).name if place else "",
        line=int(place["line"]) if place else None,
        unknown=unknown,
    )
