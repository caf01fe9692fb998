"""Scenarios speak of processes and tasks that the set has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.check.registry import Report, set_rule
from engine.check.whole import ScenarioFile, Whole, nearest
from engine.messages import N_


@set_rule("scenario-names")
def check(whole: Whole, report: Report) -> None:
    """Refuse unknown processes and tasks; needs the diagrams beside the scenarios."""
    if not whole.is_complete:
        return
    tasks = {node.id for place in whole.all_places for node in place.process.nodes if node.kind == "userTask"}
    for scenario in whole.scenarios:
        for kind, name in _names(scenario):
            known = whole.places.keys() if kind == "process" else tasks
            if name in known:
                continue
            report.within(scenario.path).at(
                name,
                scenario.line_of(name),
                N_("В сценарии назван «{name}», а такого процесса или задачи нет."),
                N_("Исправьте имя (похоже на «{nearest}»)."),
                name=name,
                nearest=nearest(name, known),
            )


def _names(scenario: ScenarioFile) -> Iterator[tuple[str, str]]:
    yield "process", str(scenario.found.get("process", ""))
    steps: Any = scenario.found.get("steps")
    for step in steps if isinstance(steps, list) else ():
        if not isinstance(step, Mapping):
            continue
        if isinstance(step.get("task"), str):
            yield "task", step["task"]
        expect = step.get("expect")
        waiting = expect.get("waiting") if isinstance(expect, Mapping) else None
        yield from (("task", one) for one in (waiting if isinstance(waiting, list) else ()) if isinstance(one, str))
