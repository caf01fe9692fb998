"""Which files are scenarios, and playing many of them; a file that cannot be read is a failed scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from app.play.player import Played, Player
from app.play.scenario import BadScenario, read


def play_files(paths: Sequence[Path], files: Mapping[str, bytes], processes: Path) -> list[Played]:
    """Play scenario files against a set of diagrams; `processes` is where the sample organisation is described."""
    player = Player(files, processes)
    return [_play(player, path) for path in paths]


def scenario_files(paths: Sequence[Path]) -> list[Path]:
    """Return the files themselves, and for a folder the scenarios directly in it, in order of name."""
    found: list[Path] = []
    for path in paths:
        found.extend(sorted((*path.glob("*.yaml"), *path.glob("*.yml"))) if path.is_dir() else [path])
    return found


def _play(player: Player, path: Path) -> Played:
    try:
        return player.play(read(path))
    except BadScenario as error:
        failure: dict[str, Any] = {"step": "read", "expected": "a scenario", "seen": str(error)}
        return Played(scenario=path.as_posix(), steps=0, failure=failure, cases=[], seconds=0.0)
