"""Evidence of the rules: what each rule of a case read, what it decided, by which readings, and on whose word."""

from __future__ import annotations

from web.evidence import book
from web.evidence.pages import room

__all__ = ["book", "room"]
