"""A condition reads what an earlier form or step has written."""

from __future__ import annotations

from engine.check.registry import Report, flow_rule
from engine.check.whole import Place, nearest
from engine.conditions import ConditionError, parse
from engine.diagram import Flow
from engine.messages import N_


@flow_rule("condition-names")
def check(flow: Flow, place: Place, report: Report) -> None:
    """Refuse names that nobody before can have written."""
    source = place.source(flow)
    if flow.condition is None or source is None or source.kind not in ("exclusiveGateway", "inclusiveGateway"):
        return
    try:
        names = parse(flow.condition).names()
    except ConditionError:
        return
    for name in sorted(names):
        if place.whole.written.is_known(place, source, name):
            continue
        similar = nearest(name, place.whole.written.suggestions())
        cure = (
            N_("Добавьте форму или служебную задачу раньше: имя верное, но путь сюда идёт мимо неё.")
            if similar == name
            else N_("Проверьте имя (похоже на «{nearest}») или добавьте форму либо служебную задачу раньше.")
        )
        report(flow, N_("«{name}» до этого места никто не записывает."), cure, name=name, nearest=similar)
