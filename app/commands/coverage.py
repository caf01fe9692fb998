"""`reglament coverage [--json]`: plays all scenarios and prints what proves each requirement."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from app.commands.serve import processes_option
from app.coverage import coverage
from app.play.files import play_files, scenario_files
from app.registry import bindings
from engine.library import DiagramSet, read_folder
from storage.sets import hash_of


@click.command("coverage")
@click.option("--json", "as_json", is_flag=True, help="Один документ JSON на стандартный вывод.")
@processes_option
def command(as_json: bool, processes: Path) -> None:
    """Показать, чем подтверждено каждое требование; код 1, если какое-то ничем."""
    files = read_folder(processes)
    played = play_files(scenario_files([processes / "scenarios"]), files, processes)
    proofs = coverage(DiagramSet(hash_of(files), files), bindings(), played)
    rows = [proof.as_dict() for proof in proofs]
    missing = [row for row in rows if not row["covered"]]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        for row in rows:
            proven = ", ".join(Path(name).stem for name in row["scenarios"]) or "—"
            click.echo(
                f"{row['id']}  {'да ' if row['covered'] else 'НЕТ'}  {', '.join(row['elements']) or '—'}  [{proven}]"
            )
        for letter in sorted({row["id"][0] for row in rows}):
            ours = [row for row in rows if row["id"].startswith(letter)]
            click.echo(f"{letter}: {sum(row['covered'] for row in ours)} из {len(ours)}")
        click.echo(f"Подтверждено {len(rows) - len(missing)} из {len(rows)}.")
    sys.exit(1 if missing else 0)
