"""What an appeal against a decision of this body tells the case whose decision it contests."""

from __future__ import annotations

from engine.steps import Case, Told

MESSAGE = "appeal_result"
TELLS = tuple(f"{MESSAGE}.{field}" for field in ("outcome", "status", "protocol", "reasons"))
"""What a step that tells the result declares."""


def told(case: Case, outcome: str, status: str, *, protocol: str = "", reasons: str = "") -> tuple[Told, ...]:
    """Return the result for the case that was appealed against; nothing for an item that contests no such case.

    `outcome` is upheld, partly_upheld, dismissed or not_considered; `status` is the item's (FINAL, CONTESTED, LATE).
    What was told first stands, so a step at the very end may tell it too, for the ways on which nobody has.
    """
    if not case.get("submission.certification_case"):
        return ()
    data = {
        "outcome": outcome,
        "status": status,
        "protocol": protocol or f"Дело {case.number}",
        "reasons": reasons or "Рассмотрена не как апелляция.",
    }
    return (Told(message=MESSAGE, data=data),)
