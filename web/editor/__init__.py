"""The editor: diagrams and their forms as drafts, checked and tried out before anybody's case follows them."""

from __future__ import annotations

from web.editor import commands, pages, templates
from web.editor.room import room

__all__ = ["commands", "pages", "room", "templates"]
