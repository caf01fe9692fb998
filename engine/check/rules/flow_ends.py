"""Flows whose ends are missing."""

from __future__ import annotations

from engine.check.registry import Report, flow_rule
from engine.check.whole import Place, nearest
from engine.diagram import Flow
from engine.messages import N_


@flow_rule("flow-ends")
def check(flow: Flow, place: Place, report: Report) -> None:
    """Demand that both ends are nodes of the process."""
    for name, end in (("sourceRef", flow.source), ("targetRef", flow.target)):
        if end in place.process.node:
            continue
        report(
            flow,
            N_("Поток ссылается на элемент «{end}» ({name}), которого в процессе нет."),
            N_("Проведите поток заново; похоже на «{nearest}»."),
            end=end,
            name=name,
            nearest=nearest(end, place.process.node),
        )
