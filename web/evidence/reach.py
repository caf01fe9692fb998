"""What a handler can ask for: paths of case data, readings, terms and registers that its code names, calls included.

Nothing is run. The code of the handler and of what it calls in its own rooms is read once; names that are put together
while it runs are not found, and a name in a branch that was not taken is: it says what the rule looks at, not how.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from types import FunctionType
from typing import Any

ROOMS = ("handlers", "rules")
"""The rooms into which calls are followed; what the engine does with a case is no rule."""


@dataclass(slots=True)
class Reach:
    """The names, each in the order in which they were met."""

    paths: dict[str, None] = field(default_factory=dict)
    fields: dict[str, None] = field(default_factory=dict)
    """Of the form that a guard looks at."""
    readings: dict[str, None] = field(default_factory=dict)
    terms: dict[str, None] = field(default_factory=dict)
    registers: dict[str, None] = field(default_factory=dict)


@cache
def reach(call: Callable[..., Any]) -> Reach:
    """Return what a handler can ask for; empty where its code is not at hand."""
    found = Reach()
    ahead: list[FunctionType] = [call] if isinstance(call, FunctionType) else []
    seen: set[str] = set()
    while ahead:
        function = ahead.pop(0)
        name = f"{function.__module__}.{function.__qualname__}"
        tree = _functions(function.__module__).get(function.__qualname__) if name not in seen else None
        seen.add(name)
        if tree is not None:
            _collect(tree, found)
            ahead.extend(_called(tree, function.__globals__, function.__module__))
    return found


@cache
def _functions(module: str) -> dict[str, ast.FunctionDef]:
    """Return the functions of a module by qualified name, methods of classes included."""
    try:
        tree = ast.parse(inspect.getsource(sys.modules[module]))
    except (KeyError, OSError, SyntaxError):
        return {}
    found = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            found[node.name] = node
        elif isinstance(node, ast.ClassDef):
            found.update({f"{node.name}.{one.name}": one for one in node.body if isinstance(one, ast.FunctionDef)})
    return found


def _collect(tree: ast.AST, found: Reach) -> None:
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and _is(node.value, "case"):
            _keep(found.paths, node.slice)
        elif isinstance(node, ast.Subscript) and _is(node.value, "values"):
            _keep(found.fields, node.slice)
        elif isinstance(node, ast.Call) and node.args:
            word = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if word == "get" and isinstance(node.func, ast.Attribute):
                if _is(node.func.value, "case"):
                    _keep(found.paths, node.args[0])
                elif _is(node.func.value, "values"):
                    _keep(found.fields, node.args[0])
            elif word in ("reading", "due"):
                _keep(found.readings if word == "reading" else found.terms, node.args[0])
            elif word in ("register", "registers"):
                _keep(found.registers, node.args[0])


def _is(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _keep(where: dict[str, None], node: ast.AST) -> None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        where.setdefault(node.value)


def _called(tree: ast.AST, names: dict[str, Any], module: str) -> Iterator[FunctionType]:
    """Return the functions of our rooms that a function names: `plan_sites`, `Limits.of_profile`."""
    own = sys.modules[module]
    for node in ast.walk(tree):
        found: Any = None
        if isinstance(node, ast.Name):
            found = names.get(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found = getattr(names.get(node.value.id, own), node.attr, None)
        found = inspect.unwrap(getattr(found, "__func__", found)) if callable(found) else None
        if isinstance(found, FunctionType) and found.__module__.partition(".")[0] in ROOMS:
            yield found
