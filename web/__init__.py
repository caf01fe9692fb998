"""What a person sees: pages made on the server, complete without JavaScript, Russian first.

Rooms: `sign_in`, `inbox`, `tasks`, `new_case`, `cases`, `papers` (documents, letters, journals), `uploads`, `people`,
`incidents`, `search`; `map` and `editor` show the diagrams. No page decides anything: it asks the engine.
"""

from __future__ import annotations

from web.application import create_app

__all__ = ["create_app"]
