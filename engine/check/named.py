"""What the code of the handlers names: kinds of documents and journals are words there, and declared nowhere else."""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from engine.steps import Binding

_WORD = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Named:
    """The words that stand in the modules of handlers."""

    words: tuple[str, ...] = ()
    """Whole words, sorted."""
    shapes: tuple[str, ...] = ()
    """Regular expressions of words that are put together while a handler runs: `status_.*`."""

    def holds(self, word: str) -> bool:
        """Whether some handler may name the word."""
        return word in self.words or any(re.fullmatch(shape, word) for shape in self.shapes)


def named_by(handlers: Mapping[str, Binding]) -> Named:
    """Return the words that the modules of the handlers name; nothing is run."""
    modules = sorted({binding.call.__module__ for binding in handlers.values()})
    found = [_in_module(module) for module in modules]
    return Named(
        tuple(sorted({word for one in found for word in one.words})),
        tuple(sorted({shape for one in found for shape in one.shapes})),
    )


@cache
def _in_module(module: str) -> Named:
    try:
        tree = ast.parse(inspect.getsource(sys.modules[module]))
    except (KeyError, OSError, SyntaxError):
        return Named()
    words, shapes = set[str](), set[str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _WORD.fullmatch(node.value):
            words.add(node.value)
        elif isinstance(node, ast.JoinedStr) and (shape := _shape(node)):
            shapes.add(shape)
    return Named(tuple(words), tuple(shapes))


def _shape(node: ast.JoinedStr) -> str:
    """Return the expression of what a text with places may become; empty unless it begins as a word of this kind."""
    parts = [one.value if isinstance(one, ast.Constant) else None for one in node.values]
    first = parts[0]
    if not isinstance(first, str) or not re.fullmatch(r"[a-z][a-z0-9]*_[a-z0-9_]*", first):
        return ""
    return "".join("[a-z0-9_]+" if part is None else re.escape(str(part)) for part in parts)
