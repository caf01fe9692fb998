"""What is so in a played case, in the words of `expect`, and how it is compared with what a scenario wants."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from storage import played
from storage import steps as stored
from storage.database import Connection


def difference(connection: Connection, case_id: int, expect: Mapping[str, Any]) -> tuple[Any, Any] | None:
    """Return the first (expected, seen) that differ, each as `{word: value}`; None if all is as expected.

    `waiting` is the exact set of open user tasks; lists of letters, documents, events and records must be contained.
    """
    for word, wanted in expect.items():
        if word == "case":
            continue
        seen = _seen(connection, case_id, word, wanted)
        if not _agrees(word, wanted, seen):
            return {word: wanted}, {word: seen}
    return None


def _seen(connection: Connection, case_id: int, word: str, wanted: Any) -> Any:
    if word in ("waiting", "letters", "documents", "events"):
        return sorted(played.kinds(connection, case_id, word))
    if word == "data":
        data = stored.case_data(connection, case_id)
        return {path: _at(data, path.split(".")) for path in wanted}
    if word == "deadlines":
        return _wanted_or_all(played.deadlines(connection, case_id), wanted)
    if word == "cases":
        return dict(Counter(played.children(connection, case_id)))
    if word == "ended":
        return played.status(connection, case_id) == "ended"
    if word == "records":
        return _wanted_or_all(played.records(connection, case_id), wanted)
    groups = stored.participants(connection, case_id)
    return {group: groups.get(group, []) for group in wanted}


def _wanted_or_all(found: Mapping[str, Any], wanted: Iterable[str]) -> dict[str, Any]:
    """Keep what was asked for; where some of it is missing, all: a misspelt name is then seen beside the real one."""
    names = found.keys() if set(wanted) - found.keys() else set(wanted)
    return {name: found[name] for name in sorted(names)}


def _agrees(word: str, wanted: Any, seen: Any) -> bool:
    if word == "waiting":
        return bool(sorted(wanted or []) == seen)
    if word in ("letters", "documents", "events"):
        return not Counter(wanted or []) - Counter(seen)
    if word == "deadlines":
        return all(str(day) in seen.get(term, ()) for term, day in dict(wanted).items())
    if word == "records":
        return all(journal in seen and _contains(seen[journal], rows) for journal, rows in wanted.items())
    if word == "cases":
        return all(seen.get(process, 0) == count for process, count in wanted.items())
    return bool(wanted == seen)


def _contains(seen: list[Any], wanted: Any) -> bool:
    rows = wanted if isinstance(wanted, list) else [wanted]
    return all(any(all(have.get(key) == value for key, value in row.items()) for have in seen) for row in rows)


def _at(value: Any, path: Iterable[str]) -> Any:
    for part in path:
        if isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        elif isinstance(value, Mapping):
            value = value.get(part)
        else:
            return None
    return value
