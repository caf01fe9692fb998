"""`reglament bench [--json]`: measures the program on this machine."""

from __future__ import annotations

import json

import click

from app.bench.report import QUICK, Size, lines, run


@click.command("bench")
@click.option("--json", "as_json", is_flag=True, help="Один документ JSON на стандартный вывод.")
@click.option("--quick", is_flag=True, help="Только проверить, что всё измеряется; числа при этом ничего не значат.")
def command(as_json: bool, quick: bool) -> None:
    """Измерить скорость на этой машине, рядом с голой библиотекой; занимает минуты."""
    figures, remarks = run(QUICK if quick else Size())
    if as_json:
        click.echo(json.dumps(figures, ensure_ascii=False, indent=2))
        return
    for line in lines(figures, remarks):
        click.echo(line)
