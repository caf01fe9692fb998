"""What the profile sends to the state system must be made by some handler, or nothing would ever be sent."""

from __future__ import annotations

import tomllib
from pathlib import PurePosixPath

from engine.check.registry import Report, set_rule
from engine.check.rules.profile_shape import line_of
from engine.check.whole import Whole, nearest
from engine.messages import N_

WHAT = {
    "kinds": N_("Документа вида «{name}» не составляет ни один обработчик: такого пакета не будет."),
    "journals": N_("В журнал «{name}» не пишет ни один обработчик: такого пакета не будет."),
}


@set_rule("exchange-named")
def check(whole: Whole, report: Report) -> None:
    """Refuse kinds of documents and journals in [exchange] that no handler names; without handlers nothing is known."""
    known = whole.context.named
    if not whole.context.signatures:
        return
    for path, data in whole.files.items():
        if PurePosixPath(path).name != "profile.toml":
            continue
        try:
            text = data.decode()
            exchange = tomllib.loads(text).get("exchange", {})
        except (ValueError, RecursionError):
            continue  # said when the file was read
        for table, template in WHAT.items():
            listed = exchange.get(table, {}) if isinstance(exchange, dict) else {}
            for name in listed if isinstance(listed, dict) else ():
                if not known.holds(name):
                    report.within(path).at(
                        f"exchange.{table}.{name}",
                        _line(text, table, name),
                        template,
                        N_("Исправьте имя (похоже на «{nearest}») или уберите запись из [exchange]."),
                        name=name,
                        nearest=nearest(name, known.words),
                    )


def _line(text: str, table: str, name: str) -> int:
    """Return the line of a record: its own table, or a line of the table around it."""
    own = [number for number, line in enumerate(text.split("\n"), 1) if line.split("=")[0].strip().strip('"') == name]
    begins = line_of(text, ["exchange", table])
    return next((number for number in own if number > begins), line_of(text, ["exchange", table, name]))
