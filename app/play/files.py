"""Which files are scenarios, and playing many of them; a file that cannot be read is a failed scenario."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from app.play.player import Played, Player
from app.play.readable import BadSet, demand_readable
from app.play.scenario import BadScenario, read
from app.sample import BadSample

log = logging.getLogger(__name__)


def play_files(paths: Sequence[Path], files: Mapping[str, bytes], processes: Path) -> list[Played]:
    """Play scenario files against a set of diagrams; `processes` is where the sample organisation is described."""
    try:
        demand_readable(files)
        player = Player(files, processes)
    except (BadSet, BadSample) as error:
        return [_failed(path, "diagrams", "схемы, которые можно исполнить", str(error)) for path in paths]
    return [_play(player, path) for path in paths]


def scenario_files(paths: Sequence[Path]) -> list[Path]:
    """Return the files themselves, and for a folder its scenarios in order of name.

    They lie in the folder or in its `scenarios`; a folder without any stands for itself, so that it is told of.
    """
    return [file for path in paths for file in (_in_folder(path) if path.is_dir() else [path])]


def _in_folder(folder: Path) -> list[Path]:
    for place in (folder, folder / "scenarios"):
        found = sorted((*place.glob("*.yaml"), *place.glob("*.yml")))
        if found:
            return found
    return [folder]


def _play(player: Player, path: Path) -> Played:
    try:
        return player.play(read(path))
    except BadScenario as error:
        return _failed(path, "read", "сценарий в YAML", str(error))
    except Exception as error:
        # One file of anybody's must not keep the others from being played; the trace is for whoever mends it.
        log.exception("The scenario %s broke the player.", path)
        return _failed(path, "play", "сценарий сыгран", f"внутренняя ошибка {type(error).__name__}: {error}"[:500])


def _failed(path: Path, step: str, expected: str, seen: str) -> Played:
    failure: dict[str, Any] = {"step": step, "expected": expected, "seen": seen}
    return Played(scenario=path.as_posix(), steps=0, failure=failure, cases=[], seconds=0.0)
