"""What a refusal leaves for the notice, the month to appeal and the appeal itself, whatever it was that was refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.steps import Case

REFUSED = tuple(f"refused.{key}" for key in ("what", "decided_on", "by", "reasons", "again"))
"""What a step that records a refusal declares."""


def refused(case: Case, what: str, reasons: Sequence[str], again: str) -> dict[str, Any]:
    """Return the key `refused`, which the process `refusal` reads.

    `what` goes after the word «отказ» («в выдаче сертификата»); `again` says how to ask for the same once more.
    """
    return {
        "refused": {
            "what": what,
            "decided_on": case.today.isoformat(),
            "by": case.actor.login,
            "reasons": list(reasons),
            "again": again,
        }
    }
