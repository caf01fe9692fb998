"""The map: a published process as it is drawn, where cases stand on it, and what each element means."""

from __future__ import annotations

from web.map.pages import room

__all__ = ["room"]
