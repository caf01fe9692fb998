"""`reglament play FILE... [--json]`: plays scenarios; exit 1 when an expectation fails."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from app.options import json_option, processes_option
from app.play.files import play_files, scenario_files
from app.play.player import Played
from engine.library import read_folder


@click.command("play")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@json_option
@processes_option
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


def _line(result: Played) -> str:
    if result.failure is None:
        return f"ok    {result.scenario}  {result.steps} steps, {len(result.cases)} cases, {result.seconds:.2f} s"
    return (
        f"FAIL  {result.scenario}\n"
        f"      step      {result.failure['step']}\n"
        f"      expected  {_shown(result.failure['expected'])}\n"
        f"      seen      {_shown(result.failure['seen'])}"
    )


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
