"""Pages for somebody without an account, who came by a personal link: what waits for them in one case."""

from web.link.pages import room

__all__ = ["room"]
