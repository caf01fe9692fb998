"""What a person sees: pages made on the server, complete without JavaScript, Russian first.

Rooms: `sign_in`, `inbox`, `tasks`, `new_case`, `cases`, `papers` (documents, letters, journals), `uploads`, `people`,
`incidents`, `search`; `map` and `editor` show the diagrams, `requirements` and `evidence` show what proves
them and what rules a case met. No page decides anything: it asks the engine.
"""

from __future__ import annotations

from web.application import create_app

__all__ = ["create_app"]
