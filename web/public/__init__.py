"""Pages that are open to everybody: how items are considered, and the form by which one can be sent."""

from web.public.pages import room

__all__ = ["room"]
