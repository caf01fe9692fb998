"""`reglament coverage [--json]`: plays all scenarios and prints what proves each requirement."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from app.coverage import coverage
from app.options import json_option, processes_option
from app.play.files import play_files, scenario_files
from app.play.player import Played
from app.play.readable import demand_readable
from app.registry import bindings
from engine.library import DiagramSet, read_folder
from storage.sets import hash_of


@click.command("coverage")
@json_option
@processes_option
def command(as_json: bool, processes: Path) -> None:
    """Показать, чем подтверждено каждое требование; код 1, если какое-то ничем."""
    files = read_folder(processes)
    demand_readable(files)
    diagrams = DiagramSet(hash_of(files), files)
    if not diagrams.requirements:
        raise click.ClickException(f"В {processes / 'requirements.csv'} нет ни одного требования; верните таблицу.")
    played = play_files(scenario_files([processes / "scenarios"]), files, processes)
    rows = [proof.as_dict() for proof in coverage(diagrams, bindings(), played)]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        _tell(rows)
    _tell_failed(played)
    sys.exit(0 if all(row["covered"] for row in rows) else 1)


def _tell(rows: Sequence[dict[str, Any]]) -> None:
    for row in rows:
        proven = ", ".join(Path(name).stem for name in row["scenarios"]) or "—"
        click.echo(
            f"{row['id']}  {'да ' if row['covered'] else 'НЕТ'}  {', '.join(row['elements']) or '—'}  [{proven}]"
        )
    for letter in sorted({row["id"][:1] for row in rows}):
        ours = [row for row in rows if row["id"].startswith(letter)]
        click.echo(f"{letter}: {sum(row['covered'] for row in ours)} из {len(ours)}")
    missing = [row["id"] for row in rows if not row["covered"]]
    click.echo(f"Подтверждено {len(rows) - len(missing)} из {len(rows)}.")
    if missing:
        click.echo(f"Не подтверждено ни одним пройденным сценарием: {', '.join(missing)}.")


def _tell_failed(played: Sequence[Played]) -> None:
    """Name on standard error what proved nothing because it did not come to its end."""
    for one in played:
        if one.failure is not None:
            click.echo(f"Не пройден {one.scenario}: {one.failure['step']}. Подробно: reglament play", err=True)
