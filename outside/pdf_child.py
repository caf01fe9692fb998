"""The child process of `outside.pdf`: sets one template within bounds of time and memory, and answers in JSON.

It is run by its path and imports nothing of ours, so that it starts in a fraction of a second.
"""

from __future__ import annotations

import json
import resource
import sys
from base64 import b64encode
from typing import Any

import typst

MEMORY = 1024 * 1024 * 1024  # bytes of address space, of which threads of the library reserve a part
PROCESSOR = 15  # seconds
LARGEST = 64 * 1024 * 1024  # bytes of any file written
PPI = 84
MOST_PAGES = 10


def main() -> None:
    """Read an order, set the template, write the pages or what went wrong."""
    order = json.load(sys.stdin.buffer)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR, PROCESSOR))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, LARGEST))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    is_pdf = order["form"] == "pdf"
    try:
        made: Any = typst.compile(
            order["main"],
            root=order["folder"],
            format=order["form"],
            ppi=None if is_pdf else PPI,
            pdf_standards=["a-2b"] if is_pdf else [],
            sys_inputs={"data": order["data"]},
            timestamp=order["at"],
            ignore_system_fonts=True,
            package_path=order["folder"],
            package_cache_path=order["folder"],
        )
    except typst.TypstError as error:
        _answer({"error": error.diagnostic or str(error)})
        return
    pages = made if isinstance(made, list) else [made]
    _answer({"pages": [b64encode(page).decode() for page in pages[:MOST_PAGES]]})


def _answer(told: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
