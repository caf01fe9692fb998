"""Handlers that no diagram calls."""

from __future__ import annotations

from engine.check.registry import Report, set_rule
from engine.check.whole import Whole
from engine.messages import N_


@set_rule("handler-orphan", "warning")
def check(whole: Whole, report: Report) -> None:
    """Warn of handlers that are left over."""
    if not whole.is_complete:
        return
    nodes = [node for place in whole.all_places for node in place.process.nodes]
    used = {node.operator.name for node in nodes if node.operator} | {node.properties.get("guard") for node in nodes}
    for name, handler in sorted(whole.context.signatures.items()):
        if name in used:
            continue
        report.within(f"handlers/{name.rpartition('.')[0]}.py").at(
            name,
            0,
            N_("Обработчик «{handler}» не вызывает ни одна схема."),
            N_("Назовите его в схеме или удалите."),
            handler=handler.name,
        )
