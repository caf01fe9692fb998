"""Checks files of anybody's, each against the set that it belongs to: the one in whose folder it lies, else ours."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from app.options import PROCESSES
from app.registry import bindings
from engine.check import Problem, check_paths, context_of
from engine.library import files_in
from engine.xml import MAX_BYTES

MARK = "profile.toml"
"""What makes a folder the home of a set."""


def check_all(paths: Sequence[Path]) -> list[Problem]:
    """Judge files and folders; problems name the files as the paths were given and come in the order of files."""
    homes: dict[Path, list[Path]] = {}
    for path in paths:
        homes.setdefault(home_of(path), []).append(path)
    problems = [
        problem for home, ours in homes.items() for problem in check_paths(ours, context_of(_files(home), bindings()))
    ]
    return sorted(problems, key=lambda problem: problem.order)


def _files(home: Path) -> dict[str, bytes]:
    """Read the set around the files; of what cannot be read the check tells, if it is asked about it."""
    found = {}
    for name, path in files_in(home).items():
        with suppress(OSError):
            if path.stat().st_size <= MAX_BYTES:
                found[name] = path.read_bytes()
    return found


def home_of(path: Path) -> Path:
    """Return the folder of the set that a file or folder belongs to."""
    whole = path.absolute()
    for folder in (whole, *whole.parents):
        if (folder / MARK).is_file():
            return folder
    # A folder around one set (a copy of the whole project, say) means that set.
    inside = sorted(whole.glob(f"*/{MARK}")) if whole.is_dir() else []
    return inside[0].parent if len(inside) == 1 else PROCESSES
