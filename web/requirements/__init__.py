"""The requirements: where each is fulfilled on the diagrams, what proves it, and how many cases passed there."""

from __future__ import annotations

from web.requirements.pages import room

__all__ = ["room"]
