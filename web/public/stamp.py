"""What an open form carries so that machines cannot flood it: when the page was made, signed; and signed receipts.

Nothing is kept on our side: a stamp proves by itself that this installation made the page, and how long ago.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

SOONEST = timedelta(seconds=3)
"""No person fills in the form faster."""
LATEST = timedelta(hours=24)


class Judgement(StrEnum):
    """What a stamp says of a form that came back."""

    GOOD = "good"
    TOO_SOON = "too_soon"
    TOO_OLD = "too_old"
    FORGED = "forged"


def stamp(now: datetime) -> str:
    """Return a new stamp for a page that is made at this moment."""
    return str(_signed("open form").dumps(now.timestamp()))


def judge(text: str, now: datetime) -> Judgement:
    """Return what the stamp of a form that is posted at this moment says."""
    try:
        made = float(_signed("open form").loads(text))
    except (BadData, ValueError, TypeError):
        return Judgement.FORGED
    age = timedelta(seconds=now.timestamp() - made)
    if age < SOONEST:
        return Judgement.TOO_SOON
    return Judgement.GOOD if age <= LATEST else Judgement.TOO_OLD


def receipt(number: str, at: str) -> str:
    """Return what the address of a receipt holds: nobody can make one up, so numbers cannot be tried."""
    return str(_signed("receipt of an item").dumps([number, at]))


def read_receipt(text: str) -> tuple[str, str] | None:
    """Return the number and the instant of a receipt, None if it is none of ours."""
    try:
        number, at = _signed("receipt of an item").loads(text)
    except (BadData, ValueError, TypeError):
        return None
    return str(number), str(at)


def _signed(purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt=purpose)
