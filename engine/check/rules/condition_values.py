"""A condition compares a choice with values that the form offers."""

from __future__ import annotations

from engine.check.domains import choices_at
from engine.check.registry import Report, flow_rule
from engine.check.whole import Place, nearest
from engine.conditions import ConditionError, parse
from engine.diagram import Flow
from engine.messages import N_


@flow_rule("condition-values")
def check(flow: Flow, place: Place, report: Report) -> None:
    """Refuse a literal that the form's list does not have."""
    source = place.source(flow)
    if flow.condition is None or source is None:
        return
    try:
        comparisons = parse(flow.condition).comparisons
    except ConditionError:
        return
    for comparison in comparisons:
        options = choices_at(place, source, comparison.path)
        if options is None:
            continue
        for value in comparison.values:
            if value is None or value in options:
                continue
            report(
                flow,
                N_("Значения «{value}» у «{path}» не бывает."),
                N_("Возьмите значение из формы: {options} (похоже на «{nearest}»)."),
                value=value,
                path=comparison.path,
                options=", ".join(map(str, options))[:120],
                nearest=nearest(str(value), map(str, options)),
            )
