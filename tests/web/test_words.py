"""What machines call things has words for people."""

from __future__ import annotations

import re
from pathlib import Path

from web.words import JOURNALS

HANDLERS = Path(__file__).parents[2] / "handlers"


def test_every_journal_that_a_step_writes_has_a_name() -> None:
    sources = "".join(path.read_text("utf-8") for path in HANDLERS.glob("*.py"))

    written = set(re.findall(r'journal="(\w+)"', sources))

    assert written - set(JOURNALS) == set()
