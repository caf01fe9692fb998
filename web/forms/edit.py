"""What the small buttons inside a form do to its values: one more row, one row less, an upload taken away.

The buttons are named submit buttons (`_do=add:sites`), so they work in a browser without JavaScript.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from web.forms.schema import Path, path_of


def edit(typed: dict[str, Any], command: str) -> dict[str, Any]:
    """Return the values after `add:<path>`, `delete:<path of a row>` or `remove:<path of an upload>`.

    A command that makes no sense for the values changes nothing: the page is simply drawn again.

    >>> edit({"sites": [{"city": "Кентау"}]}, "add:sites")
    {'sites': [{'city': 'Кентау'}, {}]}
    >>> edit({"sites": [{"city": "Кентау"}]}, "delete:sites.0")
    {'sites': []}
    """
    verb, _, place = command.partition(":")
    values = deepcopy(typed)
    path = path_of(place)
    if not path:
        return values
    if verb == "add":
        _add_row(values, path)
    elif verb in ("delete", "remove"):
        _delete(values, path)
    return values


def _add_row(values: dict[str, Any], path: Path) -> None:
    holder: Any = values
    for part in path[:-1]:
        if isinstance(holder, dict) and isinstance(part, str):
            holder = holder.setdefault(part, {})
        elif isinstance(holder, list) and isinstance(part, int) and part < len(holder):
            holder = holder[part]
        else:
            return
    if isinstance(holder, dict) and isinstance(holder.get(str(path[-1]), []), list):
        holder.setdefault(str(path[-1]), []).append({})


def _delete(values: dict[str, Any], path: Path) -> None:
    holder: Any = values
    for part in path[:-1]:
        is_there = (isinstance(holder, dict) and part in holder) or (
            isinstance(holder, list) and isinstance(part, int) and part < len(holder)
        )
        if not is_there:
            return
        holder = holder[part]
    last = path[-1]
    if isinstance(holder, dict):
        holder.pop(str(last), None)
    elif isinstance(holder, list) and isinstance(last, int) and last < len(holder):
        del holder[last]
