"""Finds the handlers: every marked function of the room `handlers`, by the name that diagrams write."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache

import handlers
from engine.steps import Binding


@cache
def bindings() -> Mapping[str, Binding]:
    """Return the handlers by `module.function`; raises ValueError when two bear one name."""
    found: dict[str, Binding] = {}
    for info in pkgutil.iter_modules(handlers.__path__):
        module = importlib.import_module(f"handlers.{info.name}")
        for value in vars(module).values():
            binding = getattr(value, "__dict__", {}).get("__reglament__")
            if not isinstance(binding, Binding) or binding.call.__module__ != module.__name__:
                continue
            if binding.name in found:
                raise ValueError(f"Two handlers are called {binding.name}.")
            found[binding.name] = binding
    return found
