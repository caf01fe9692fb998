"""What the parts of a compiled condition do with case data; see `engine.conditions` for the language itself.

No data can make a part fail otherwise than with a ConditionError that names it.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from engine.messages import N_

MAX_NUMBER = 10**15  # largest magnitude, written or computed

Term = Callable[[Mapping[str, Any]], Any]
"""One compiled part of a condition."""


class ConditionError(ValueError):
    """A condition that cannot be read, or that makes no sense of the data it was given.

    `template` is a Russian sentence with named places and `facts` fill them; `position` is the column (from 1) in the
    condition's text, or None when the fault lies in the data.
    """

    def __init__(self, template: str, *, position: int | None = None, **facts: object) -> None:
        self.template = template
        self.position = position
        self.facts = facts
        super().__init__(template.format(**facts))


OPERATIONS: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}


def walk(data: Any, parts: Sequence[str]) -> Any:
    """Return what lies at the path; a list on the way gives the list of what its rows hold; missing gives None."""
    for number, part in enumerate(parts):
        if isinstance(data, Mapping):
            data = data.get(part)
        elif isinstance(data, list | tuple):
            rest = parts[number:]
            return [walk(row, rest) for row in data]
        else:
            return None
    return data


def two_steps(first: str, second: str) -> Term:
    """The usual path `form.field`, without the loop."""

    def look(data: Mapping[str, Any]) -> Any:
        inner = data.get(first)
        if type(inner) is dict:
            return inner.get(second)
        return walk(inner, (second,))

    return look


def junction(is_and: bool, terms: Sequence[Term]) -> Term:
    """Build `and` or `or`; the value is always a boolean."""
    if is_and:
        return lambda data: all(term(data) for term in terms)
    return lambda data: any(term(data) for term in terms)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def arithmetic(compute: Callable[[Any, Any], Any], left: Term, right: Term, where: str) -> Term:
    """Build an operation on two numbers; with a missing operand the result is None."""

    def run(data: Mapping[str, Any]) -> Any:
        one, other = left(data), right(data)
        if one is None or other is None:
            return None
        if not (_is_number(one) and _is_number(other)):
            raise ConditionError(N_("В «{part}» складывают и вычитают не числа."), part=where)
        try:
            result = compute(one, other)
        except ZeroDivisionError as error:
            raise ConditionError(N_("В «{part}» деление на ноль."), part=where) from error
        if abs(result) > MAX_NUMBER:
            raise ConditionError(N_("В «{part}» получается слишком большое число."), part=where)
        return result

    return run


def _ordering(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any, str], bool]:
    def compare(left: Any, right: Any, where: str) -> bool:
        if left is None or right is None:
            return False
        if (_is_number(left) and _is_number(right)) or (isinstance(left, str) and isinstance(right, str)):
            return test(left, right)
        raise ConditionError(N_("В «{part}» сравнивают значения разного рода."), part=where)

    return compare


def _contains(item: Any, container: Any, where: str) -> bool:
    if container is None:
        return False
    if isinstance(container, list | tuple):
        return item in container
    if isinstance(container, str):
        return isinstance(item, str) and item in container
    raise ConditionError(N_("В «{part}» справа от in не список и не строка."), part=where)


COMPARISONS: Mapping[type[ast.cmpop], Callable[[Any, Any, str], bool]] = {
    ast.Eq: lambda left, right, where: bool(left == right),
    ast.NotEq: lambda left, right, where: bool(left != right),
    ast.Lt: _ordering(operator.lt),
    ast.LtE: _ordering(operator.le),
    ast.Gt: _ordering(operator.gt),
    ast.GtE: _ordering(operator.ge),
    ast.In: _contains,
    ast.NotIn: lambda item, container, where: not _contains(item, container, where),
}


def _rows(value: Any, where: str) -> Sequence[Any]:
    if value is None:
        return ()
    if isinstance(value, list | tuple):
        return value
    raise ConditionError(N_("В «{part}» ожидается список."), part=where)


def _length(values: list[Any], where: str) -> int:
    value = values[0]
    return len(value) if isinstance(value, str | Mapping) else len(_rows(value, where))


def _extreme(choose: Callable[[Iterator[Any]], Any]) -> Callable[[list[Any], str], Any]:
    """Build min or max of several values, or of one list; missing values do not count, none at all gives None."""

    def run(values: list[Any], where: str) -> Any:
        rows = _rows(values[0], where) if len(values) == 1 else values
        known = [row for row in rows if row is not None]
        if not known:
            return None
        if not all(map(_is_number, known)) and not all(isinstance(row, str) for row in known):
            raise ConditionError(N_("В «{part}» сравнивают значения разного рода."), part=where)
        return choose(iter(known))

    return run


CALLS: Mapping[str, Callable[[list[Any], str], Any]] = {
    "len": _length,
    "min": _extreme(min),
    "max": _extreme(max),
    "any": lambda values, where: any(_rows(values[0], where)),
    "all": lambda values, where: all(_rows(values[0], where)),
    "count": lambda values, where: sum(1 for row in _rows(values[0], where) if row == values[1]),
}
