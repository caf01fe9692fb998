"""Whose signature a document waits for, and which one that is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ROLE = "role:"
"""Begins the entry of `Document.must_sign` that means a role and not a login."""
ON_BEHALF = "on_behalf"
"""`via` of a signature that somebody of the body entered for the one who signed."""


def has_signed(wanted: str, signature: Mapping[str, Any]) -> bool:
    """Whether a signature (`login`, `role`, `via`) is the one that an entry of `must_sign` waits for.

    What somebody enters for a role signs for that role, never for the one who enters it.

    >>> has_signed("head", {"login": "head", "role": "head", "via": ""})
    True
    >>> entered = {"login": "officer", "role": "applicant", "via": "on_behalf"}
    >>> has_signed("officer", entered), has_signed("role:applicant", entered)
    (False, True)
    """
    if wanted.startswith(ROLE):
        return bool(signature["role"] == wanted.removeprefix(ROLE))
    return bool(signature["login"] == wanted and signature["via"] != ON_BEHALF)
