"""`reglament check [PATH...] [--json]`: checks diagrams, forms, tables and their bindings."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from app.config import PROCESSES
from app.registry import bindings
from engine.check import check_paths, context_of
from engine.library import read_folder


@click.command("check")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Один документ JSON на стандартный вывод.")
def command(paths: Sequence[Path], as_json: bool) -> None:
    """Проверить PATH (файлы или папки; без PATH — поставляемые схемы); код 1, если есть ошибки."""
    wanted = list(paths) or [PROCESSES]
    folder = next((path for path in wanted if (path / "profile.toml").is_file()), PROCESSES)
    problems = check_paths(wanted, context_of(read_folder(folder), bindings()))
    if as_json:
        click.echo(json.dumps([problem.as_dict() for problem in problems], ensure_ascii=False, indent=2))
    else:
        for problem in problems:
            place = f"{problem.file}:{problem.line} {problem.element or '-'} {problem.severity} {problem.rule}"
            click.echo(f"{place} {problem.message} {problem.cure}")
    errors = sum(problem.severity == "error" for problem in problems)
    if not as_json:
        click.echo(f"{errors} ошибок, {len(problems) - errors} предупреждений", err=True)
    sys.exit(1 if errors else 0)
