"""`reglament check [PATH...] [--json]`: checks diagrams, forms, tables and their bindings."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from app.checked import check_all
from app.options import PROCESSES, json_option
from engine.check import Problem


@click.command("check")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@json_option
def command(paths: Sequence[Path], as_json: bool) -> None:
    """Проверить PATH (файлы или папки; без PATH — поставляемые схемы); код 1, если есть ошибки."""
    problems = check_all(list(paths) or [PROCESSES])
    errors = sum(problem.severity == "error" for problem in problems)
    if as_json:
        click.echo(json.dumps([problem.as_dict() for problem in problems], ensure_ascii=False, indent=2))
    else:
        for problem in problems:
            click.echo(line_of(problem))
        click.echo(f"{errors} ошибок, {len(problems) - errors} предупреждений", err=True)
    sys.exit(1 if errors else 0)


def line_of(problem: Problem) -> str:
    """Return a problem as one line: `file:line element severity rule message cure`; `-` stands for no element."""
    place = f"{problem.file}:{problem.line} {problem.element or '-'} {problem.severity} {problem.rule}"
    return " ".join(f"{place} {problem.message} {problem.cure}".split("\n"))
