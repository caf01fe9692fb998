"""What stands above every page of a case: warnings that hold for it, and other cases that its data name.

The profile says which (`[process.<id>.flags]`, path of a yes -> sentence; `[process.<id>.refers]`, path of a number ->
sentence).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.library import DiagramSet
from engine.steps import value_at
from storage.reading import cases
from web.services import services
from web.visitor import viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """One warning; `number` and `case_id` where it is about another case that the person may see."""

    text: str
    number: str = ""
    case_id: int | None = None


def flags_of(diagrams: DiagramSet, process: str, data: Mapping[str, Any]) -> list[Flag]:
    """Return what holds for a case with this data; of a case that the person must not know of not even the number."""
    settings = diagrams.process_settings(process)
    found = [Flag(text=str(text)) for path, text in settings.get("flags", {}).items() if value_at(data, path) is True]
    with services().database.reading() as connection:
        for path, text in settings.get("refers", {}).items():
            number = value_at(data, path)
            row = cases.by_number(connection, viewer(), number) if isinstance(number, str) and number else None
            if row is not None:
                found.append(Flag(text=str(text), number=row["number"], case_id=row["id"]))
    return found
