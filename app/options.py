"""Options that several words of the command line share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from app.data_folder import ROOT

PROCESSES = ROOT / "processes"


def _own_or_global(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
    """`reglament --data DIR WORD` is the same as `reglament WORD --data DIR`; the word's own option wins."""
    return value or ctx.find_root().params.get("data")


data_option = click.option(
    "--data",
    metavar="DIR",
    callback=_own_or_global,
    help="Папка данных (по умолчанию $REGLAMENT_DATA или var/).",
)

json_option = click.option("--json", "as_json", is_flag=True, help="Один документ JSON на стандартный вывод.")

processes_option = click.option(
    "--processes",
    metavar="DIR",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=PROCESSES,
    help="Папка со схемами, по умолчанию те, что поставляются.",
)
