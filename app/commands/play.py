"""`reglament play FILE... [--json]`: plays scenarios; exit 1 when an expectation fails."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from app.config import PROCESSES
from app.play.player import Played, Player
from app.play.scenario import BadScenario, read
from engine.library import read_folder


@click.command("play")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Один документ JSON на стандартный вывод.")
@click.option(
    "--processes",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=PROCESSES,
    help="Папка со схемами, по умолчанию те, что поставляются.",
)
def command(files: Sequence[Path], as_json: bool, processes: Path) -> None:
    """Проиграть сценарии FILE (файлы YAML или папки с ними); код 1, если ожидание не сбылось."""
    results = play_files(scenario_files(files), read_folder(processes), processes)
    if as_json:
        click.echo(json.dumps([result.as_dict() for result in results], ensure_ascii=False, indent=2, default=str))
    else:
        for result in results:
            click.echo(_line(result))
        passed = sum(result.failure is None for result in results)
        click.echo(f"{passed} passed, {len(results) - passed} failed")
    sys.exit(0 if results and all(result.failure is None for result in results) else 1)


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


def _line(result: Played) -> str:
    if result.failure is None:
        return f"ok    {result.scenario}  {result.steps} steps, {len(result.cases)} cases, {result.seconds:.2f} s"
    return (
        f"FAIL  {result.scenario}\n"
        f"      step      {result.failure['step']}\n"
        f"      expected  {result.failure['expected']}\n"
        f"      seen      {result.failure['seen']}"
    )
