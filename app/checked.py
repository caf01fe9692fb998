"""Checks files of anybody's, each against the set that it belongs to: the one in whose folder it lies, else ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from app.options import PROCESSES
from app.proofs import template_problems
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
    problems = []
    for home, ours in homes.items():
        files = _files(home)
        problems += check_paths(ours, context_of(files, bindings()))
        problems += _templates(home, files, ours)
    return sorted(problems, key=lambda problem: problem.order)


def _templates(home: Path, files: Mapping[str, bytes], paths: Sequence[Path]) -> list[Problem]:
    """Return what is wrong with the asked templates of documents, each set once; a shared part by those that use it."""
    folder = home / "documents"
    asked = {
        f"documents/{one.name}": path
        if path == one or path.absolute() == one
        else path / one.relative_to(path.absolute())
        for one in sorted(folder.glob("*.typ"))
        for path in paths
        if one == path.absolute() or path.absolute() in one.parents
    }
    if not asked:
        return []
    is_part_asked = any(Path(name).name.startswith("_") for name in asked)
    left = {} if is_part_asked else {name: content for name, content in files.items() if name not in asked}
    return [
        replace(one, file=str(asked.get(one.file, folder / Path(one.file).name)))
        for one in template_problems(files, left)
    ]


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
