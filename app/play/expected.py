"""The words of `expect` and the shape that each wants, so that a slip of the pen is not taken for a difference."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.play.yaml_file import BadScenario


def demand_shape(expect: Mapping[str, Any], where: str) -> None:
    """Raise BadScenario for the first word whose value no case could ever have."""
    for word, value in expect.items():
        fits, wanted = _SHAPES[word]
        if not fits(value):
            raise BadScenario(f"{where}, {word}: здесь ожидается {wanted}")


def _is_names(value: Any) -> bool:
    return value is None or (isinstance(value, list) and all(isinstance(one, str) for one in value))


def _is_pairs(value: Any) -> bool:
    return isinstance(value, Mapping)


def _is_counts(value: Any) -> bool:
    return isinstance(value, Mapping) and all(type(count) is int for count in value.values())


def _is_rows(value: Any) -> bool:
    return isinstance(value, Mapping) and all(
        isinstance(rows, Mapping) or (isinstance(rows, list) and all(isinstance(row, Mapping) for row in rows))
        for rows in value.values()
    )


def _is_people(value: Any) -> bool:
    return isinstance(value, Mapping) and all(isinstance(logins, list) for logins in value.values())


_NAMES = (_is_names, "список имён, например [decide]; если пусто — []")
_SHAPES: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "waiting": _NAMES,
    "letters": _NAMES,
    "documents": _NAMES,
    "events": _NAMES,
    "data": (_is_pairs, "пары «путь: значение», например {decision.outcome: refuse}"),
    "deadlines": (_is_pairs, "пары «срок: день», например {appeal.window: 2026-04-06}"),
    "records": (_is_rows, "пары «журнал: строка», строка — пары «графа: значение»"),
    "cases": (_is_counts, "пары «процесс: сколько», например {appeal: 1}"),
    "participants": (_is_people, "пары «роль: список логинов», например {team_leader: [auditor1]}"),
    "ended": (lambda value: isinstance(value, bool), "true или false"),
    "case": (lambda value: isinstance(value, str) and bool(value), "имя процесса, например appeal"),
}
EXPECTED_KEYS = frozenset(_SHAPES)
"""What `expect` may speak of."""
